import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { GraphQLSchema } from 'graphql';
import { BSON, MongoClient, type Collection, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { createSchema } from '../../src/graphql/schema.js';
import type { CycleStore } from '../../src/history/cycle-store.js';
import { isReadable } from '../../src/history/stored-cycle.js';
import { chain } from '../support/cycles.js';
import { damage } from '../support/damage.js';
import { useDatabase } from '../support/database.js';
import { answersOf, type StoredAnswers } from '../support/stored-answers.js';

const TURNS = 6;
const UNIVERSE = ['USDT', 'BTC', 'ETH'];
/** Writes what no program of ours would. */
const UNCHECKED = { bypassDocumentValidation: true };

const database = useDatabase();
let schema: GraphQLSchema;
let client: MongoClient;

beforeAll(async () => {
  schema = await createSchema();
  client = await MongoClient.connect(database.engine.uri);
});
afterAll(() => client.close());

/** Stored cycles, and a way round everything to their documents. */
async function stored(
  name: string,
  saved: readonly Cycle[] = chain(TURNS),
): Promise<{ cycles: CycleStore; documents: Collection }> {
  const { cycles } = await database.open(name);
  await cycles.saveAll(saved);
  return { cycles, documents: client.db(name).collection('cycle_matrices') };
}

async function documentOf(documents: Collection, turn: number): Promise<Document> {
  const found = await documents.findOne({ turn });
  if (!found) throw new Error(`turn ${turn} is not stored`);
  return found;
}

async function putBack(documents: Collection, original: Document): Promise<void> {
  const { turn } = original as { turn: number };
  await documents.deleteMany({ turn: { $nin: others(turn) } });
  await documents.insertOne(original, UNCHECKED);
}

/** A document in the place of another, whatever its id is. */
async function put(documents: Collection, original: Document, changed: Document): Promise<void> {
  await documents.deleteOne({ _id: original['_id'] as never });
  await documents.insertOne(changed, UNCHECKED);
}

const others = (turn: number): number[] =>
  Array.from({ length: TURNS }, (_, at) => at + 1).filter((each) => each !== turn);

/** Everything that was said of the others is said of them still. */
function expectOthersAsBefore(now: StoredAnswers, before: StoredAnswers, turn: number): void {
  for (const other of others(turn)) {
    expect(now.own.get(other)).toBe(before.own.get(other));
    if (other !== turn + 1) expect(now.compared.get(other)).toBe(before.compared.get(other));
  }
}

describe('a damaged document', () => {
  it('is named and costs only itself, whatever has happened to it', async () => {
    const { cycles, documents } = await stored('damage_any');
    const before = await answersOf(schema, cycles, UNIVERSE);
    expect([before.own.size, before.errors]).toEqual([TURNS, []]);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: TURNS }),
        damage,
        async (turn, { apply, isHarmless }) => {
          const original = await documentOf(documents, turn);
          let changed: Document;
          try {
            changed = apply(original);
            await put(documents, original, changed);
          } catch {
            // No document any more, or one that the database itself refuses.
            await putBack(documents, original);
            return;
          }
          try {
            const now = await answersOf(schema, cycles, UNIVERSE);
            expectOthersAsBefore(now, before, turn);
            if (now.own.has(turn)) {
              expect(now.own.get(turn)).toBe(before.own.get(turn));
              expect(now).toEqual(before);
            } else {
              expect(isHarmless).toBe(false);
              const named = turnIn(changed);
              const page = now.errors.filter(({ path }) => /^cycles\.nodes\.\d+$/.test(path));
              expect(page).toEqual(
                named === null
                  ? []
                  : [{ path: expect.any(String) as string, code: 'CYCLE_UNREADABLE', turn: named }],
              );
              expect(now.nulls).toBe(page.length);
              // Whoever follows gets past it.
              const seen = now.followed.map(([each]) => each);
              expect(seen).toEqual(expect.arrayContaining(others(turn)));
              for (const [each, kind] of now.followed) {
                if (others(turn).includes(each)) expect(kind).toBe('Cycle');
                else expect(kind).toBe(each === named ? 'UnreadableCycle' : 'MissingCycle');
              }
            }
          } finally {
            await putBack(documents, original);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([
    [
      'one digit of a price',
      { $set: { 'tickers.BTC/USDT': '61001 60000 60993.9 61006.1 12345.678 1500' } },
    ],
    [
      'a price that is no number',
      { $set: { 'tickers.BTC/USDT': 'NaN 60000 60993.9 61006.1 12345.678 1500' } },
    ],
    [
      'a negative price',
      { $set: { 'tickers.BTC/USDT': '-5 60000 60993.9 61006.1 12345.678 1500' } },
    ],
    ['an unknown formula', { $set: { formulaVersion: 99 } }],
    ['an unknown schema', { $set: { schemaVersion: 99 } }],
    ['one quant', { $set: { 'quants.0': 0.5 } }],
    ['one balance', { $set: { 'balances.0': 'BTC 0.11 0' } }],
    ['the settings', { $set: { 'config.mode': 'MOMENTUM' } }],
    ['one asset more', { $set: { universe: 'USDT,BTC,ETH,EUR' } }],
    ['one pair less', { $unset: { 'tickers.ETH/BTC': '' } }],
  ])('is no cycle where it was changed in %s, and says so', async (_words, change) => {
    const name = `damage_${createHash('sha256').update(JSON.stringify(change)).digest('hex').slice(0, 8)}`;
    const { cycles, documents } = await stored(name);
    await documents.updateOne({ turn: 3 }, change, UNCHECKED);
    const [three] = await cycles.byTurns([3]);
    expect(three).toMatchObject({ name: 'UnreadableCycle', turn: 3 });
    const now = await answersOf(schema, cycles, UNIVERSE);
    expect([...now.errors].sort(byPath)).toEqual(
      [
        { path: 'cycles.nodes.3', code: 'CYCLE_UNREADABLE', turn: 3 },
        { path: 'cycles.nodes.2.msSincePreviousTurn', code: 'CYCLE_UNREADABLE', turn: 3 },
        { path: 'cycles.nodes.2.change', code: 'CYCLE_UNREADABLE', turn: 3 },
        { path: 'cycles.edges.3.node', code: 'CYCLE_UNREADABLE', turn: 3 },
      ].sort(byPath),
    );
  });

  it.each([
    ['text', 'x'],
    ['a fraction', TURNS - 0.5],
    ['huge', 1e12],
    ['negative', -3],
    ['null', null],
  ])(
    'whose turn became %s shortens no page, and its number is not used again',
    async (words, turn) => {
      const name = `damage_turn_${words.replace(' ', '_')}`;
      const { cycles, documents } = await stored(name);
      await documents.updateOne({ turn: TURNS }, { $set: { turn } }, UNCHECKED);
      const again = await database.open(name);
      const control = await again.controlStore.control(defaultSettings(UNIVERSE));
      expect(control.droppedThrough).toBe(TURNS);
      expect(again.damage.warnings.join()).toMatch(/do not say their turn: _id [0-9a-f]{24}/);
      expect(await cycles.span()).toEqual({ oldest: 1, latest: TURNS - 1 });
      for (const order of ['NEWEST_FIRST', 'OLDEST_FIRST'] as const) {
        const page = await cycles.range({ order, limit: TURNS - 1 });
        expect(page.map((cycle) => cycle.turn).sort()).toEqual([1, 2, 3, 4, 5]);
        const timed = await cycles.range({ order, limit: TURNS - 1, from: 0 });
        expect(timed.length).toBe(TURNS - 1);
      }
    },
  );

  it('that is gone is told to whoever has to pass it', async () => {
    const { cycles, documents } = await stored('damage_gone');
    await documents.deleteOne({ turn: 3 });
    const now = await answersOf(schema, cycles, UNIVERSE);
    expect(now.followed).toEqual([
      [1, 'Cycle'],
      [2, 'Cycle'],
      [3, 'MissingCycle'],
      [4, 'Cycle'],
      [5, 'Cycle'],
      [6, 'Cycle'],
    ]);
    expect(now.errors.map(({ code, turn }) => [code, turn])).toEqual([
      ['HISTORY_GONE', 3],
      ['HISTORY_GONE', 3],
    ]);
  });
});

describe('a document of version 0.1.0', () => {
  /** That version stored no interval. */
  const CYCLES = chain(TURNS).map((cycle) => ({ ...cycle, intervalMs: null }));

  /** As that version wrote it: no schemaVersion, and an id over the bytes in the order of writing. */
  function asWrittenThen({ _id, schemaVersion, ...content }: Document): Document {
    const id = Buffer.alloc(12);
    id.writeUInt32BE(Math.floor((content['completedAt'] as Date).getTime() / 1000));
    createHash('sha256').update(BSON.serialize(content)).digest().copy(id, 4);
    return { _id: new BSON.ObjectId(id), ...content };
  }

  it('counts as stored where the same cycle is to be stored again, another one does not', async () => {
    const { cycles, documents } = await stored('damage_old_again', CYCLES);
    const document = await documentOf(documents, TURNS);
    await put(documents, document, asWrittenThen(document));
    expect(await cycles.saveAll(chain(TURNS))).toBe(TURNS);
    const others = chain(TURNS).map((cycle) => ({ ...cycle, staleAfterMs: 1 }));
    expect(await cycles.saveAll(others.slice(-1))).toBe(0);
  });

  it('is read as ever, and told from one that was changed', async () => {
    const { cycles, documents } = await stored('damage_old', CYCLES);
    const before = await answersOf(schema, cycles, UNIVERSE);
    for (let turn = 1; turn <= TURNS; turn++) {
      const document = await documentOf(documents, turn);
      await put(documents, document, asWrittenThen(document));
    }
    expect(await answersOf(schema, cycles, UNIVERSE)).toEqual(before);
    await documents.updateOne({ turn: 2 }, { $set: { leadPrice: 5 } }, UNCHECKED);
    const [two] = await cycles.byTurns([2]);
    expect(two && isReadable(two)).toBe(false);
  });
});

function turnIn({ turn }: Document): number | null {
  const value =
    turn instanceof BSON.Double || turn instanceof BSON.Int32 ? turn.valueOf() : (turn as unknown);
  const isTurn =
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value < 2 ** 31;
  return isTurn ? value : null;
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1;
}
