import { indexAt, numberAt } from '../cells.js';
import { isPrice } from '../frame.js';
import type { PathVisitor } from './best-paths.js';
import type { PairGraph } from './pair-graph.js';
import type { PathSearch } from './path-search.js';
import type { StepPrices } from './step-prices.js';

/** Writes the rates along the best paths: at `i * size + j`, NaN where there is none. */
export class RateCells implements PathVisitor {
  readonly last: Float64Array;
  readonly open: Float64Array;
  readonly #graph: PairGraph;
  readonly #prices: StepPrices;

  constructor(graph: PairGraph, prices: StepPrices) {
    const { size } = graph;
    this.#graph = graph;
    this.#prices = prices;
    this.last = new Float64Array(size * size).fill(NaN);
    this.open = new Float64Array(size * size).fill(NaN);
    for (let asset = 0; asset < size; asset++) this.#write(asset, asset, 1, 1);
  }

  listed(from: number, to: number, step: number): void {
    const { last, open } = this.#prices;
    this.#write(from, to, numberAt(last, step), numberAt(open, step));
  }

  twoLegs(start: number, end: number, first: number, back: number): void {
    const { last, open } = this.#prices;
    const { backOf } = this.#graph;
    const second = indexAt(backOf, back);
    const firstBack = indexAt(backOf, first);
    const b = numberAt(last, first) * numberAt(last, second);
    const a = numberAt(open, first) * numberAt(open, second);
    this.#write(start, end, b, a);
    const inverseB = numberAt(last, back) * numberAt(last, firstBack);
    const inverseA = numberAt(open, back) * numberAt(open, firstBack);
    this.#write(end, start, inverseB, inverseA);
  }

  longer(start: number, end: number, best: number, { paths }: PathSearch): void {
    this.#write(start, end, numberAt(paths.last, best), numberAt(paths.open, best));
    const { last, open } = this.#prices;
    const { backOf } = this.#graph;
    let b = 1;
    let a = 1;
    for (let path = best; path > 0; path = indexAt(paths.before, path)) {
      const back = indexAt(backOf, indexAt(paths.step, path));
      b *= numberAt(last, back);
      a *= numberAt(open, back);
    }
    this.#write(end, start, b, a);
  }

  #write(from: number, to: number, b: number, a: number): void {
    if (!isPrice(b) || !isPrice(a)) return;
    const { positionOf, size } = this.#graph;
    const cell = indexAt(positionOf, from) * size + indexAt(positionOf, to);
    this.last[cell] = b;
    this.open[cell] = a;
  }
}
