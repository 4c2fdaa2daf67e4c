import type { Pair, Universe } from '../asset.js';

/**
 * One listed pair over some turns, a column for each number of its ticker; NaN at a turn whose frame
 * does not have the pair.
 */
export interface PairColumns extends Pair {
  readonly last: Float64Array;
  readonly open: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  /** `observedAt` minus the end of the ticker's window, milliseconds. */
  readonly lag: Float64Array;
}

/** Frames of consecutive stored turns, oldest first; every column is as long as `turns`. */
export interface FrameColumns {
  readonly turns: Float64Array;
  /** Milliseconds since 1970. */
  readonly observedAt: Float64Array;
  /** The age from which a cell counts as stale, milliseconds. */
  readonly staleAfterMs: Float64Array;
  /** By index; the same object for as long as the universe stays the same. Null where the turn cannot be read. */
  readonly universes: readonly (Universe | null)[];
  /** The pairs that were loaded; a pair that is not listed at any of these turns is not among them. */
  readonly pairs: readonly PairColumns[];
}
