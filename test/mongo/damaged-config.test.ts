import fc from 'fast-check';
import { BSON, MongoClient, type Collection, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../src/domain/strategy.js';
import { unreadableCycle } from '../../src/mongo/cycle-reading.js';
import type { OpenDatabase } from '../../src/open-database.js';
import { parsed, parsedAnyhow } from '../../src/mongo/raw-documents.js';
import { chain } from '../support/cycles.js';
import { damage } from '../support/damage.js';
import { useDatabase } from '../support/database.js';
import { until } from '../support/until.js';

const UNCHECKED = { bypassDocumentValidation: true };
const SETTINGS = defaultSettings(['USDT', 'BTC']);
const ORIGIN = { exchange: 'BINANCE', source: 'https://api.example', account: 'ACCOUNT' };
const REQUEST = { durationMs: 1, isGone: () => false, mayTakeOverdue: true };
/** How much of a lease's time is waited for. */
const AWAITED_MS = 10_000;
/** A lease that is to last longer counts as damaged. */
const BELIEVED_MS = 10 * 60_000;
/** Turns 1 to 5 are stored; 6 and 7 were pushed and dropped. */
const STORED = 5;
const USED = 7;

const database = useDatabase();
let client: MongoClient;
beforeAll(async () => {
  client = await MongoClient.connect(database.engine.uri);
});
afterAll(() => client.close());

/** A database with something in each document of `config`. */
async function filled(name: string): Promise<Collection<Document>> {
  const opened = await database.open(name);
  const { cycles, controlStore, lease, exchangeLimits } = opened;
  await cycles.saveAll(chain(STORED));
  let { strategy } = await controlStore.control(SETTINGS);
  for (const expectedImprint of [2, 3]) {
    strategy = (await controlStore.add(strategy, { ...SETTINGS, expectedImprint })) ?? strategy;
  }
  await controlStore.markDropped(USED);
  await controlStore.markVisibleFrom(2);
  await controlStore.markCacheReset();
  await lease.take('another', REQUEST);
  const silence = { id: 'one', leftMs: 60_000, code: 'EXCHANGE_BANNED', message: 'no' } as const;
  await exchangeLimits.publish(silence);
  await exchangeLimits.reserve(40, 7);
  await opened.claim(ORIGIN);
  await opened.close();
  return client.db(name).collection('config');
}

/** What an instance that starts on the database finds, and what it says of it. */
async function found(name: string, look: (opened: OpenDatabase) => Promise<void>) {
  const opened = await database.open(name);
  try {
    await look(opened);
  } finally {
    await opened.close();
  }
}

/** Does all kinds of harm to one document, and looks each time; it keeps its id. */
async function whateverHappensTo(
  id: string,
  name: string,
  look: (opened: OpenDatabase, changed: Document) => Promise<void>,
): Promise<void> {
  const config = await filled(name);
  const originals = await config.find().toArray();
  const { _id, ...original } = originals.find((each) => String(each['_id']) === id) ?? {};
  await fc.assert(
    fc.asyncProperty(damage, async ({ apply }) => {
      await config.deleteMany({});
      let changed: Document;
      try {
        changed = { ...apply(original), _id };
        await config.insertMany(
          [...originals.filter((each) => String(each['_id']) !== id), changed],
          UNCHECKED,
        );
      } catch {
        // No document any more.
        return;
      }
      await found(name, (opened) => look(opened, changed));
    }),
    { numRuns: 60 },
  );
}

/** The number that the next turn gets. */
async function nextTurn({ controlStore, cycles }: OpenDatabase): Promise<number> {
  const control = await controlStore.control(SETTINGS);
  cycles.hideBefore(control.visibleFrom);
  const latest = await cycles.latest();
  expect(latest?.turn).toBe(STORED);
  return Math.max(latest?.turn ?? 0, control.purgedThrough, control.droppedThrough) + 1;
}

const isCount = (value: unknown): boolean =>
  value === undefined || (Number.isInteger(value) && (value as number) >= 0);

describe('a damaged document of config', () => {
  it('with the newest settings costs that version alone: it is named, and its number not used again', async () => {
    await whateverHappensTo(
      'strategy/3',
      'config_strategy',
      async ({ controlStore, damage: said }) => {
        const { strategy } = await controlStore.control(SETTINGS);
        expect([2, 3]).toContain(strategy.version);
        if (strategy.version === 2) {
          expect(strategy.expectedImprint).toBe(2);
          expect(said.warnings.join()).toMatch(
            /strategy\/3 cannot be read: version 2 is the newest/,
          );
        }
        expect((await controlStore.versionsAfter(2)).length).toBe(strategy.version - 2);
        const added = await controlStore.add(strategy, { ...SETTINGS, expectedImprint: 4 });
        expect(added).toMatchObject({ version: 4, expectedImprint: 4 });
        expect((await controlStore.control(SETTINGS)).strategy).toEqual(added);
      },
    );
  });

  it('with the turns leads to no number that was used, and to none far off', async () => {
    await whateverHappensTo('turns', 'config_turns', async (opened, changed) => {
      const next = await nextTurn(opened);
      expect(next).toBeLessThan(2_000_000);
      const { purgedThrough, droppedThrough, visibleFrom } = BSON.deserialize(
        BSON.serialize(changed),
      );
      const isPlain = [purgedThrough, droppedThrough, visibleFrom].every(isCount);
      // One whole number in the place of another can be told only where it cannot be.
      if (!isPlain) {
        expect(opened.damage.warnings.join()).toMatch(/turns in the collection config/);
        expect(next).toBeGreaterThan(isCount(droppedThrough) ? STORED : USED);
      }
      // A mark that is set afterwards holds.
      await opened.controlStore.markPurged(next);
      await opened.controlStore.markDropped(next + 1);
      await opened.controlStore.markCacheReset();
      await found('config_turns', async ({ controlStore, damage: said }) => {
        const control = await controlStore.control(SETTINGS);
        expect(control.purgedThrough).toBeGreaterThanOrEqual(next);
        expect(control.droppedThrough).toBeGreaterThanOrEqual(next + 1);
        expect(said.warnings).toEqual([]);
      });
    });
  });

  it('with the turns is not guessed at where no cycle is stored: it says what to do', async () => {
    const config = await filled('config_turns_lost');
    await client.db('config_turns_lost').collection('cycle_matrices').deleteMany({});
    await config.updateOne({ _id: 'turns' as never }, { $set: { purgedThrough: 'x' } }, UNCHECKED);
    await found('config_turns_lost', async (opened) => {
      await expect(opened.controlStore.control(SETTINGS)).rejects.toThrow(
        /Set it to the last turn/,
      );
    });
  });

  it('with the lease is taken over', async () => {
    await whateverHappensTo('lease', 'config_lease', async ({ lease }, { expiresAt }) => {
      // One that was put off has what is left of its time then, as a flipped bit may make it.
      const leftMs = expiresAt instanceof Date ? expiresAt.getTime() - Date.now() : 0;
      if (leftMs > AWAITED_MS && leftMs <= BELIEVED_MS) {
        expect(await lease.take('we', REQUEST)).toMatchObject({ state: 'HELD' });
        return;
      }
      // So has a holder by another name.
      const taken = await until(
        'the lease to be taken over',
        () => lease.take('we', REQUEST),
        ({ state }) => state === 'OURS',
      );
      expect(taken).toMatchObject({ state: 'OURS', isNew: true });
    });
  });

  it.each([
    ['holder', 5],
    ['expiresAt', 'for ever'],
    ['expiresAt', new Date('9999-01-01')],
  ])('with the lease is named where its %s is %s', async (field, value) => {
    const name = `config_lease_${field}_${typeof value}`;
    const config = await filled(name);
    await config.updateOne(
      { _id: 'lease' as never },
      { $set: { expiresAt: new Date(Date.now() + 60_000), isAlone: true, [field]: value } },
    );
    await found(name, async ({ lease, damage: said }) => {
      const request = { ...REQUEST, mayTakeOverdue: false };
      expect((await lease.take('we', request)).state).toBe('OURS');
      expect(said.warnings.join()).toMatch(/lease in the collection config/);
    });
  });

  it('with the limits of the exchange keeps nobody from calling it, nor for longer than it bans', async () => {
    await whateverHappensTo('exchange', 'config_exchange', async ({ exchangeLimits }) => {
      const { silence } = await exchangeLimits.reserve(40, 7);
      expect(silence?.leftMs ?? 0).toBeLessThanOrEqual(3 * 86_400_000);
      const longer = { id: 'x', leftMs: 4 * 86_400_000, code: 'EXCHANGE_BANNED', message: 'm' };
      await exchangeLimits.publish(longer as never);
      expect((await exchangeLimits.reserve(40, 8)).silence).toMatchObject({ id: 'x' });
      expect((await exchangeLimits.reserve(2, 8)).usedWeight).toBe(42);
    });
  });

  it('with the origin is as ever, or refuses the start in words', async () => {
    await whateverHappensTo('origin', 'config_origin', async (opened) => {
      await opened.origin();
      const refusal = await opened.claim(ORIGIN).then(
        () => null,
        (error: unknown) => error as Error,
      );
      if (refusal)
        expect(refusal.message).toMatch(/^DATABASE_NAME: .* (holds cycles|cannot be read)/);
    });
  });
});

describe('a document with text that is no UTF-8', () => {
  it('cannot be read for itself alone, and still says which one it is', () => {
    const bytes = BSON.serialize({ _id: 'x', turn: 3, exchange: 'BINANC\u00c9' });
    expect(parsed(bytes)).toMatchObject({ turn: 3 });
    bytes[bytes.lastIndexOf(0xc3)] = 0xff;
    expect(parsed(bytes)).toBeNull();
    const cycle = unreadableCycle(parsedAnyhow(bytes), 'it holds text that is not UTF-8');
    expect(cycle).toMatchObject({ name: 'UnreadableCycle', turn: 3 });
  });
});
