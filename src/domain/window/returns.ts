import { numberAt } from '../cells.js';

/**
 * The logarithmic return of each bucket after the first: `r(k) = ln(p(k) / p(k - 1))`, without unit.
 * NaN unless both buckets have a price, and where it is beyond the range of a double.
 * @param prices by bucket, oldest first: its last price; NaN where it has none
 * @returns one less: each return belongs to the later of its two buckets
 */
export function logReturns(prices: Float64Array): Float64Array {
  const returns = new Float64Array(Math.max(0, prices.length - 1));
  for (let k = 0; k < returns.length; k++) {
    const value = Math.log(numberAt(prices, k + 1) / numberAt(prices, k));
    returns[k] = Number.isFinite(value) ? value : NaN;
  }
  return returns;
}
