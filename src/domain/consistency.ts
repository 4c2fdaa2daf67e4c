import { indexAt, numberAt } from './cells.js';
import { PathSearch } from './rates/path-search.js';
import type { Rates } from './rates/rates.js';

/** How far a frame is from one price for each pair. Data, not an error; all null without a triangle. */
export interface Consistency {
  /** Median over the pairs, basis points. */
  readonly medianBps: number | null;
  /** The largest, basis points. */
  readonly maxBps: number | null;
  /** The pair with the largest difference, and the two legs beside it, from base to quote. */
  readonly worst: readonly [pair: string, leg: string, leg: string] | null;
}

/**
 * Holds each listed pair against the best path of two legs beside it:
 * `1e4 * abs(ln(direct) - ln(synthetic))` basis points, at the last prices.
 */
export function consistency(rates: Rates): Consistency {
  const { last } = rates.prices;
  const search = new PathSearch(rates.graph, rates.prices);
  const differences: number[] = [];
  let maxBps = -1;
  let worst: Consistency['worst'] = null;
  for (const pair of rates.graph.baseStep) {
    const legs = triangle(rates, search, pair);
    if (legs === null) continue;
    const [first, second] = legs;
    const synthetic = numberAt(last, first) * numberAt(last, second);
    const bps = 1e4 * Math.abs(Math.log(numberAt(last, pair)) - Math.log(synthetic));
    if (!Number.isFinite(bps)) continue;
    differences.push(bps);
    if (bps > maxBps) {
      maxBps = bps;
      const symbolOf = (step: number): string => rates.tickerOf(step).symbol;
      worst = [symbolOf(pair), symbolOf(first), symbolOf(second)];
    }
  }
  if (worst === null) return { medianBps: null, maxBps: null, worst: null };
  return { medianBps: median(differences), maxBps, worst };
}

/** The steps beside a pair from its base to its quote; chosen as rates are, from the lower number. */
function triangle(
  { graph: { endOf, backOf } }: Rates,
  search: PathSearch,
  pair: number,
): readonly [number, number] | null {
  const [base, quote] = [indexAt(endOf, indexAt(backOf, pair)), indexAt(endOf, pair)];
  const end = Math.max(base, quote);
  search.beside(Math.min(base, quote), end);
  const [first, second] = search.stepsTo(end);
  if (first === undefined || second === undefined) return null;
  return end === quote ? [first, second] : [indexAt(backOf, second), indexAt(backOf, first)];
}

/** The middle value; of an even number, the mean of the middle two. */
function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = numberAt(sorted, middle);
  return sorted.length % 2 === 1 ? upper : (numberAt(sorted, middle - 1) + upper) / 2;
}
