import type { Universe } from './asset.js';
import type { Frame } from './frame.js';
import { PairGraph } from './pair-graph.js';

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
export function consistency(frame: Frame, universe: Universe): Consistency {
  const graph = new PairGraph(frame, universe);
  const differences: number[] = [];
  let maxBps = -1;
  let worst: Consistency['worst'] = null;
  for (let pair = 0; pair < graph.legCount; pair++) {
    const legs = triangle(graph, pair);
    if (legs === null) continue;
    const synthetic = legs.rate[0] * legs.rate[1];
    const bps = 1e4 * Math.abs(Math.log(graph.ticker(pair).last) - Math.log(synthetic));
    if (!Number.isFinite(bps)) continue;
    differences.push(bps);
    if (bps > maxBps) {
      maxBps = bps;
      const [first, second] = legs.leg;
      worst = [graph.ticker(pair).symbol, graph.ticker(first).symbol, graph.ticker(second).symbol];
    }
  }
  if (worst === null) return { medianBps: null, maxBps: null, worst: null };
  return { medianBps: median(differences), maxBps, worst };
}

interface Triangle {
  /** The two legs from the pair's base to its quote. */
  readonly leg: readonly [number, number];
  readonly rate: readonly [number, number];
}

/** The legs are chosen from the asset whose name sorts first, as rates are, then read from the base. */
function triangle(graph: PairGraph, pair: number): Triangle | null {
  const [base, quote] = [graph.base(pair), graph.quote(pair)];
  const baseFirst = graph.seeksFrom(base, quote);
  const found = baseFirst ? graph.bestTwoLegs(base, quote) : graph.bestTwoLegs(quote, base);
  if (found === null) return null;
  const [first, second] = baseFirst ? found : [found[1], found[0]];
  const via = graph.base(first) === base ? graph.quote(first) : graph.base(first);
  return {
    leg: [first, second],
    rate: [graph.lastFrom(base, first), graph.lastFrom(via, second)],
  };
}

/** The middle value; of an even number, the mean of the middle two. */
function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
