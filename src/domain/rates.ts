import { compareCodeUnits, type Asset, type Universe } from './asset.js';
import { isPrice, type Frame, type Ticker } from './frame.js';
import { PairGraph, roomForTwoLegPaths } from './pair-graph.js';

/** How a rate was found: the asset itself, a listed pair, a listed pair the other way, or several legs. */
export type RateSource = 'IDENTITY' | 'DIRECT' | 'INVERSE' | 'CROSS';

/** {@link RateSource} by its code in {@link Rates.sourceCodes}; code 0 is "no path". */
const SOURCES: readonly (RateSource | null)[] = [null, 'IDENTITY', 'DIRECT', 'INVERSE', 'CROSS'];
const IDENTITY = 1;
const DIRECT = 2;
const INVERSE = 3;
const CROSS = 4;

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
  readonly sourceCodes: Uint8Array;
  /** The tickers along the path from asset i to asset j; empty for i = j and where there is none. */
  path(i: number, j: number): readonly Ticker[];
}

/** How the rate of cell (i, j) was found, or null where there is none. */
export function rateSource(rates: Rates, i: number, j: number): RateSource | null {
  return SOURCES[rates.sourceCodes[i * rates.size + j] ?? 0] ?? null;
}

/** The position of each asset in a universe. */
export function indexAssets(universe: Universe): ReadonlyMap<Asset, number> {
  return new Map(universe.map((asset, index) => [asset, index]));
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
  const sourceCodes = new Uint8Array(size * size);
  /** The legs of a cross rate of two legs, from i to j; those of longer ones, by cell. */
  const firstLeg = new Int32Array(size * size).fill(-1);
  const secondLeg = new Int32Array(size * size);
  const longPaths = new Map<number, Int32Array>();

  const setRate = (cell: number, b: number, a: number, source: number): void => {
    if (!isPrice(b) || !isPrice(a)) return;
    last[cell] = b;
    open[cell] = a;
    sourceCodes[cell] = source;
  };

  for (let i = 0; i < size; i++) setRate(i * size + i, 1, 1, IDENTITY);
  for (let leg = 0; leg < graph.legCount; leg++) {
    const [i, j] = [graph.base(leg), graph.quote(leg)];
    if (graph.listedLeg(i, j) !== leg) continue;
    setRate(i * size + j, graph.last(leg), graph.open(leg), DIRECT);
    if (graph.listedLeg(j, i) === -1) {
      setRate(j * size + i, 1 / graph.last(leg), 1 / graph.open(leg), INVERSE);
    }
  }

  const byName = Array.from(universe.keys()).sort((i, j) =>
    compareCodeUnits(universe[i] as string, universe[j] as string),
  );
  const rank = new Int32Array(size);
  byName.forEach((asset, position) => (rank[asset] = position));
  const reachable = graph.reachableCounts();
  const found = roomForTwoLegPaths(size);
  for (const start of byName) {
    const reached = graph.findTwoLegPaths(start, found);
    for (let at = 0; at < found.count; at++) {
      const end = found.ends[at] as number;
      if ((rank[end] as number) < (rank[start] as number)) continue;
      const [first, second] = [found.first[end] as number, found.second[end] as number];
      const via = graph.base(first) === start ? graph.quote(first) : graph.base(first);
      const [there, back] = [start * size + end, end * size + start];
      firstLeg[there] = secondLeg[back] = first;
      secondLeg[there] = firstLeg[back] = second;
      setRate(
        there,
        graph.lastFrom(start, first) * graph.lastFrom(via, second),
        graph.openFrom(start, first) * graph.openFrom(via, second),
        CROSS,
      );
      setRate(
        back,
        graph.lastFrom(end, second) * graph.lastFrom(via, first),
        graph.openFrom(end, second) * graph.openFrom(via, first),
        CROSS,
      );
    }
    if (reached === reachable[start]) continue;
    graph.eachLongPath(start, rank, (end, legs) => {
      const back = Int32Array.from(legs).reverse();
      setLongPath(start, end, legs);
      setLongPath(end, start, back);
    });
  }

  function setLongPath(i: number, j: number, legs: Int32Array): void {
    longPaths.set(i * size + j, legs);
    let [b, a, at] = [1, 1, i];
    for (const leg of legs) {
      b *= graph.lastFrom(at, leg);
      a *= graph.openFrom(at, leg);
      at = graph.base(leg) === at ? graph.quote(leg) : graph.base(leg);
    }
    setRate(i * size + j, b, a, CROSS);
  }

  const legsBetween = (i: number, j: number): readonly number[] => {
    switch (sourceCodes[i * size + j]) {
      case DIRECT:
        return [graph.listedLeg(i, j)];
      case INVERSE:
        return [graph.listedLeg(j, i)];
      case CROSS: {
        const cell = i * size + j;
        const first = firstLeg[cell] as number;
        return first === -1 ? [...(longPaths.get(cell) ?? [])] : [first, secondLeg[cell] as number];
      }
      default:
        return [];
    }
  };
  return {
    universe,
    size,
    last,
    open,
    sourceCodes,
    path: (i, j) => legsBetween(i, j).map((leg) => graph.ticker(leg)),
  };
}

/**
 * The age of a cell in milliseconds: `observedAt` minus the close time of its oldest leg, at least
 * 0; 0 on the diagonal, null where there is no path.
 */
export function rateAge(rates: Rates, observedAt: number, i: number, j: number): number | null {
  if (rateSource(rates, i, j) === null) return null;
  const oldest = Math.min(...rates.path(i, j).map((ticker) => ticker.closeTime));
  return i === j ? 0 : Math.max(0, observedAt - oldest);
}
