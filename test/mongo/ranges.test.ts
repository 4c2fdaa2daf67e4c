import fc from 'fast-check';
import { MongoClient } from 'mongodb';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CycleRange, CycleStore } from '../../src/history/cycle-store.js';
import type { CycleDocument } from '../../src/mongo/cycle.model.js';
import { BLOCK_TURNS, ObservedBlocks } from '../../src/mongo/observed-blocks.js';
import { START } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import {
  definition,
  documentsAt,
  keysOf,
  leapingTimes,
  STEP,
  timesOf,
  type Place,
} from '../support/ranges.js';

const database = useDatabase();

/** Beyond 10,000 the embedded engine's planner gives up trying plans out. */
const MANY = 14_000;
/** What may be looked at beyond what is returned: the edges of a range, and the newest turns. */
const FEW_KEYS = 6 * BLOCK_TURNS;

const clients: MongoClient[] = [];

async function openWith(times: readonly number[], name: string): Promise<Place> {
  const { cycles } = await database.open(name);
  const client = await MongoClient.connect(database.engine.uri);
  clients.push(client);
  const collection = client.db(name).collection<CycleDocument>('cycle_matrices');
  if (times.length > 0) await collection.insertMany(documentsAt(times), { ordered: false });
  return { cycles, collection, client };
}

const turnsOf = async (cycles: CycleStore, range: CycleRange): Promise<number[]> =>
  (await cycles.range(range)).map(({ turn }) => turn);

/** A range over so many turns whose ends are times of cycles, or near them. */
function ranges(times: readonly number[]): fc.Arbitrary<CycleRange> {
  const turn = fc.integer({ min: 0, max: times.length + 1 });
  const time = fc
    .tuple(fc.integer({ min: 0, max: times.length - 1 }), fc.integer({ min: -1, max: 1 }))
    .map(([n, more]) => (times[n] as number) + more);
  return fc.record(
    {
      from: time,
      to: time,
      afterTurn: turn,
      beforeTurn: turn,
      order: fc.constantFrom('NEWEST_FIRST' as const, 'OLDEST_FIRST' as const),
      limit: fc.integer({ min: 1, max: 101 }),
    },
    { requiredKeys: ['order', 'limit'] },
  );
}

describe('a range of many cycles', () => {
  const times = Array.from({ length: MANY }, (_, n) => START + n * STEP);
  let place: Place;

  beforeAll(async () => {
    place = await openWith(times, `many_${process.pid}`);
    // What the engine is built without must not be needed, whatever it was told at its start.
    await place.client.db('admin').command({ setParameter: 1, internalQueryPlanRanker: 'mixed' });
    return async () => {
      await place.client
        .db('admin')
        .command({ setParameter: 1, internalQueryPlanRanker: 'multiPlanning' });
      await Promise.all(clients.map((client) => client.close()));
    };
  });

  it('is what its definition says, wherever it lies', async () => {
    await fc.assert(
      fc.asyncProperty(ranges(times), async (range) => {
        expect(await turnsOf(place.cycles, range)).toEqual(definition(times, range));
      }),
      { numRuns: 60 },
    );
  });

  it('takes about as many keys as cycles are returned', async () => {
    const order = 'NEWEST_FIRST' as const;
    // Each turn is looked at once before.
    await place.cycles.range({ from: START, order, limit: 1 });
    for (const at of [0, 0.2, 0.5, 0.9]) {
      const from = times[Math.floor(MANY * at)] as number;
      for (const range of [
        { from, to: from + 50 * STEP, order, limit: 101 },
        { from, order: 'OLDEST_FIRST' as const, limit: 21 },
        { to: from, order, limit: 21 },
      ]) {
        const before = await keysOf(place);
        const found = await place.cycles.range(range);
        const looked = (await keysOf(place)) - before;
        // A key and a document each.
        expect(looked).toBeLessThan(2 * found.length + FEW_KEYS);
      }
    }
  });

  it('goes on being right while turns are added, removed and put back otherwise', async () => {
    const { cycles, collection } = place;
    const order = 'NEWEST_FIRST' as const;
    const early = { from: START - 1_000 * STEP, to: START, order, limit: 9 };
    expect(await turnsOf(cycles, early)).toEqual([]);
    // A database that is set back to an earlier state, and goes on in another way from there.
    await collection.deleteMany({ turn: { $gt: MANY - 1_000 } });
    expect(await turnsOf(cycles, early)).toEqual([]);
    const again = Array.from({ length: 2_000 }, (_, n) => START - 1_000 * STEP + n);
    await collection.insertMany(documentsAt(again, MANY - 999));
    expect(await turnsOf(cycles, { ...early, beforeTurn: MANY - 990 })).toEqual(
      Array.from({ length: 9 }, (_, n) => MANY - 991 - n),
    );
  });
});

describe('a range over times that leap', () => {
  it('is what its definition says', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        leapingTimes.chain((times) =>
          fc.tuple(fc.constant(times), fc.array(ranges(times), { minLength: 4, maxLength: 12 })),
        ),
        async ([times, asked]) => {
          const { cycles } = await openWith(times, `leap_${process.pid}_${++run}`);
          for (const range of asked) {
            expect(await turnsOf(cycles, range)).toEqual(definition(times, range));
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('is told apart by blocks of turns alone just as well', async () => {
    await fc.assert(
      fc.asyncProperty(leapingTimes, fc.nat(), fc.nat(), async (times, a, b) => {
        const [from = 0, to = 0] = [a, b].map((n) => times[n % times.length]);
        let stored = 0;
        const cycle = (turn: number) => ({ turn, id: String(turn) });
        const blocks = new ObservedBlocks({
          oldest: () => Promise.resolve(cycle(1)),
          newest: (before = Infinity) => Promise.resolve(cycle(Math.min(stored, before - 1))),
          at: (turn) => Promise.resolve(cycle(turn)),
          times: (asked) => Promise.resolve(timesOf(times, asked)),
          sealed: () => Promise.resolve([]),
        });
        for (stored = 0; stored <= times.length; stored += 100) {
          const candidates = await blocks.candidates(from, to);
          const missed = definition(times.slice(0, stored), {
            from,
            to,
            order: 'OLDEST_FIRST',
            limit: Infinity,
          }).filter((turn) => !candidates.some(({ first, last }) => turn >= first && turn <= last));
          expect(missed).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
