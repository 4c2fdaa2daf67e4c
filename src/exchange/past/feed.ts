import type { SymbolListing } from '../../domain/asset.js';
import { plainDecimal } from '../../domain/decimal.js';
import type { Ticker } from '../../domain/frame.js';
import type { ExchangeFeed, TickerStatistics } from '../served/feed.js';
import type { Kline, KlineQuery } from '../served/klines.js';
import { PastCandles, type PastCandlesOptions } from './candles.js';
import type { PastClock } from './clock.js';
import { PastTurns } from './turns.js';

const DAY_MS = 86_400_000;
const NOT_STORED = '0.00000000';

/**
 * Stored cycles as the exchange that they were read from: what is known at a moment is what the
 * newest turn before it saw, and nothing that came later.
 */
export class PastFeed implements ExchangeFeed {
  readonly #clock: PastClock;
  readonly #turns: PastTurns;
  readonly #candles: PastCandles;
  /** The last ticker of each symbol that was ever seen. */
  readonly #tickers = new Map<string, Ticker>();
  #trading: ReadonlySet<string> = new Set();

  constructor(stored: PastCandlesOptions, clock: PastClock) {
    this.#clock = clock;
    this.#turns = new PastTurns(stored.cycles);
    this.#candles = new PastCandles(stored);
  }

  now(): number {
    return this.#clock.now();
  }

  async load(): Promise<void> {
    this.#clock.start();
    const tickers = (await this.#turns.at(this.now()))?.frame.tickers ?? [];
    for (const ticker of tickers) this.#tickers.set(ticker.symbol, ticker);
    this.#trading = new Set(tickers.map(({ symbol }) => symbol));
  }

  /** A symbol that the present turn has no price of is in a break, as far as anybody knows. */
  listings(): readonly SymbolListing[] {
    return [...this.#tickers.values()].map(({ symbol, base, quote }) => ({
      symbol,
      status: this.#trading.has(symbol) ? 'TRADING' : 'BREAK',
      baseAsset: base,
      quoteAsset: quote,
    }));
  }

  tickers(_at: number, symbols?: readonly string[]): readonly TickerStatistics[] {
    const asked = symbols ?? [...this.#tickers.keys()];
    return asked
      .map((symbol) => this.#tickers.get(symbol))
      .filter((ticker) => ticker !== undefined)
      .map(statistics);
  }

  klines(query: KlineQuery, isGone: () => boolean): Promise<readonly Kline[]> {
    return this.#candles.read(query, this.now(), isGone);
  }
}

/** What is not stored of a ticker: how far the price went in between, the base's volume, the count. */
function statistics(ticker: Ticker): TickerStatistics {
  const { symbol, last, open, bid, ask, quoteVolume, closeTime } = ticker;
  return {
    symbol,
    openPrice: text(open),
    highPrice: text(Math.max(open, last)),
    lowPrice: text(Math.min(open, last)),
    lastPrice: text(last),
    bidPrice: text(bid),
    askPrice: text(ask),
    volume: NOT_STORED,
    quoteVolume: text(quoteVolume),
    openTime: closeTime - DAY_MS,
    closeTime,
    count: 0,
  };
}

function text(value: number): string {
  return plainDecimal(value) ?? NOT_STORED;
}
