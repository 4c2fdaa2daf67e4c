import type { Cycle } from '../../domain/cycle.js';
import type { Pace } from '../../scheduling/slices.js';
import type { FullPairColumns } from '../chunk-builder.js';
import { cycleAt, partOf, RECORDS, UnpackedPair, unpackTurns, VOLUMES } from './block.js';
import type { OpenBlock } from './block-group.js';
import { BlockFault } from './bytes.js';
import type { BlockHead, BlockStore, Part } from './block-store.js';
import { unpackColumn } from './column.js';
import { unpackIds } from './ids.js';
import { columnOf, unpackRecords } from './records.js';
import { sound } from './whole-block.js';

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
  { entry, head }: OpenBlock,
  start: number,
  length: number,
  pace: Pace,
): Promise<TurnOfBlock[]> {
  const { block, name, turns: count } = entry;
  const read = async (parts: readonly string[]) => {
    const named = parts.map((part) => ({
      ...{ block, name, part },
      digest: head.parts.get(part)?.digest ?? '',
    }));
    return (await store.read(named)).map((part: Part | BlockFault) => sound(part).columns);
  };
  const cut = (column: Float64Array) => column.slice(start, start + length);
  const { turns, observedAt } = unpackTurns(head.columns, count);
  const [volumes = {}, columns = {}] = await read([VOLUMES, RECORDS]);
  const { ids: packed, ...others } = columns;
  if (packed === undefined) throw new BlockFault(`part ${RECORDS} has no ids`);
  const ids = unpackIds(packed, count);
  const records = (await unpackRecords(others, count, pace)).slice(start, start + length);
  const pairs: FullPairColumns[] = [];
  for (let first = 0; first < head.pairs.length; first += PAIRS_AT_ONCE) {
    const some = head.pairs.slice(first, first + PAIRS_AT_ONCE);
    const parts = await read(some.map((_, at) => partOf(first + at)));
    for (const [at, pair] of some.entries()) {
      if (pace.isSpent) await pace.next();
      const prices = new UnpackedPair(parts[at] ?? {}, count);
      const quoteVolume = unpackColumn(columnOf(volumes, partOf(first + at)), count);
      pairs.push({
        ...pair,
        last: cut(prices.column('last')),
        open: cut(prices.column('open')),
        bid: cut(prices.column('bid')),
        ask: cut(prices.column('ask')),
        lag: cut(prices.column('lag')),
        quoteVolume: cut(quoteVolume),
      });
    }
  }
  const window = { observedAt: cut(observedAt), records, pairs };
  return [...cut(turns)].map((turn, at) => ({
    turn,
    cycle: cycleAt(window, at),
    id: ids[start + at] as string,
  }));
}
