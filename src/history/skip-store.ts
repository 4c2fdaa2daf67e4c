/**
 * A run of turns that were not completed for one reason, one after another, as one instance saw it.
 * Times are milliseconds since 1970, by that instance's clock.
 */
export interface SkipRun {
  /** No other run has it. */
  readonly id: string;
  /** When the first and the last of them ended. */
  readonly from: number;
  readonly to: number;
  /** The last turn that was stored before them; 0 where there was none. */
  readonly afterTurn: number;
  readonly code: string;
  /** What happened, in words. */
  readonly message: string;
  /** How many turns they were. */
  readonly count: number;
}

/**
 * The stored runs of skips. Every method throws {@link DatabaseUnavailableError} while the database is
 * away.
 */
export interface SkipStore {
  /** Stores runs, or extends those that are stored; the same again, or what was before, changes nothing. */
  save(runs: readonly SkipRun[]): Promise<void>;
  /** The runs that followed a turn from `first` to `last`, by turn and time. */
  following(first: number, last: number): Promise<SkipRun[]>;
  /** Removes those that followed a turn up to this one. */
  removeThrough(turn: number): Promise<void>;
}
