import { indexAt, numberAt } from '../cells.js';
import type { PairTable } from '../pair-table.js';
import { visitBestPaths, type PathVisitor } from './best-paths.js';
import type { PathSearch } from './path-search.js';
import type { Rates } from './rates.js';
import { legRate, tradeRate, type TradePrice } from './trade-price.js';

/**
 * The rates of all pairs at a price to trade at: the product of {@link legRate the rates of the legs},
 * left to right, along the path of the last rate. Diagonal 1; NaN where there is no path, and where bid
 * and ask of a leg are unknown.
 */
export function tradeRates(rates: Rates, trade: TradePrice): PairTable {
  const table = new TradeRates(rates, trade);
  visitBestPaths(rates.graph, rates.prices, table);
  return { universe: rates.universe, cells: table.cells };
}

/** The same of one cell, without working out the others; null where there is none. */
export function tradeRateOf(rates: Rates, trade: TradePrice, i: number, j: number): number | null {
  if (rates.source(i, j) === null) return null;
  let product = 1;
  let held = rates.universe[i];
  for (const { base, quote, bid, ask } of rates.path(i, j)) {
    const isForward = base === held;
    product *= legRate(trade, bid, ask, isForward);
    held = isForward ? quote : base;
  }
  const rate = tradeRate(product, trade);
  return Number.isNaN(rate) ? null : rate;
}

class TradeRates implements PathVisitor {
  readonly cells: Float64Array;
  readonly #rates: Rates;
  readonly #trade: TradePrice;
  /** By step: the rate of its leg. */
  readonly #steps: Float64Array;

  constructor(rates: Rates, trade: TradePrice) {
    this.#rates = rates;
    this.#trade = trade;
    this.cells = new Float64Array(rates.last.length).fill(NaN);
    this.#steps = stepRates(rates, trade);
    for (let asset = 0; asset < rates.size; asset++) this.#write(asset, asset, 1);
  }

  listed(from: number, to: number, step: number): void {
    this.#write(from, to, numberAt(this.#steps, step));
  }

  twoLegs(start: number, end: number, first: number, back: number): void {
    const { backOf } = this.#rates.graph;
    const steps = this.#steps;
    const there = numberAt(steps, first) * numberAt(steps, indexAt(backOf, back));
    this.#write(start, end, there);
    this.#write(end, start, numberAt(steps, back) * numberAt(steps, indexAt(backOf, first)));
  }

  longer(start: number, end: number, _best: number, search: PathSearch): void {
    const { backOf } = this.#rates.graph;
    const there = search.stepsTo(end);
    const back = there.map((step) => indexAt(backOf, step)).reverse();
    this.#write(start, end, this.#product(there));
    this.#write(end, start, this.#product(back));
  }

  #product(steps: readonly number[]): number {
    return steps.reduce((product, step) => product * numberAt(this.#steps, step), 1);
  }

  #write(from: number, to: number, product: number): void {
    const { positionOf, size } = this.#rates.graph;
    const cell = indexAt(positionOf, from) * size + indexAt(positionOf, to);
    if (Number.isNaN(numberAt(this.#rates.last, cell))) return;
    this.cells[cell] = tradeRate(product, this.#trade);
  }
}

function stepRates(rates: Rates, trade: TradePrice): Float64Array {
  const { baseStep, legOf } = rates.graph;
  return Float64Array.from(legOf, (leg, step) => {
    const { bid, ask } = rates.tickerOf(step);
    return legRate(trade, bid, ask, indexAt(baseStep, leg) === step);
  });
}
