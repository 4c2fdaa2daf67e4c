import type { Universe } from './asset.js';
import { isPrice, type Frame, type Ticker } from './frame.js';
import { PairGraph } from './pair-graph.js';
import type { PairTable } from './pair-table.js';

/** How a rate was found: the asset itself, a listed pair, a listed pair the other way, or several legs. */
export type RateSource = 'IDENTITY' | 'DIRECT' | 'INVERSE' | 'CROSS';

/**
 * The rates of every ordered pair of a universe in one frame. Cell (i, j) stands at `i * size + j`
 * and is in units of asset j per one asset i; NaN where there is no path.
 */
export interface Rates {
  readonly universe: Universe;
  readonly size: number;
  /** B: rates at the last prices. */
  readonly last: Float64Array;
  /** A: rates at the prices 24 h ago, along the same paths. */
  readonly open: Float64Array;
  /** How the rate from asset i to asset j was found, or null where there is none. */
  source(i: number, j: number): RateSource | null;
  /** The tickers along the path from asset i to asset j; empty for i = j and where there is none. */
  path(i: number, j: number): readonly Ticker[];
  /** Where all rates come from: what {@link path} says of each, worked out for all of them at once. */
  provenance(observedAt: number): Provenance;
}

/** Where the rates of all pairs come from, cell by cell. */
export interface Provenance {
  /** {@link rateAge} in milliseconds, NaN where there is no path. */
  readonly ages: PairTable;
  /** How many listed pairs the rate is made of: 0 on the diagonal, NaN where there is no path. */
  readonly legs: PairTable;
}

/**
 * Finds all rates of a universe in a frame. Where a pair is not listed either way, the rate is the
 * product of the legs, left to right, along the best path: fewest legs, then the smallest sum of
 * relative spreads, then the symbol names in order of the legs. It is sought from the asset whose
 * name sorts first, and the other direction takes it in reverse. A rate that leaves the range of a
 * double counts as no path.
 */
export function findRates(frame: Frame, universe: Universe): Rates {
  const size = universe.length;
  const graph = new PairGraph(frame, universe);
  const last = new Float64Array(size * size).fill(NaN);
  const open = new Float64Array(size * size).fill(NaN);
  /** The legs of the paths of three legs and more, by cell. */
  const longPaths = new Map<number, Int32Array>();
  graph.writeNearRates(last, open);
  graph.eachLongPath((start, end, legs) => {
    setLongPath(start, end, legs);
    setLongPath(end, start, Int32Array.from(legs).reverse());
  });

  function setLongPath(i: number, j: number, legs: Int32Array): void {
    longPaths.set(i * size + j, legs);
    let [b, a, at] = [1, 1, i];
    for (const leg of legs) {
      b *= graph.lastFrom(at, leg);
      a *= graph.openFrom(at, leg);
      at = graph.base(leg) === at ? graph.quote(leg) : graph.base(leg);
    }
    if (!isPrice(b) || !isPrice(a)) return;
    last[i * size + j] = b;
    open[i * size + j] = a;
  }

  const source = (i: number, j: number): RateSource | null => {
    if (Number.isNaN(last[i * size + j])) return null;
    if (i === j) return 'IDENTITY';
    if (graph.listedLeg(i, j) !== -1) return 'DIRECT';
    return graph.listedLeg(j, i) === -1 ? 'CROSS' : 'INVERSE';
  };
  const legsBetween = (i: number, j: number): readonly number[] => {
    switch (source(i, j)) {
      case 'DIRECT':
        return [graph.listedLeg(i, j)];
      case 'INVERSE':
        return [graph.listedLeg(j, i)];
      case 'CROSS': {
        const long = longPaths.get(i * size + j);
        if (long) return [...long];
        if (graph.seeksFrom(i, j)) return graph.bestTwoLegs(i, j) ?? [];
        return [...(graph.bestTwoLegs(j, i) ?? [])].reverse();
      }
      default:
        return [];
    }
  };
  const provenance = (observedAt: number): Provenance => {
    const ages = new Float64Array(size * size).fill(NaN);
    const legs = new Float64Array(size * size).fill(NaN);
    const legAges = Float64Array.from({ length: graph.legCount }, (_, leg) =>
      ageOf([graph.ticker(leg)], observedAt),
    );
    graph.writeNearOrigins(legAges, ages, legs);
    for (const [cell, path] of longPaths) {
      ages[cell] = 0;
      for (const leg of path) ages[cell] = Math.max(ages[cell], legAges[leg] as number);
      legs[cell] = path.length;
    }
    for (let cell = 0; cell < last.length; cell++) {
      if (Number.isNaN(last[cell])) ages[cell] = legs[cell] = NaN;
    }
    return { ages: { universe, cells: ages }, legs: { universe, cells: legs } };
  };
  return {
    universe,
    size,
    last,
    open,
    source,
    provenance,
    path: (i, j) => legsBetween(i, j).map((leg) => graph.ticker(leg)),
  };
}

/**
 * The age of a cell in milliseconds: `observedAt` minus the close time of its oldest leg, at least
 * 0; 0 on the diagonal, null where there is no path.
 */
export function rateAge(rates: Rates, observedAt: number, i: number, j: number): number | null {
  return rates.source(i, j) === null ? null : ageOf(rates.path(i, j), observedAt);
}

/** The age of the oldest leg; 0 without any. */
function ageOf(path: readonly Ticker[], observedAt: number): number {
  let oldest = observedAt;
  for (const { closeTime } of path) oldest = Math.min(oldest, closeTime);
  return observedAt - oldest;
}
