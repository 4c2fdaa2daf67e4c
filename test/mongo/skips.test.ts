import { MongoClient, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import type { SkipRun, SkipStore } from '../../src/history/skip-store.js';
import { purgeCycles } from '../../src/cluster/maintenance.js';
import { Retention } from '../../src/cluster/retention.js';
import { connectDatabase } from '../../src/mongo/connect.js';
import { MongoSkipStore } from '../../src/mongo/skip-store.js';
import { chain, START } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';

const database = useDatabase();
let client: MongoClient;
beforeAll(async () => {
  client = await MongoClient.connect(database.engine.uri);
});
afterAll(() => client.close());

const documentsOf = (name: string) => client.db(name).collection<Document>('skipped_turns');

async function opened(name: string) {
  const open = await database.open(name);
  const connected = await connectDatabase({
    ...{ uri: database.engine.uri, name, kind: 'EMBEDDED' },
    setUp: () => Promise.resolve(),
    mayBeAway: () => false,
  });
  const store: SkipStore = new MongoSkipStore(connected);
  return { ...open, store, documents: documentsOf(name), close: () => connected.close() };
}

const run = (afterTurn: number, count = 1): SkipRun => ({
  id: `run ${afterTurn}`,
  from: START + afterTurn * 1_000,
  to: START + afterTurn * 1_000 + count * 100,
  afterTurn,
  code: 'EXCHANGE_TIMEOUT',
  message: 'no answer in time',
  count,
});

describe('stored skips', () => {
  it('are extended in place; the same again, and what comes late, takes nothing from them', async () => {
    const { store, documents, close } = await opened('skips_extended');
    await store.save([run(3, 2), run(1)]);
    await store.save([run(3, 5)]);
    await store.save([run(3, 4), run(1)]);
    expect(await store.following(0, 9)).toEqual([run(1), run(3, 5)]);
    expect(await store.following(2, 2)).toEqual([]);
    expect(await documents.countDocuments()).toBe(2);
    await close();
  });

  it('can be read in a Mongo shell, and one that was damaged costs only itself', async () => {
    const { store, documents, close } = await opened('skips_damaged');
    await store.save([run(1), run(2), run(3)]);
    expect(await documents.findOne({ afterTurn: 2 })).toEqual({
      _id: 'run 2',
      from: new Date(START + 2_000),
      to: new Date(START + 2_100),
      afterTurn: 2,
      code: 'EXCHANGE_TIMEOUT',
      message: 'no answer in time',
      count: 1,
    });
    const unchecked = { bypassDocumentValidation: true };
    await documents.updateOne({ afterTurn: 2 }, { $set: { from: 'once' } }, unchecked);
    expect(await store.following(0, 9)).toEqual([run(1), run(3)]);
    await close();
  });

  it.each<[string, Document]>([
    ['a count of none', { count: 0 }],
    ['half a turn', { afterTurn: 1.5 }],
    ['a time that is text', { to: 'then' }],
    ['no reason', { code: null }],
  ])('are not taken with %s', async (words, change) => {
    const name = `skips_${words.replace(/\W/g, '_')}`;
    const { documents, close } = await opened(name);
    const document = { ...run(1), from: new Date(), to: new Date() };
    await documents.insertOne({ ...document, _id: 'whole' as never });
    const inserted = documents.insertOne({ ...document, ...change, _id: 'other' as never });
    await expect(inserted).rejects.toMatchObject({ code: 121 });
    await close();
  });

  it('go with the cycles that they followed: in a purge all of them', async () => {
    const { store, close, ...open } = await opened('skips_purged');
    await open.cycles.saveAll(chain(4));
    await store.save([run(0), run(2), run(4)]);
    await purgeCycles(open);
    expect(await store.following(0, 9)).toEqual([]);
    await close();
  });

  it('go with the cycles that they followed: with age those before the oldest that is shown', async () => {
    const { store, close, ...open } = await opened('skips_retained');
    const DAY = 86_400_000;
    const cycles = chain(6).map((cycle): Cycle => {
      const observedAt = START + cycle.turn * DAY;
      return { ...cycle, frame: { ...cycle.frame, observedAt } };
    });
    await open.cycles.saveAll(cycles);
    await store.save([run(1), run(2), run(3), run(4), run(6)]);
    const retention = new Retention({
      ...open,
      lease: { isHeld: true },
      witnesses: { ask: () => Promise.resolve({ now: START + 6 * DAY + 1 }) },
      log: keptLogger(),
      days: 3,
      isReplay: false,
    });
    // Turn 4 is the oldest that is shown, and turn 3 stays, hidden.
    expect(await retention.run(0)).toBe(2);
    expect((await store.following(0, 9)).map(({ afterTurn }) => afterTurn)).toEqual([4, 6]);
    await close();
  });
});
