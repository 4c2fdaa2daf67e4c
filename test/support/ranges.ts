import fc from 'fast-check';
import type { MongoClient } from 'mongodb';
import { ObjectId, type Collection } from 'mongodb';
import type { CycleRange, CycleStore } from '../../src/history/cycle-store.js';
import type { CycleDocument } from '../../src/mongo/cycle.model.js';
import { toDocument } from '../../src/mongo/cycle-mapping.js';
import {
  BLOCK_TURNS,
  type BlockTimes,
  type TurnInterval,
} from '../../src/mongo/observed-blocks.js';
import { chain, START } from './cycles.js';

export const STEP = 8_000;

const [pattern] = chain(1).map(toDocument);

/** Documents of turns from `first` on, observed at the given times. */
export function documentsAt(times: readonly number[], first = 1): CycleDocument[] {
  return times.map((time, n) => ({
    ...(pattern as CycleDocument),
    _id: new ObjectId(),
    turn: first + n,
    observedAt: new Date(time),
  }));
}

export interface Place {
  readonly cycles: CycleStore;
  readonly collection: Collection<CycleDocument>;
  readonly client: MongoClient;
}

/** How many keys of indexes the engine has looked at. */
export async function keysOf({ client }: Pick<Place, 'client'>): Promise<number> {
  const { metrics } = (await client.db('admin').command({ serverStatus: 1 })) as {
    metrics: { queryExecutor: { scanned: number; scannedObjects: number } };
  };
  const { scanned, scannedObjects } = metrics.queryExecutor;
  return Number(scanned) + Number(scannedObjects);
}

/** What a range is by its definition. */
export function definition(times: readonly number[], range: CycleRange): number[] {
  const { afterTurn = 0, beforeTurn = Infinity, from = -Infinity, to = Infinity } = range;
  const turns = times
    .map((time, n) => ({ time, turn: n + 1 }))
    .filter(({ time, turn }) => time >= from && time < to && turn > afterTurn && turn < beforeTurn)
    .map(({ turn }) => turn);
  if (range.order === 'NEWEST_FIRST') turns.reverse();
  return turns.slice(0, range.limit);
}

/** Times that mostly grow by a step; now and then a clock is set, or a recording begins again. */
export const leapingTimes = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ turns: fc.integer({ min: 1, max: 150 }), leap: fc.constant(0) }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          turns: fc.integer({ min: 1, max: 90 }),
          leap: fc.integer({ min: -400, max: 200 }),
        }),
      },
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((runs) => {
    let time = START;
    return runs.flatMap(({ turns, leap }) => {
      time += leap * STEP;
      return Array.from({ length: turns }, () => (time += STEP));
    });
  });

/** When the turns of each block were observed that are asked for, and stored. */
export function timesOf(
  times: readonly number[],
  { first, last }: TurnInterval,
  isStored: (turn: number) => boolean = () => true,
): BlockTimes[] {
  const found: BlockTimes[] = [];
  for (let block = Math.floor(first / BLOCK_TURNS); block * BLOCK_TURNS <= last; block++) {
    const of = times.filter((_, n) => {
      const turn = n + 1;
      const isAsked = turn >= first && turn <= last && isStored(turn);
      return isAsked && Math.floor(turn / BLOCK_TURNS) === block;
    });
    if (of.length === 0) continue;
    found.push({ block, earliest: Math.min(...of), latest: Math.max(...of), turns: of.length });
  }
  return found;
}
