import { plainDecimal } from '../../domain/decimal.js';
import type { TickerStatistics } from '../served/feed.js';
import { EXPECTED_NUMBER, EXPECTED_TIME, fieldFault, readTime } from './fields.js';

const DAY_MS = 86_400_000;
/** Stands for a book or a volume that is not known. */
const UNKNOWN = '0.00000000';

/** What one snapshot says. */
export interface SnapshotRows {
  /** By symbol. */
  readonly tickers: ReadonlyMap<string, TickerStatistics>;
  /** What cannot be taken, by symbol, in words; the empty symbol stands for rows that name none. */
  readonly faults: ReadonlyMap<string, string>;
}

/**
 * Reads the rows of a `ticker/24hr` answer. A row without a symbol, last price, open price or close
 * time is left out; another field that is missing or empty counts as not known.
 */
export function readRows(rows: readonly unknown[]): SnapshotRows {
  const tickers = new Map<string, TickerStatistics>();
  const faults = new Map<string, string>();
  rows.forEach((row, index) => {
    const { symbol } = Object(row) as { symbol?: unknown };
    const name = typeof symbol === 'string' ? symbol : '';
    const number = `row ${index + 1}`;
    const report = (words: string): void => {
      if (!faults.has(name)) faults.set(name, `${number} ${words}`);
    };
    if (name === '') return report(`is no ticker: ${fieldFault('symbol', 'a name', symbol)}`);
    const ticker = tickerOf(name, row as Readonly<Record<string, unknown>>, report);
    if (ticker === null) return;
    const before = tickers.get(name);
    if (before === undefined) tickers.set(name, ticker);
    else if (JSON.stringify(before) !== JSON.stringify(ticker)) {
      report(`has ${name} a second time, with other values`);
      tickers.delete(name);
    }
  });
  return { tickers, faults };
}

function tickerOf(
  symbol: string,
  row: Readonly<Record<string, unknown>>,
  report: (words: string) => void,
): TickerStatistics | null {
  const fault = (field: string, expected: string): void =>
    report(`(${symbol}) ${fieldFault(field, expected, row[field])}`);
  const needed = (field: string): string | null => {
    const value = plainDecimal(row[field]);
    if (value === null) fault(field, EXPECTED_NUMBER);
    return value;
  };
  const known = (field: string): string => {
    const value = plainDecimal(row[field]);
    if (value === null && !isMissing(row[field])) fault(field, EXPECTED_NUMBER);
    return value ?? UNKNOWN;
  };
  const lastPrice = needed('lastPrice');
  const openPrice = needed('openPrice');
  const closeTime = readTime(row['closeTime']);
  if (closeTime === null) fault('closeTime', EXPECTED_TIME);
  if (lastPrice === null || openPrice === null || closeTime === null) return null;
  return {
    symbol,
    openPrice,
    highPrice: known('highPrice'),
    lowPrice: known('lowPrice'),
    lastPrice,
    bidPrice: known('bidPrice'),
    askPrice: known('askPrice'),
    volume: known('volume'),
    quoteVolume: known('quoteVolume'),
    openTime: readTime(row['openTime']) ?? closeTime - DAY_MS,
    closeTime,
    count: Number(plainDecimal(row['count']) ?? 0),
  };
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
