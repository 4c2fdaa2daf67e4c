import type { Universe } from '../asset.js';
import { indexAt } from '../cells.js';
import type { Frame, Ticker } from '../frame.js';
import { visitBestPaths } from './best-paths.js';
import type { PairGraph, PairGraphs } from './pair-graph.js';
import { PathSearch } from './path-search.js';
import { RateCells } from './rate-cells.js';
import { stepPrices, type StepPrices } from './step-prices.js';

/** How a rate was found: the asset itself, a listed pair, a listed pair the other way, or several legs. */
export type RateSource = 'IDENTITY' | 'DIRECT' | 'INVERSE' | 'CROSS';

/**
 * The rates of every ordered pair of a universe in one frame. Where a pair is not listed either way,
 * the rate is the product of the legs, left to right, along the best path (see `path-rule.ts`). A
 * rate that leaves the range of a double counts as no path.
 *
 * Cell (i, j) stands at `i * size + j` and is in units of asset j per one asset i; NaN where there is
 * no path. Assets are positions in the universe.
 */
export class Rates {
  readonly size: number;
  /** B: rates at the last prices. */
  readonly last: Float64Array;
  /** A: rates at the prices 24 h ago, along the same paths. */
  readonly open: Float64Array;
  readonly graph: PairGraph;
  readonly prices: StepPrices;
  readonly #frame: Frame;
  #search: { readonly start: number; readonly paths: PathSearch } | undefined;

  constructor(
    frame: Frame,
    readonly universe: Universe,
    graphs: PairGraphs,
  ) {
    this.size = universe.length;
    this.#frame = frame;
    this.graph = graphs.of(frame, universe);
    this.prices = stepPrices(frame, this.graph);
    const cells = new RateCells(this.graph, this.prices);
    visitBestPaths(this.graph, this.prices, cells);
    this.last = cells.last;
    this.open = cells.open;
  }

  /** How the rate from asset i to asset j was found, or null where there is none. */
  source(i: number, j: number): RateSource | null {
    if (Number.isNaN(this.last[i * this.size + j])) return null;
    if (i === j) return 'IDENTITY';
    const step = this.#listed(i, j);
    if (step === undefined) return 'CROSS';
    return this.graph.baseStep[indexAt(this.graph.legOf, step)] === step ? 'DIRECT' : 'INVERSE';
  }

  /** The tickers along the path from asset i to asset j; empty for i = j and where there is none. */
  path(i: number, j: number): readonly Ticker[] {
    const source = this.source(i, j);
    if (source === null || source === 'IDENTITY') return [];
    if (source === 'CROSS') return this.#cross(i, j).map((step) => this.tickerOf(step));
    return [this.tickerOf(this.#listed(i, j) as number)];
  }

  /** The ticker of a step. */
  tickerOf(step: number): Ticker {
    const leg = indexAt(this.graph.legOf, step);
    return this.#frame.tickers[indexAt(this.graph.tickerOf, leg)] as Ticker;
  }

  /** The step that gives the rate from asset i to asset j, where the pair is listed. */
  #listed(i: number, j: number): number | undefined {
    const { numberOf, stepsFrom, endOf, isListing } = this.graph;
    const end = indexAt(numberOf, j);
    const start = indexAt(numberOf, i);
    const stop = indexAt(stepsFrom, start + 1);
    for (let step = indexAt(stepsFrom, start); step < stop; step++) {
      if (endOf[step] === end && isListing[step] === 1) return step;
    }
    return undefined;
  }

  #cross(i: number, j: number): number[] {
    const [from, to] = [indexAt(this.graph.numberOf, i), indexAt(this.graph.numberOf, j)];
    const start = Math.min(from, to);
    if (this.#search?.start !== start) {
      const paths = this.#search?.paths ?? new PathSearch(this.graph, this.prices);
      paths.from(start);
      this.#search = { start, paths };
    }
    const steps = this.#search.paths.stepsTo(Math.max(from, to));
    return from === start ? steps : steps.reverse();
  }
}
