import type { Pair, Universe } from '../asset.js';

/** Consecutive stored turns, oldest first; every column is as long as `turns`. */
export interface TurnColumns {
  readonly turns: Float64Array;
  /**
   * By the exchange's clock, milliseconds since 1970. It may go back. NaN at a turn that cannot be
   * read and does not say its time.
   */
  readonly observedAt: Float64Array;
  /** The age from which a cell counts as stale, milliseconds; NaN at a turn that cannot be read. */
  readonly staleAfterMs: Float64Array;
  /** The turn that each was built upon; NaN for a first one, and where the turn cannot be read. */
  readonly previousTurns: Float64Array;
  /**
   * By index; the same object for as long as the universe stays the same. Null where the turn cannot
   * be read.
   */
  readonly universes: readonly (Universe | null)[];
}

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

/** The columns of a pair. */
export const PAIR_NUMBERS = ['last', 'open', 'bid', 'ask', 'lag'] as const;

/** Frames of consecutive stored turns. */
export interface FrameColumns extends TurnColumns {
  /**
   * The pairs that were loaded, ordered by symbol; a pair that is not listed at any of these turns is
   * not among them.
   */
  readonly pairs: readonly PairColumns[];
}
