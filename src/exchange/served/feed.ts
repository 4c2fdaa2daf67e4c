import type { SymbolListing } from '../../domain/asset.js';
import type { Kline, KlineQuery } from './klines.js';

/** 24 h statistics of one symbol, as `ticker/24hr` writes them: prices and volumes as decimal text. */
export interface TickerStatistics {
  readonly symbol: string;
  readonly openPrice: string;
  readonly highPrice: string;
  readonly lowPrice: string;
  readonly lastPrice: string;
  /** Zero where the book is not known. */
  readonly bidPrice: string;
  readonly askPrice: string;
  readonly volume: string;
  readonly quoteVolume: string;
  /** Start and end of the window: milliseconds since 1970. */
  readonly openTime: number;
  readonly closeTime: number;
  /** Trades within the window. */
  readonly count: number;
}

/** What an exchange server answers from: a market that is made up, or one that was recorded. */
export interface ExchangeFeed {
  /** The exchange's clock: milliseconds since 1970. */
  now(): number;
  listings(): readonly SymbolListing[];
  /** The statistics of all symbols at a moment, or of those named that have any. */
  tickers(at: number, symbols?: readonly string[]): readonly TickerStatistics[];
  /** Gets ready for a request, where what is known now has to be read first. */
  load?(): Promise<void>;
  /**
   * The candles of a listed symbol up to now, by the time they open; left out where it has none.
   * @param isGone whether nobody waits for them any longer
   */
  klines?(query: KlineQuery, isGone: () => boolean): Promise<readonly Kline[]>;
}
