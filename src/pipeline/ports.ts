import type { Universe } from '../domain/asset.js';
import type { Cycle, ExchangeKind } from '../domain/cycle.js';
import type { Frame } from '../domain/frame.js';
import type { StrategyConfig, StrategySettings } from '../domain/strategy.js';
import type { Holdings } from '../domain/wallet.js';

/** What one turn needs of the exchange. */
export interface Observation {
  readonly frame: Frame;
  readonly holdings: Holdings;
}

/** Why the exchange could not be read, as a stable code. */
export type ExchangeFailureCode =
  /** No answer within the deadline. */
  | 'EXCHANGE_TIMEOUT'
  /** Refused, reset, or no such host. */
  | 'EXCHANGE_UNREACHABLE'
  /** HTTP 429, or no weight left: silent until `retryAt`. */
  | 'EXCHANGE_RATE_LIMITED'
  /** HTTP 418: silent until `retryAt`. */
  | 'EXCHANGE_BANNED'
  /** HTTP 5xx, 403, or any error that the exchange stated. */
  | 'EXCHANGE_ERROR'
  /** An answer that could not be understood. */
  | 'EXCHANGE_BAD_RESPONSE'
  /** The account cannot be read although there are keys. */
  | 'ACCOUNT_UNREADABLE'
  /** The recording has no frame after the last stored one. */
  | 'REPLAY_ENDED';

export interface ExchangeFailure {
  readonly code: ExchangeFailureCode;
  /** What happened, in words, without secrets. */
  readonly message: string;
  /** When it makes sense to ask again: milliseconds since 1970 by the local clock. */
  readonly retryAt?: number;
}

export type ObservationResult =
  | { readonly ok: true; readonly observation: Observation }
  | { readonly ok: false; readonly failure: ExchangeFailure };

export interface ObservationRequest {
  /** `observedAt` of the last stored turn; a replay continues after it. Null before the first turn. */
  readonly after: number | null;
  /** Ends the attempt early, as a timeout would. */
  readonly signal: AbortSignal;
}

/** What the exchange adapter knows of itself. Times are milliseconds since 1970. */
export interface MarketStatus {
  /** Request weight used in the current minute as the exchange last reported it. */
  readonly usedWeight: number | null;
  /** Weight allowed a minute. */
  readonly weightLimit: number;
  /** Weight of one observation; an upper bound until the exchange's listing is known. */
  readonly weightPerTurn: number;
  /** Set while the exchange has told us to be silent. */
  readonly bannedUntil: number | null;
  /** The exchange's clock minus ours, in milliseconds; null before it was measured. */
  readonly clockOffsetMs: number | null;
  /** What an operator should know, in words. */
  readonly warnings: readonly string[];
}

/** The one port to an exchange. */
export interface MarketSource {
  readonly kind: ExchangeKind;
  /** Names what the prices come from, without secrets: recorded with the database. */
  readonly origin: string;
  readonly accountKind: Holdings['source'];
  /**
   * Makes the source ready. `after` is `observedAt` of the last stored turn, where a replay goes on.
   * Does not fail because the exchange is away; throws what only an operator can mend.
   */
  start(options: { readonly after: number | null }): Promise<void>;
  stop(): Promise<void>;
  /** Reads prices and balances once. Never throws for what an exchange can do. */
  observe(request: ObservationRequest): Promise<ObservationResult>;
  status(): MarketStatus;
}

/** Time as the pipeline sees it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** The database cannot be reached, or did not answer in time. Nothing is known of what was asked. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
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
}

/** The first and the last turn that is stored. */
export interface TurnSpan {
  readonly oldest: number;
  readonly latest: number;
}

/**
 * The stored cycles. Every method throws {@link DatabaseUnavailableError} while the database is
 * away.
 */
export interface CycleStore {
  latest(): Promise<Cycle | null>;
  /** The stored cycles among these turns, in no particular order. */
  byTurns(turns: readonly number[]): Promise<Cycle[]>;
  range(range: CycleRange): Promise<Cycle[]>;
  /** Null while nothing is stored. */
  span(): Promise<TurnSpan | null>;
  /** How many cycles are stored. */
  count(): Promise<number>;
  /**
   * Stores a cycle durably, once: saving the same object again after an outage is harmless.
   * TURN_TAKEN when another cycle has that turn.
   */
  save(cycle: Cycle): Promise<'SAVED' | 'TURN_TAKEN'>;
  /**
   * Stores cycles durably, in order, as {@link save} does.
   * @returns how many: fewer than all where the turn of the next one is taken
   */
  saveAll(cycles: readonly Cycle[]): Promise<number>;
  /** Takes one cycle back. */
  remove(turn: number): Promise<void>;
  /** Removes all cycles up to a turn. @returns how many there were */
  removeThrough(turn: number): Promise<number>;
  /** Removes the oldest cycles before a turn, at most so many. @returns how many there were */
  removeOldest(beforeTurn: number, limit: number): Promise<number>;
  /** From now on, ranges and the span begin with this turn; {@link byTurns} still finds those before it. */
  hideBefore(turn: number): void;
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

/** A time in which the exchange wants no calls: local clock, milliseconds since 1970. */
export interface ExchangeSilence {
  readonly until: number;
  readonly code: ExchangeFailureCode;
  readonly message: string;
}

/** What all instances together may ask of the exchange. */
export interface SharedExchangeLimits {
  /** Request weight that they have reserved in this minute. */
  readonly usedWeight: number;
  /** The longest silence that any of them was told to keep; it may be over. */
  readonly silence: ExchangeSilence | null;
}

/** Throws {@link DatabaseUnavailableError} while the database is away. */
export interface ExchangeLimitsStore {
  /** Adds to the weight of a minute (minutes since 1970 by the exchange's clock). */
  reserve(weight: number, minute: number): Promise<SharedExchangeLimits>;
  /** Makes a silence known, unless a longer one is. */
  tell(silence: ExchangeSilence): Promise<void>;
}

/** One call of the exchange. */
export interface ExchangeCall {
  readonly endpoint: 'time' | 'exchangeInfo' | 'ticker/24hr' | 'account';
  /** OK, or the code of what went wrong. */
  readonly outcome: 'OK' | ExchangeFailureCode;
  /** Request weight. */
  readonly weight: number;
  readonly ms: number;
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
  /** What is told from now on, until the signal is aborted; goes on by itself after an outage. */
  follow(signal: AbortSignal): AsyncIterable<News>;
}

export type { ExchangeKind, Universe };
