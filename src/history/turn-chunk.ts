import type { Pair } from '../domain/asset.js';
import type { Cycle } from '../domain/cycle.js';
import type { PairColumns, TurnColumns } from '../domain/series/frame-columns.js';
import type { Pace } from '../scheduling/slices.js';

/** How many turns a chunk has at most. */
export const CHUNK_TURNS = 2_048;

/** What a stored cycle has beside its frame. */
export type TurnRecord = Omit<Cycle, 'frame'>;

/** What was read from the database. */
export interface ReadCost {
  /** Sealed blocks that anything was read of. */
  readonly blocks: number;
  /** Documents of cycles. */
  readonly documents: number;
  readonly bytes: number;
}

/** Nothing was read from it. */
export const FREE: ReadCost = { blocks: 0, documents: 0, bytes: 0 };

/** Whether all was at hand. */
export function isFree({ bytes }: ReadCost): boolean {
  return bytes === 0;
}

export function sumOf(one: ReadCost, other: ReadCost): ReadCost {
  return {
    blocks: one.blocks + other.blocks,
    documents: one.documents + other.documents,
    bytes: one.bytes + other.bytes,
  };
}

/**
 * Some consecutive stored turns, at most {@link CHUNK_TURNS}, oldest first. What is in it is loaded
 * when it is asked for. Every column is as long as `turns`; all of them may be shared, so that nobody
 * may write to them.
 */
export interface TurnChunk extends TurnColumns {
  /**
   * Every pair that the frame of any of the turns has, ordered by symbol; in the part of a block also
   * those of its other turns.
   */
  readonly listed: readonly Pair[];
  /** The columns of some pairs, in the order asked for, those that are not listed left out. */
  load(pairs: readonly Pair[], pace?: Pace): Promise<readonly PairColumns[]>;
  /** By index; null where the turn cannot be read. */
  records(pace?: Pace): Promise<readonly (TurnRecord | null)[]>;
  /** `intervalMs` of each, NaN for none, where that takes less than all records: see {@link intervalsOf}. */
  intervals?(pace?: Pace): Promise<Float64Array>;
  /** What was read for this chunk so far. */
  readonly cost: ReadCost;
}

/** The stored turns as columns, wherever they stand: in documents, sealed blocks, memory or the backlog. */
export interface TurnChunks {
  /**
   * Chunks of the stored turns from `first` to `last`, both included, in order.
   * @throws {DatabaseUnavailableError} while the database is away
   */
  chunks(first: number, last: number, pace?: Pace): AsyncIterable<TurnChunk>;
}

/** How far apart turns were to be, milliseconds; NaN where that is not known. */
export async function intervalsOf(chunk: TurnChunk, pace?: Pace): Promise<Float64Array> {
  if (chunk.intervals) return chunk.intervals(pace);
  const records = await chunk.records(pace);
  return Float64Array.from(records, (record) => record?.intervalMs ?? NaN);
}
