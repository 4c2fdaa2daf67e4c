import type { Cycle } from '../domain/cycle.js';
import type { StrategyConfig, StrategySettings } from '../domain/strategy.js';
import type { Pace } from './slices.js';
import type { StoredCycle } from './stored-cycle.js';

/**
 * Time, in two readings. Wall time says when something was; somebody may set it at any moment, by any
 * amount, in either direction. What is measured or awaited (ages, intervals, deadlines) goes by
 * {@link monotonic}.
 */
export interface Clock {
  /** Wall time, milliseconds since 1970: for showing and storing. */
  now(): number;
  /**
   * Milliseconds that have passed since a moment of its own: nobody can set it, and it never goes
   * back. It may stand still while the machine sleeps; see {@link ClockLeaps}.
   */
  monotonic(): number;
}

/** The database cannot be reached, or did not answer in time. Nothing is known of what was asked. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}

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

/** What a turn has to know of the database before it begins. */
export interface TurnControl {
  /** The newest version of the strategy's settings. */
  readonly strategy: StrategyConfig;
  /** The highest turn that was ever purged, 0 if none: neither used again nor built upon. */
  readonly purgedThrough: number;
  /** Counts how often the caches of all instances were to be dropped. */
  readonly cacheResets: number;
  /** Cycles before this turn are no longer shown: what is left of them is about to be removed. */
  readonly visibleFrom: number;
  /** The highest turn that was pushed and then dropped unsaved, 0 if none: never used again. */
  readonly droppedThrough: number;
}

/** The persistent settings. Throws {@link DatabaseUnavailableError} while the database is away. */
export interface ConfigStore {
  /** Reads the control data; a new database gets the given settings as version 1. */
  control(initial: StrategySettings): Promise<TurnControl>;
  /** The newest {@link TurnControl.purgedThrough}. */
  purgedThrough(): Promise<number>;
  /** The versions after one, oldest first. */
  versionsAfter(version: number): Promise<StrategyConfig[]>;
  version(version: number): Promise<StrategyConfig | null>;
  /**
   * Adds the version after `base`.
   * @returns null when somebody else added it first: read again and decide again
   */
  add(base: StrategyConfig, settings: StrategySettings): Promise<StrategyConfig | null>;
  /** Raises {@link TurnControl.purgedThrough}; it never falls. */
  markPurged(turn: number): Promise<void>;
  /** Raises {@link TurnControl.visibleFrom}; it never falls. */
  markVisibleFrom(turn: number): Promise<void>;
  /** Raises {@link TurnControl.droppedThrough}; it never falls. */
  markDropped(turn: number): Promise<void>;
  /** Has every instance drop its caches, each with its next turn. */
  markCacheReset(): Promise<void>;
}

/** How somebody asks for the lease. */
export interface LeaseRequest {
  /** How long it is to last, milliseconds by the database's clock. */
  readonly durationMs: number;
  /** Whether another instance surely lives no more. */
  readonly isGone: (holder: string) => boolean;
  /** Whether to take one that has run out from a holder that was alone, and may yet come back. */
  readonly mayTakeOverdue: boolean;
}

export interface LeaseAnswer {
  /**
   * OURS; HELD by another instance; or OVERDUE: it has run out, but its holder was alone and may be
   * keeping cycles aside.
   */
  readonly state: 'OURS' | 'HELD' | 'OVERDUE';
  /** Where it is ours: whether somebody else had it before. */
  readonly isNew: boolean;
  /** Where it is ours: whether nobody else has asked for it lately. */
  readonly isAlone: boolean;
}

/** Who runs the turns. Throws {@link DatabaseUnavailableError} while the database is away. */
export interface LeaseStore {
  /** Takes the lease if it is free, expired, the asker's own already, or that of a holder who is gone. */
  take(holder: string, request: LeaseRequest): Promise<LeaseAnswer>;
  /** Gives it back, where the holder still has it. */
  drop(holder: string): Promise<void>;
}

/** What instances on one database tell each other. News may be lost: it only says where to look. */
export type News =
  /** A turn was stored. */
  | { readonly kind: 'TURN'; readonly turn: number }
  /** Settings, a purge or a cache reset: the control data has changed. */
  | { readonly kind: 'CONTROL' }
  /** A turn was skipped. Times are milliseconds since 1970. */
  | {
      readonly kind: 'SKIPPED';
      readonly at: number;
      readonly code: string;
      readonly message: string;
    }
  /** Somebody wants a turn now. */
  | { readonly kind: 'RUN' };

export interface NewsChannel {
  /** Tells all instances, this one included. Never throws. */
  tell(news: News): void;
  /** Whether whatever is told now surely comes; left out where that is never sure. */
  readonly isSure?: boolean;
  /** What is told from now on, until the signal is aborted; goes on by itself after an outage. */
  follow(signal: AbortSignal): AsyncIterable<News>;
}
