import type { Pair } from './asset.js';

/** 24 hours: a ticker whose last trade window closed longer ago is a leftover of a delisted pair. */
export const MAX_TICKER_AGE_MS = 24 * 60 * 60 * 1000;

/** What the exchange said of one symbol, as numbers. NaN stands for what could not be read. */
export interface TickerReading {
  readonly symbol: string;
  /** Last traded price, quote per base. */
  readonly last: number;
  /** Price 24 h ago (start of the exchange's rolling window), quote per base. */
  readonly open: number;
  /** Best bid, quote per base; 0 where the book has none. */
  readonly bid: number;
  /** Best ask, quote per base; 0 where the book has none. */
  readonly ask: number;
  /** Turnover of the window, in quote. */
  readonly quoteVolume: number;
  /** End of the window: milliseconds since 1970. */
  readonly closeTime: number;
}

/** A valid reading of a listed pair. */
export interface Ticker extends Pair, TickerReading {}

/** What the exchange said at one turn: the valid tickers, ordered by symbol. */
export interface Frame {
  /** The exchange's clock at the receipt of the last ticker chunk: milliseconds since 1970. */
  readonly observedAt: number;
  readonly tickers: readonly Ticker[];
}

/**
 * Builds a frame of the pairs that are both listed and quoted. Left out: a pair without a reading,
 * one whose last or open price is not finite and positive, and one whose window closed more than
 * 24 h before `observedAt`. An unreadable bid, ask or volume becomes 0, which means unknown.
 */
export function makeFrame(
  pairs: readonly Pair[],
  readings: Iterable<TickerReading>,
  observedAt: number,
): Frame {
  const bySymbol = new Map<string, TickerReading>();
  for (const reading of readings) bySymbol.set(reading.symbol, reading);
  const tickers: Ticker[] = [];
  for (const pair of pairs) {
    const reading = bySymbol.get(pair.symbol);
    if (reading === undefined || !isValid(reading, observedAt)) continue;
    tickers.push({
      // By name: objects that are made by spreading would each have a shape of their own.
      symbol: pair.symbol,
      base: pair.base,
      quote: pair.quote,
      last: reading.last,
      open: reading.open,
      bid: finiteOrZero(reading.bid),
      ask: finiteOrZero(reading.ask),
      quoteVolume: finiteOrZero(reading.quoteVolume),
      closeTime: reading.closeTime,
    });
  }
  return { observedAt, tickers };
}

function isValid(reading: TickerReading, observedAt: number): boolean {
  return (
    isPrice(reading.last) &&
    isPrice(reading.open) &&
    Number.isSafeInteger(reading.closeTime) &&
    observedAt - reading.closeTime <= MAX_TICKER_AGE_MS
  );
}

/** Whether a number can be a price: finite and positive. */
export function isPrice(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

function finiteOrZero(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
