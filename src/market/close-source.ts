import type { ExchangeFailure } from './market-port.js';

/** Whole minutes, half-open, milliseconds since 1970. */
export interface MinuteRange {
  readonly from: number;
  readonly to: number;
}

/** The last price of a minute. */
export interface MinuteClose {
  /** Where the minute begins, milliseconds since 1970. */
  readonly minute: number;
  /** Quote per base. */
  readonly close: number;
}

export interface MinuteCloses {
  /** In order of time, each minute once. */
  readonly closes: readonly MinuteClose[];
  /** How many could not be read; each costs only its own minute. */
  readonly faultCount: number;
  /** What is wrong with the first of them, in words. */
  readonly faults: readonly string[];
}

export type ClosesResult =
  | ({ readonly ok: true } & MinuteCloses)
  | {
      readonly ok: false;
      readonly failure: ExchangeFailure;
      /** Whether the exchange does not know the symbol, so that asking again is of no use. */
      readonly isUnknown: boolean;
    };

/** What an exchange tells of the past of a pair. */
export interface CloseSource {
  /** How many minutes one call brings at most. */
  readonly mostMinutes: number;
  /** The exchange's clock, milliseconds since 1970: minutes that end later are not over. */
  exchangeTime(): number;
  /**
   * The first minutes of a range that the exchange has, at most so many: those of {@link mostMinutes}
   * where nothing is said. Takes part in the weight that all instances share, of which it leaves half
   * to turns. Never throws for what an exchange can do.
   */
  closes(
    symbol: string,
    range: MinuteRange,
    signal: AbortSignal,
    most?: number,
  ): Promise<ClosesResult>;
}
