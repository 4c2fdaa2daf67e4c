import type { Asset } from './asset.js';
import { indexAt, numberAt } from './cells.js';
import type { Ticker } from './frame.js';
import { PathSearch } from './rates/path-search.js';
import { ageOf } from './rates/provenance.js';
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

/** A listed pair against the two legs beside it. */
export interface Triangle {
  /** The symbol of the pair. */
  readonly pair: string;
  readonly base: Asset;
  readonly quote: Asset;
  /** The symbols of the legs, from base to quote. */
  readonly legs: readonly [string, string];
  /** The pair's own price, units of quote per base. */
  readonly direct: number;
  /** What the legs make of it. */
  readonly synthetic: number;
  /** How far apart the two are, basis points. */
  readonly bps: number;
  /** How old the oldest of the three prices is, milliseconds. */
  readonly ageMs: number;
}

/**
 * Holds each listed pair against the best path of two legs beside it:
 * `1e4 * abs(ln(direct) - ln(synthetic))` basis points, at the last prices.
 */
export function consistency(rates: Rates): Consistency {
  const differences: number[] = [];
  let maxBps = -1;
  let worst: readonly [number, number, number] | null = null;
  forEachTriangle(rates, (pair, first, second, bps) => {
    differences.push(bps);
    if (bps <= maxBps) return;
    maxBps = bps;
    worst = [pair, first, second];
  });
  if (worst === null) return { medianBps: null, maxBps: null, worst: null };
  const [pair, first, second] = worst as readonly [number, number, number];
  const symbolOf = (step: number): string => rates.tickerOf(step).symbol;
  return {
    medianBps: median(differences),
    maxBps,
    worst: [symbolOf(pair), symbolOf(first), symbolOf(second)],
  };
}

/** All of them, the worst first; of equals, the earlier pair. */
export function triangles(rates: Rates, observedAt: number): Triangle[] {
  const { last } = rates.prices;
  const found: Triangle[] = [];
  forEachTriangle(rates, (pair, first, second, bps) => {
    const tickers = [pair, first, second].map((step) => rates.tickerOf(step));
    const [own, ...legs] = tickers as [Ticker, Ticker, Ticker];
    found.push({
      pair: own.symbol,
      base: own.base,
      quote: own.quote,
      legs: [legs[0].symbol, legs[1].symbol],
      direct: numberAt(last, pair),
      synthetic: numberAt(last, first) * numberAt(last, second),
      bps,
      ageMs: Math.max(...tickers.map((ticker) => ageOf(ticker, observedAt))),
    });
  });
  return found.sort((a, b) => b.bps - a.bps);
}

/** In the order of the pairs, by the numbers of their steps; what is not finite is passed over. */
function forEachTriangle(
  rates: Rates,
  visit: (pair: number, first: number, second: number, bps: number) => void,
): void {
  const { last } = rates.prices;
  const search = new PathSearch(rates.graph, rates.prices);
  for (const pair of rates.graph.baseStep) {
    const legs = legsBeside(rates, search, pair);
    if (legs === null) continue;
    const [first, second] = legs;
    const synthetic = numberAt(last, first) * numberAt(last, second);
    const bps = 1e4 * Math.abs(Math.log(numberAt(last, pair)) - Math.log(synthetic));
    if (Number.isFinite(bps)) visit(pair, first, second, bps);
  }
}

/** The steps beside a pair from its base to its quote; chosen as rates are, from the lower number. */
function legsBeside(
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
