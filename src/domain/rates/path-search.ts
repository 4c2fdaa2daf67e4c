import { indexAt, numberAt } from '../cells.js';
import type { PairGraph } from './pair-graph.js';
import { isBetter } from './path-rule.js';
import type { StepPrices } from './step-prices.js';

/** More legs than any path has. */
const NO_PATH = 2 ** 30;

/** Paths that start at the same asset, by number, each as its last step and the path before that. */
interface Paths {
  readonly step: Int32Array;
  readonly before: Int32Array;
  /** The sum of relative spreads, from the first leg to the last. */
  readonly spread: Float64Array;
  /** The product of the rates, from the first leg to the last, now and 24 h ago. */
  readonly last: Float64Array;
  readonly open: Float64Array;
}

/**
 * Finds the best paths from one asset to others, leg by leg. Paths are found in the order of names,
 * because those of a leg less are extended in this order, each by its next legs in order. So the
 * number of a path is its place in the order of names, and what is not better than a path that was
 * found before can be forgotten.
 *
 * It is not enough to keep the best path to each asset on the way: sums that differ become equal
 * through rounding, or an unknown (infinite) spread, and then names decide.
 */
export class PathSearch {
  readonly #graph: PairGraph;
  readonly #prices: StepPrices;
  /** By asset: the number of legs of the paths to it that were found, and the best of these. */
  readonly #legs: Int32Array;
  readonly #best: Int32Array;
  #paths: Paths;
  /** How many paths there are. */
  #count = 0;

  constructor(graph: PairGraph, prices: StepPrices) {
    this.#graph = graph;
    this.#prices = prices;
    this.#legs = new Int32Array(graph.size);
    this.#best = new Int32Array(graph.size);
    this.#paths = makePaths(4 * graph.size);
  }

  /** The paths that were found; 0 is the one without a leg. */
  get paths(): Paths {
    return this.#paths;
  }

  /** Finds the best path from an asset to each within its reach whose name sorts after its own. */
  from(start: number): void {
    this.#begin(start);
    let left = indexAt(this.#graph.ahead, start);
    let path = 0;
    for (let legs = 1; left > 0; legs++) {
      const layer = this.#count;
      for (; path < layer; path++) left -= this.#extend(path, start, legs);
    }
  }

  /** Finds the best path of two legs from an asset to one that a leg joins it to. */
  beside(start: number, end: number): void {
    this.#begin(start);
    // What is closed has paths of fewer legs.
    this.#legs[end] = 0;
    this.#extend(0, start, 1);
    this.#legs.fill(0);
    this.#legs[end] = NO_PATH;
    const layer = this.#count;
    for (let path = 1; path < layer; path++) this.#extend(path, start, 2);
  }

  /** The legs of the best path to an asset; 0 where none was found. */
  legsTo(end: number): number {
    const legs = indexAt(this.#legs, end);
    return legs === NO_PATH ? 0 : legs;
  }

  /** The steps of the best path to an asset, from the start on. */
  stepsTo(end: number): number[] {
    const steps: number[] = [];
    if (this.legsTo(end) === 0) return steps;
    for (let path = this.bestTo(end); path > 0; path = indexAt(this.#paths.before, path)) {
      steps.push(indexAt(this.#paths.step, path));
    }
    return steps.reverse();
  }

  /** The number of the best path to an asset that one was found to. */
  bestTo(end: number): number {
    return indexAt(this.#best, end);
  }

  #begin(start: number): void {
    this.#legs.fill(NO_PATH);
    this.#legs[start] = 0;
    this.#best[start] = 0;
    this.#paths.spread[0] = 0;
    this.#paths.last[0] = this.#paths.open[0] = 1;
    this.#count = 1;
  }

  /**
   * Finds the paths that go one leg further than a path.
   * @returns to how many assets, whose names sort after the start's, these are the first
   */
  #extend(path: number, start: number, legs: number): number {
    const { stepsFrom, endOf } = this.#graph;
    const { spread, last, open } = this.#prices;
    const known = this.#legs;
    const best = this.#best;
    const asset = path === 0 ? start : indexAt(endOf, indexAt(this.#paths.step, path));
    const stop = indexAt(stepsFrom, asset + 1);
    const paths = this.#withRoomFor(stop - indexAt(stepsFrom, asset));
    let count = this.#count;
    let reached = 0;
    for (let step = indexAt(stepsFrom, asset); step < stop; step++) {
      const end = indexAt(endOf, step);
      if (indexAt(known, end) < legs) continue;
      const sum = numberAt(paths.spread, path) + numberAt(spread, step);
      if (indexAt(known, end) > legs) {
        known[end] = legs;
        if (end > start) reached++;
      } else {
        const other = indexAt(best, end);
        if (!isBetter(sum, count, numberAt(paths.spread, other), other)) continue;
      }
      paths.step[count] = step;
      paths.before[count] = path;
      paths.spread[count] = sum;
      paths.last[count] = numberAt(paths.last, path) * numberAt(last, step);
      paths.open[count] = numberAt(paths.open, path) * numberAt(open, step);
      best[end] = count++;
    }
    this.#count = count;
    return reached;
  }

  #withRoomFor(more: number): Paths {
    const needed = this.#count + more;
    if (needed > this.#paths.step.length) {
      const { step, before, spread, last, open } = this.#paths;
      this.#paths = makePaths(2 * needed);
      this.#paths.step.set(step);
      this.#paths.before.set(before);
      this.#paths.spread.set(spread);
      this.#paths.last.set(last);
      this.#paths.open.set(open);
    }
    return this.#paths;
  }
}

function makePaths(room: number): Paths {
  return {
    step: new Int32Array(room),
    before: new Int32Array(room),
    spread: new Float64Array(room),
    last: new Float64Array(room),
    open: new Float64Array(room),
  };
}
