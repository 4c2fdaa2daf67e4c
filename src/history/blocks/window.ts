import type { Cycle } from '../../domain/cycle.js';
import type { Pace } from '../../scheduling/slices.js';
import type { FullPairColumns } from '../chunk-builder.js';
import {
  cycleAt,
  partOf,
  RECORDS,
  unpackPair,
  unpackTurns,
  VOLUMES,
  type Columns,
} from './block.js';
import type { BlockHead, BlockStore } from './block-store.js';
import { unpackIds } from './ids.js';
import { readParts, type OpenBlock } from './open-block.js';
import { columnOf, unpackRecords } from './records.js';

/** How many prices of how many turns are made into cycles at a time. */
const TICKERS_AT_ONCE = 8_192;
const MOST_TURNS = 128;
const FEWEST_TURNS = 8;
/** The parts of how many pairs are in memory at a time. */
const PAIRS_AT_ONCE = 64;

/** A turn of a block, its cycle made whole again; null where it could not be read when it was sealed. */
interface TurnOfBlock {
  readonly turn: number;
  readonly cycle: Cycle | null;
  readonly id: string;
}

/** How many cycles of a block are made at a time: all its columns are unpacked for any of them. */
export function windowOf({ pairs }: Pick<BlockHead, 'pairs'>): number {
  const turns = Math.floor(TICKERS_AT_ONCE / Math.max(1, pairs.length));
  return Math.max(FEWEST_TURNS, Math.min(MOST_TURNS, turns));
}

/**
 * Some neighbouring turns of a block with all that is in them. Of what is unpacked only they are kept.
 * @param start the place of the first one
 * @throws {BlockFault}
 */
export async function readWindow(
  store: Pick<BlockStore, 'read'>,
  open: OpenBlock,
  start: number,
  length: number,
  pace: Pace,
): Promise<TurnOfBlock[]> {
  const { head } = open;
  const count = open.entry.turns;
  const cut = (column: Float64Array) => column.slice(start, start + length);
  const { turns, observedAt } = unpackTurns(head.columns, count);
  const parts = await readParts(store, open, [VOLUMES, RECORDS]);
  const [volumes, columns] = parts as [Columns, Columns];
  const ids = unpackIds(columnOf(columns, 'ids'), count);
  const records = (await unpackRecords(columns, count, pace)).slice(start, start + length);
  const pairs: FullPairColumns[] = [];
  for (let first = 0; first < head.pairs.length; first += PAIRS_AT_ONCE) {
    const some = head.pairs.slice(first, first + PAIRS_AT_ONCE);
    const names = some.map((_, at) => partOf(first + at));
    const prices = await readParts(store, open, names);
    for (const [at, pair] of some.entries()) {
      if (pace.isSpent) await pace.next();
      const volume = columnOf(volumes, names[at] as string);
      pairs.push(unpackPair(pair, prices[at] as Columns, volume, count, cut));
    }
  }
  const window = { observedAt: cut(observedAt), records, pairs };
  return [...cut(turns)].map((turn, at) => ({
    turn,
    cycle: cycleAt(window, at),
    id: ids[start + at] as string,
  }));
}
