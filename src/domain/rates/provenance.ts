import { indexAt, numberAt } from '../cells.js';
import type { Ticker } from '../frame.js';
import type { PairTable } from '../pair-table.js';
import { visitBestPaths, type PathVisitor } from './best-paths.js';
import type { PairGraph } from './pair-graph.js';
import type { PathSearch } from './path-search.js';
import type { Rates } from './rates.js';

/** Where the rates of all pairs come from, cell by cell. */
export interface Provenance {
  /** {@link rateAge} in milliseconds, NaN where there is no path. */
  readonly ages: PairTable;
  /** How many listed pairs the rate is made of: 0 on the diagonal, NaN where there is no path. */
  readonly legs: PairTable;
}

/**
 * The age of a cell in milliseconds: `observedAt` minus the close time of its oldest leg, at least
 * 0; 0 on the diagonal, null where there is no path.
 */
export function rateAge(rates: Rates, observedAt: number, i: number, j: number): number | null {
  if (rates.source(i, j) === null) return null;
  return Math.max(0, ...rates.path(i, j).map((ticker) => ageOf(ticker, observedAt)));
}

/** How old a price is at a moment, milliseconds, at least 0. */
export function ageOf({ closeTime }: Ticker, observedAt: number): number {
  return Math.max(0, observedAt - closeTime);
}

/** What {@link rateAge} and {@link Rates.path} say of each cell, worked out for all of them at once. */
export function provenance(rates: Rates, observedAt: number): Provenance {
  const origins = new Origins(rates, observedAt);
  visitBestPaths(rates.graph, rates.prices, origins);
  const { universe } = rates;
  return {
    ages: { universe, cells: origins.ages },
    legs: { universe, cells: origins.legs },
  };
}

class Origins implements PathVisitor {
  readonly ages: Float64Array;
  readonly legs: Float64Array;
  readonly #graph: PairGraph;
  readonly #rates: Float64Array;
  /** By step: the age of its leg. */
  readonly #stepAges: Float64Array;

  constructor(rates: Rates, observedAt: number) {
    this.#graph = rates.graph;
    this.#rates = rates.last;
    this.ages = new Float64Array(rates.last.length).fill(NaN);
    this.legs = new Float64Array(rates.last.length).fill(NaN);
    const { length } = rates.graph.legOf;
    this.#stepAges = new Float64Array(length);
    for (let step = 0; step < length; step++) {
      this.#stepAges[step] = ageOf(rates.tickerOf(step), observedAt);
    }
    for (let asset = 0; asset < rates.size; asset++) this.#write(asset, asset, 0, 0);
  }

  listed(from: number, to: number, step: number): void {
    this.#write(from, to, numberAt(this.#stepAges, step), 1);
  }

  twoLegs(start: number, end: number, first: number, back: number): void {
    this.#writeBoth(
      start,
      end,
      larger(numberAt(this.#stepAges, first), numberAt(this.#stepAges, back)),
      2,
    );
  }

  longer(start: number, end: number, best: number, { paths }: PathSearch): void {
    let age = 0;
    let legs = 0;
    for (let path = best; path > 0; path = indexAt(paths.before, path)) {
      age = larger(age, numberAt(this.#stepAges, indexAt(paths.step, path)));
      legs++;
    }
    this.#writeBoth(start, end, age, legs);
  }

  #writeBoth(one: number, other: number, age: number, legs: number): void {
    this.#write(one, other, age, legs);
    this.#write(other, one, age, legs);
  }

  #write(from: number, to: number, age: number, legs: number): void {
    const { positionOf, size } = this.#graph;
    const cell = indexAt(positionOf, from) * size + indexAt(positionOf, to);
    if (Number.isNaN(numberAt(this.#rates, cell))) return;
    this.ages[cell] = age;
    this.legs[cell] = legs;
  }
}

function larger(one: number, other: number): number {
  return one > other ? one : other;
}
