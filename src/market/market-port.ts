import type { ListedPair } from '../domain/asset.js';
import type { ExchangeKind } from '../domain/cycle.js';
import type { Frame } from '../domain/frame.js';
import type { Holdings } from '../domain/wallet.js';
import type { CloseSource } from './close-source.js';
import type { ExchangeTrouble } from './exchange-trouble.js';

/** What one turn needs of the exchange. */
export interface Observation {
  readonly frame: Frame;
  readonly holdings: Holdings;
  /** The symbols of the universe that the exchange lists as trading, with a valid price or without. */
  readonly listed: readonly string[];
}

/** Why the exchange could not be read, as a stable code. */
export type ExchangeFailureCode =
  /** No answer within the deadline. */
  | 'EXCHANGE_TIMEOUT'
  /** Refused, reset, or no such host. */
  | 'EXCHANGE_UNREACHABLE'
  /** HTTP 429, or no weight left: silent for `retryInMs`. */
  | 'EXCHANGE_RATE_LIMITED'
  /** HTTP 418: silent for `retryInMs`. */
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
  /** When it makes sense to ask again, milliseconds from this answer. */
  readonly retryInMs?: number;
}

export type ObservationResult =
  | { readonly ok: true; readonly observation: Observation }
  | { readonly ok: false; readonly failure: ExchangeFailure };

export interface ObservationRequest {
  /** `observedAt` of the last stored turn; a replay continues after it. Null before the first turn. */
  readonly after: number | null;
  /** The frame of that turn: a replay passes over what would make no turn after it. */
  readonly before?: Frame | null;
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
  /**
   * The exchange's clock minus ours, in milliseconds; null before it was measured, and after our clock
   * has leapt until it is measured anew.
   */
  readonly clockOffsetMs: number | null;
  /** What an operator should know, in words. */
  readonly warnings: readonly string[];
  /** Why the exchange cannot be read at present; null, or left out, while it can, or need not be read. */
  readonly trouble?: ExchangeTrouble | null;
  /** Where a recording is; left out where prices are not from one. */
  readonly replay?: ReplayPosition;
}

/** Where a recording begins and ends, and where it is: milliseconds since 1970, by its own clock. */
export interface ReplayPosition {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** The one port to an exchange. */
export interface MarketSource {
  readonly kind: ExchangeKind;
  /** Names what the prices come from, without secrets: recorded with the database. */
  readonly origin: string;
  readonly accountKind: Holdings['source'];
  /**
   * How far apart by the market's own time turns are that begin so far apart, milliseconds; left out
   * where its time is ours.
   */
  intervalFor?(beatMs: number): number;
  /**
   * Makes the source ready. `after` is `observedAt` of the last stored turn, where a replay goes on.
   * Does not fail because the exchange is away; throws what only an operator can mend.
   */
  start(options: { readonly after: number | null }): Promise<void>;
  stop(): Promise<void>;
  /** Reads prices and balances once. Never throws for what an exchange can do. */
  observe(request: ObservationRequest): Promise<ObservationResult>;
  /** Another instance observes at present: what was wrong when this one last did is of no matter. */
  rest?(): void;
  /** What it tells of the past of pairs; left out where that is nothing. */
  readonly past?: CloseSource;
  status(): MarketStatus;
  /** The trading pairs of the universe, as they were last read; none before that. By symbol. */
  listed(): readonly ListedPair[];
}

/** A time in which the exchange wants no calls. */
export interface ExchangeSilence {
  /** The same in every instance that is told of it. */
  readonly id: string;
  /** How much longer it lasts, milliseconds: no clocks of two machines need to agree on its end. */
  readonly leftMs: number;
  readonly code: ExchangeFailureCode;
  readonly message: string;
}

/** What all instances together may ask of the exchange. */
export interface SharedExchangeLimits {
  /** Request weight that they have reserved in this minute. */
  readonly usedWeight: number;
  /** The longest silence that any of them was told to keep, unless it is over. */
  readonly silence: ExchangeSilence | null;
}

/** Throws {@link DatabaseUnavailableError} while the database is away. */
export interface ExchangeLimitsStore {
  /** Adds to the weight of a minute (minutes since 1970 by the exchange's clock). */
  reserve(weight: number, minute: number): Promise<SharedExchangeLimits>;
  /** Makes a silence known, unless a longer one is. */
  publish(silence: ExchangeSilence): Promise<void>;
}

/** One call of the exchange. */
export interface ExchangeCall {
  readonly endpoint: 'time' | 'exchangeInfo' | 'ticker/24hr' | 'account' | 'klines';
  /** OK, or the code of what went wrong. */
  readonly outcome: 'OK' | ExchangeFailureCode;
  /** Request weight. */
  readonly weight: number;
  readonly ms: number;
}
