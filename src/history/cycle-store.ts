import type { Cycle } from '../domain/cycle.js';
import type { Pace } from '../scheduling/slices.js';
import type { StoredCycle } from './stored-cycle.js';

/** The database answers, and refuses a cycle for what is in it: it would be refused again. */
export class CycleRefusedError extends Error {
  override readonly name = 'CycleRefusedError';

  /** @param why what is wrong with it, in words */
  constructor(
    readonly turn: number,
    why: string,
  ) {
    super(`the database refuses the cycle of turn ${turn}: ${why}`);
  }
}

/** Which stored cycles to read, newest first or oldest first. */
export interface CycleRange {
  /** Only turns after this one. */
  readonly afterTurn?: number;
  /** Only turns before this one. */
  readonly beforeTurn?: number;
  /** Only cycles observed at or after this moment: milliseconds since 1970. */
  readonly from?: number;
  /** Only cycles observed before this moment: milliseconds since 1970. */
  readonly to?: number;
  readonly order: 'NEWEST_FIRST' | 'OLDEST_FIRST';
  readonly limit: number;
  /** At what pace they are read: many of them take the event loop for a while. */
  readonly pace?: Pace;
}

/** The first and the last turn that is stored. */
export interface TurnSpan {
  readonly oldest: number;
  readonly latest: number;
}

/**
 * The stored cycles. Every method throws {@link DatabaseUnavailableError} while the database is
 * away. A cycle that cannot be read is found as such in its place, and keeps nobody from the others.
 */
export interface CycleStore {
  latest(): Promise<StoredCycle | null>;
  /** The stored cycles among these turns, in no particular order. */
  byTurns(turns: readonly number[], pace?: Pace): Promise<StoredCycle[]>;
  range(range: CycleRange): Promise<StoredCycle[]>;
  /** Null while nothing is stored. */
  span(): Promise<TurnSpan | null>;
  /** How many cycles are stored. */
  count(): Promise<number>;
  /**
   * Stores a cycle durably, once: saving the same object again after an outage is harmless.
   * TURN_TAKEN when another cycle has that turn.
   * @throws {CycleRefusedError}
   */
  save(cycle: Cycle): Promise<'SAVED' | 'TURN_TAKEN'>;
  /**
   * Stores cycles durably, in order, as {@link save} does.
   * @returns how many: fewer than all where the turn of the next one is taken
   * @throws {CycleRefusedError} those before the refused one are stored then
   */
  saveAll(cycles: readonly Cycle[]): Promise<number>;
  /**
   * Those of some cycles that were read which are durable, once they are: a cycle can be read some
   * moments before the database has it on disk, and on most members, and may be gone if it fails
   * just then.
   */
  confirmed(cycles: readonly StoredCycle[]): Promise<StoredCycle[]>;
  /** What tells a cycle from any other with its turn, also where it cannot be read. */
  idOf(cycle: StoredCycle): string;
  /**
   * The {@link idOf} of the stored cycles among these turns, by turn.
   * @param options.isConfirmed whether all that was ever acknowledged, and nothing else, is to be found
   */
  ids(
    turns: readonly number[],
    options?: { readonly isConfirmed: boolean },
  ): Promise<ReadonlyMap<number, string>>;
  /** Takes one cycle back. */
  remove(turn: number): Promise<void>;
  /** Removes all cycles up to a turn. @returns how many there were */
  removeThrough(turn: number): Promise<number>;
  /** Removes the oldest cycles before a turn, at most so many. @returns how many there were */
  removeOldest(beforeTurn: number, limit: number): Promise<number>;
  /** From now on, ranges and the span begin with this turn; {@link byTurns} still finds those before it. */
  hideBefore(turn: number): void;
}

/** When a stored cycle is of. Times are milliseconds since 1970. */
export interface CycleAge {
  readonly turn: number;
  /** By the exchange's clock, in a replay by the recording's; NaN where that cannot be read. */
  readonly observedAt: number;
  /** By the clock of the instance that stored it; NaN where that cannot be read. */
  readonly completedAt: number;
}

/** What has to be known of stored cycles before they are removed for their age. */
export interface CycleAges {
  /** Of the stored cycles from a turn on, oldest first. */
  agesFrom(turn: number, limit: number): Promise<CycleAge[]>;
  /** The database's clock, milliseconds since 1970; NaN where it does not tell. */
  databaseTime(): Promise<number>;
}

/** From when to when there are stored cycles. */
export interface CycleTimes {
  /**
   * The smallest and the largest `observedAt` of some turns, both ends included: milliseconds since 1970;
   * null where none of them is stored.
   */
  observedWithin(
    firstTurn: number,
    lastTurn: number,
  ): Promise<{ readonly first: number; readonly last: number } | null>;
}
