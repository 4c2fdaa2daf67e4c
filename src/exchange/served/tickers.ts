import { tickerWeight } from '../binance/weight.js';

const MAX_SYMBOLS = 100;
/** What is not known of a book. */
const UNKNOWN = '0.00000000';

/** Binance's price for one call: 2 up to 20 symbols, 40 up to 100, 80 beyond or for all. */
export function tickersWeight(count: number | undefined): number {
  if (count === undefined || count > MAX_SYMBOLS) return 80;
  return count <= 20 ? tickerWeight(count) : 40;
}

/** A row of `ticker/24hr`: with the fields that follow from the others. */
export function dayTicker(row: object | null): object | null {
  if (row === null || !('lastPrice' in row) || !('openPrice' in row)) return row;
  const change = Number(row.lastPrice) - Number(row.openPrice);
  return {
    ...row,
    priceChange: change.toFixed(8),
    priceChangePercent: ((100 * change) / Number(row.openPrice)).toFixed(3),
  };
}

/** The same as `ticker/price` has it. */
export function priceTicker(row: object | null): object | null {
  if (row === null || !('symbol' in row) || !('lastPrice' in row)) return row;
  return { symbol: row.symbol, price: row.lastPrice };
}

/** The same as `ticker/bookTicker` has it. */
export function bookTicker(row: object | null): object | null {
  if (row === null || !('symbol' in row) || !('bidPrice' in row) || !('askPrice' in row)) {
    return row;
  }
  const { symbol, bidPrice, askPrice } = row;
  return { symbol, bidPrice, bidQty: UNKNOWN, askPrice, askQty: UNKNOWN };
}
