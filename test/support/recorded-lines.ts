import { readdirSync, readFileSync } from 'node:fs';
import { MINUTE } from '../../src/domain/series/span.js';

export const FOLDER = '../shared/data/klines/2022-11-08_1m';
/** By symbol and minute, from the files alone. */
export function readCloses(): Map<string, Map<number, number>> {
  const closes = new Map<string, Map<number, number>>();
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.csv'))) {
    const ofPair = new Map<number, number>();
    for (const row of readFileSync(`${FOLDER}/${file}`, 'utf8').trim().split('\n').slice(1)) {
      const [, open, , , , close] = row.split(',').map(Number);
      ofPair.set((open as number) + MINUTE, close as number);
    }
    closes.set(file.slice(0, -'.csv'.length), ofPair);
  }
  return closes;
}

/** Direct, inverse, and the cross of DOGE and BNB: no spreads are known, so over BNBBTC and DOGEBTC. */
export function definedRate(
  closes: ReadonlyMap<string, Map<number, number>>,
  i: string,
  j: string,
  at: number,
): number {
  if (i === j) return 1;
  const direct = closes.get(i + j)?.get(at);
  if (direct !== undefined) return direct;
  const inverse = closes.get(j + i)?.get(at);
  if (inverse !== undefined) return 1 / inverse;
  return definedRate(closes, i, 'BTC', at) * definedRate(closes, 'BTC', j, at);
}

/** Of some values, oldest first. */
export function returnsOf(prices: readonly number[]): number[] {
  return prices.slice(1).map((now, k) => Math.log(now / (prices[k] as number)));
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Σ (a - mean a) (b - mean b). */
export function products(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  return a.reduce((sum, value, k) => sum + (value - meanA) * ((b[k] as number) - meanB), 0);
}

/** A level in the middle of the widest gap among the values around the median: no rounding leaps over it. */
export function levelAmong(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(Math.floor(sorted.length * 0.4), Math.ceil(sorted.length * 0.6));
  let [level, widest] = [0, -1];
  for (let k = 1; k < middle.length; k++) {
    const [low, high] = [middle[k - 1] as number, middle[k] as number];
    if (high - low > widest) [level, widest] = [(low + high) / 2, high - low];
  }
  return level;
}
