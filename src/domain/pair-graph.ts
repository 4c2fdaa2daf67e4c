import type { Universe } from './asset.js';
import type { Frame, Ticker } from './frame.js';
import {
  writeListedRates,
  writeNearOrigins,
  writeTwoLegRates,
  type SlotPrices,
} from './near-rates.js';
import { pairLayout, type PairLayout } from './pair-layout.js';
import { addUnlessBeaten, bestLabel, legsOf, type Label } from './path-labels.js';

/**
 * The listed pairs of a frame as a graph with prices: assets are nodes, by their index in the
 * universe, and pairs are legs, numbered in the order of their symbols, so that comparing leg
 * numbers is comparing symbol names. Flat arrays throughout: this is walked for every pair of assets.
 */
export class PairGraph {
  readonly #layout: PairLayout;
  readonly #tickers: readonly Ticker[];
  readonly #prices: SlotPrices;

  constructor(frame: Frame, universe: Universe) {
    const layout = (this.#layout = pairLayout(frame, universe));
    const { legCount, baseSlot, quoteSlot } = layout;
    this.#tickers = frame.tickers;
    const prices = (this.#prices = {
      spread: new Float64Array(2 * legCount),
      last: new Float64Array(2 * legCount),
      open: new Float64Array(2 * legCount),
    });
    for (let leg = 0; leg < legCount; leg++) {
      const { last, open, bid, ask } = this.ticker(leg);
      const there = baseSlot[leg] as number;
      const back = quoteSlot[leg] as number;
      prices.spread[there] = prices.spread[back] = relativeSpread(bid, ask);
      prices.last[there] = last;
      prices.last[back] = 1 / last;
      prices.open[there] = open;
      prices.open[back] = 1 / open;
    }
  }

  get legCount(): number {
    return this.#layout.legCount;
  }

  /** Asset index of the leg's base. */
  base(leg: number): number {
    return this.#layout.base[leg] as number;
  }

  /** Asset index of the leg's quote. */
  quote(leg: number): number {
    return this.#layout.quote[leg] as number;
  }

  /** Last price of a leg walked from an asset: units of the other end per one of it. */
  lastFrom(asset: number, leg: number): number {
    return this.#prices.last[this.#slotAt(asset, leg)] as number;
  }

  /** The same at the price 24 h ago. */
  openFrom(asset: number, leg: number): number {
    return this.#prices.open[this.#slotAt(asset, leg)] as number;
  }

  ticker(leg: number): Ticker {
    return this.#tickers[this.#layout.tickerOf[leg] as number] as Ticker;
  }

  /** The leg that lists asset i as base and asset j as quote, or -1. */
  listedLeg(i: number, j: number): number {
    return this.#layout.listed[i * this.#layout.size + j] as number;
  }

  /** Whether the best paths between two assets are sought from the first of them. */
  seeksFrom(i: number, j: number): boolean {
    const { rank } = this.#layout;
    return (rank[i] as number) < (rank[j] as number);
  }

  /**
   * The best path of exactly two legs between two assets, from `from` to `to`: the smallest sum of
   * relative spreads, then the symbol names in order of the legs. Null where there is none.
   */
  bestTwoLegs(from: number, to: number): readonly [number, number] | null {
    let best: [number, number] | null = null;
    let bestSpread = Infinity;
    for (const first of this.#legsAt(from)) {
      const via = this.#otherEnd(first, from);
      if (via === to) continue;
      for (const second of this.#legsAt(via)) {
        if (this.#otherEnd(second, via) !== to) continue;
        const spread = this.#spreadOf(first) + this.#spreadOf(second);
        const wins =
          best === null ||
          spread < bestSpread ||
          (spread === bestSpread && (first < best[0] || (first === best[0] && second < best[1])));
        if (wins) [best, bestSpread] = [[first, second], spread];
      }
    }
    return best;
  }

  /**
   * Writes the rates between all assets that one leg or two join, at `from * size + to`. Of paths of
   * two legs the best counts, as {@link bestTwoLegs} has it for whichever of the two assets they are
   * sought from. What is not reached is left as it is.
   */
  writeNearRates(last: Float64Array, open: Float64Array): void {
    writeListedRates(this.#layout, this.#prices, last, open);
    writeTwoLegRates(this.#layout, this.#prices, last, open);
  }

  /** Writes where the same rates come from: how old their oldest leg is, and how many legs they have. */
  writeNearOrigins(legAges: Float64Array, ages: Float64Array, legs: Float64Array): void {
    writeNearOrigins(this.#layout, this.#prices, legAges, ages, legs);
  }

  /**
   * Visits the best path between each two assets that three legs or more join, and no fewer: the
   * smallest sum of relative spreads, then the symbol names in order of the legs.
   *
   * With labels: a node keeps every label that might begin a best path further on, those not beaten in
   * both the sum of spreads and the names. Keeping only the best label would go wrong where sums that
   * differ become equal: through rounding, or an unknown (infinite) spread.
   */
  eachLongPath(visit: (start: number, end: number, legs: Int32Array) => void): void {
    const { farStarts, size, rank } = this.#layout;
    const distance = new Int32Array(size);
    for (const start of farStarts) {
      const labels = new Map<number, Label[]>([[start, [{ spread: 0, parent: null, leg: -1 }]]]);
      for (const end of this.#measure(start, distance)) {
        const legs = distance[end] as number;
        if (legs < 3 || (rank[end] as number) < (rank[start] as number)) continue;
        visit(start, end, legsOf(bestLabel(this.#labelsAt(end, distance, labels)), legs));
      }
    }
  }

  /** Writes how many legs away every asset is, -1 for out of reach. @returns those within reach */
  #measure(start: number, distance: Int32Array): readonly number[] {
    const { from, endOf } = this.#layout;
    distance.fill(-1);
    distance[start] = 0;
    const reached = [start];
    for (const node of reached) {
      const slots = from[node + 1] as number;
      for (let slot = from[node] as number; slot < slots; slot++) {
        const end = endOf[slot] as number;
        if (distance[end] !== -1) continue;
        distance[end] = (distance[node] as number) + 1;
        reached.push(end);
      }
    }
    return reached;
  }

  /** The labels of a node, from those of the nodes a leg before it; those found are kept in `known`. */
  #labelsAt(node: number, distance: Int32Array, known: Map<number, Label[]>): readonly Label[] {
    const found = known.get(node);
    if (found) return found;
    const { from, legOf, endOf } = this.#layout;
    const labels: Label[] = [];
    const slots = from[node + 1] as number;
    for (let slot = from[node] as number; slot < slots; slot++) {
      const before = endOf[slot] as number;
      if (distance[before] !== (distance[node] as number) - 1) continue;
      const leg = legOf[slot] as number;
      for (const parent of this.#labelsAt(before, distance, known)) {
        const spread = parent.spread + this.#spreadOf(leg);
        addUnlessBeaten(labels, { spread, parent, leg });
      }
    }
    known.set(node, labels);
    return labels;
  }

  #spreadOf(leg: number): number {
    return this.#prices.spread[this.#layout.baseSlot[leg] as number] as number;
  }

  #slotAt(asset: number, leg: number): number {
    const { base, baseSlot, quoteSlot } = this.#layout;
    return (base[leg] === asset ? baseSlot[leg] : quoteSlot[leg]) as number;
  }

  #legsAt(node: number): Int32Array {
    const { from, legOf } = this.#layout;
    return legOf.subarray(from[node], from[node + 1]);
  }

  #otherEnd(leg: number, node: number): number {
    return this.base(leg) === node ? this.quote(leg) : this.base(leg);
  }
}

/**
 * `(ask - bid) / ((ask + bid) / 2)`; infinite, meaning unknown, where bid or ask is not positive or
 * the ask is below the bid.
 */
function relativeSpread(bid: number, ask: number): number {
  if (!(bid > 0) || !(ask > 0) || ask < bid) return Infinity;
  return (ask - bid) / ((ask + bid) / 2);
}
