import type { Universe } from './asset.js';
import { isPrice, type Frame, type Ticker } from './frame.js';
import { pairLayout, type PairLayout } from './pair-layout.js';

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

  /**
   * Visits the best path between each two assets that three legs or more join, and no fewer: the
   * smallest sum of relative spreads, then the symbol names in order of the legs.
   *
   * Level by level, with labels. A node keeps every label that might begin a best path further on:
   * those not beaten in both the sum of spreads and the names. Keeping only the best label would
   * go wrong where sums that differ become equal: through rounding, or an unknown (infinite) spread.
   */
  eachLongPath(visit: (start: number, end: number, legs: Int32Array) => void): void {
    const { farStarts, size, rank } = this.#layout;
    const distance = new Int32Array(size);
    for (const start of farStarts) {
      for (const end of this.#measure(start, distance)) {
        const legs = distance[end] as number;
        if (legs < 3 || (rank[end] as number) < (rank[start] as number)) continue;
        let labels = new Map<number, Label[]>([[start, [{ spread: 0, parent: null, leg: -1 }]]]);
        for (const level of this.#levelsBefore(end, distance)) {
          labels = new Map(level.map((node) => [node, this.#labelsAt(node, labels)]));
        }
        visit(start, end, legsOf(bestLabel(this.#labelsAt(end, labels)), legs));
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

  /** The assets on the shortest paths to one, by their distance from 1 on. */
  #levelsBefore(end: number, distance: Int32Array): readonly (readonly number[])[] {
    const levels: number[][] = [];
    let level: readonly number[] = [end];
    for (let depth = (distance[end] as number) - 1; depth > 0; depth--) {
      const before = new Set<number>();
      for (const node of level) {
        for (const leg of this.#legsAt(node)) {
          const other = this.#otherEnd(leg, node);
          if (distance[other] === depth) before.add(other);
        }
      }
      levels.unshift((level = [...before]));
    }
    return levels;
  }

  /** The labels of a node from those of the nodes a leg before it. */
  #labelsAt(node: number, before: ReadonlyMap<number, readonly Label[]>): Label[] {
    const labels: Label[] = [];
    for (const leg of this.#legsAt(node)) {
      for (const parent of before.get(this.#otherEnd(leg, node)) ?? []) {
        const spread = parent.spread + this.#spreadOf(leg);
        addUnlessBeaten(labels, { spread, parent, leg });
      }
    }
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

/** What a frame says of each slot of its layout. */
interface SlotPrices {
  /** `(ask - bid) / mid` of the leg. */
  readonly spread: Float64Array;
  /** The rate from the slot's own asset to the one at its end, now and 24 h ago. */
  readonly last: Float64Array;
  readonly open: Float64Array;
}

function writeListedRates(
  { size, from, endOf, isListing }: PairLayout,
  prices: SlotPrices,
  last: Float64Array,
  open: Float64Array,
): void {
  for (let asset = 0; asset < size; asset++) {
    last[asset * size + asset] = 1;
    open[asset * size + asset] = 1;
    for (let slot = from[asset] as number; slot < (from[asset + 1] as number); slot++) {
      if (isListing[slot] === 0) continue;
      const cell = asset * size + (endOf[slot] as number);
      const b = prices.last[slot] as number;
      const a = prices.open[slot] as number;
      if (!isPrice(b) || !isPrice(a)) continue;
      last[cell] = b;
      open[cell] = a;
    }
  }
}

/** By far the hottest loop there is: it looks at every path of two legs. */
function writeTwoLegRates(
  { pathsFrom, firstSlot, secondSlot }: PairLayout,
  { spread, last: lasts, open: opens }: SlotPrices,
  last: Float64Array,
  open: Float64Array,
): void {
  let path = 0;
  for (let cell = 0; cell < last.length; cell++) {
    const end = pathsFrom[cell + 1] as number;
    if (path === end) continue;
    let first = firstSlot[path] as number;
    let second = secondSlot[path] as number;
    let least = (spread[first] as number) + (spread[second] as number);
    for (path++; path < end; path++) {
      const otherFirst = firstSlot[path] as number;
      const otherSecond = secondSlot[path] as number;
      const sum = (spread[otherFirst] as number) + (spread[otherSecond] as number);
      if (sum >= least) continue;
      least = sum;
      first = otherFirst;
      second = otherSecond;
    }
    const b = (lasts[first] as number) * (lasts[second] as number);
    const a = (opens[first] as number) * (opens[second] as number);
    if (!isPrice(b) || !isPrice(a)) continue;
    last[cell] = b;
    open[cell] = a;
  }
}

/**
 * `(ask - bid) / ((ask + bid) / 2)`; infinite, meaning unknown, where bid or ask is not positive or
 * the ask is below the bid.
 */
export function relativeSpread(bid: number, ask: number): number {
  if (!(bid > 0) || !(ask > 0) || ask < bid) return Infinity;
  return (ask - bid) / ((ask + bid) / 2);
}

/** A path from the start to a node, as its last leg and the path before it. */
interface Label {
  readonly spread: number;
  readonly parent: Label | null;
  readonly leg: number;
}

/** Compares two paths of the same length by the names of their legs, in order. */
function compareLegs(a: Label, b: Label): number {
  if (a === b || a.parent === null || b.parent === null) return 0;
  return compareLegs(a.parent, b.parent) || a.leg - b.leg;
}

function addUnlessBeaten(labels: Label[], added: Label): void {
  for (let at = labels.length - 1; at >= 0; at--) {
    const other = labels[at] as Label;
    const order = compareLegs(other, added);
    if (other.spread <= added.spread && order <= 0) return;
    if (added.spread <= other.spread && order >= 0) labels.splice(at, 1);
  }
  labels.push(added);
}

function bestLabel(labels: readonly Label[]): Label {
  return labels.reduce((best, label) =>
    label.spread < best.spread || (label.spread === best.spread && compareLegs(label, best) < 0)
      ? label
      : best,
  );
}

function legsOf(label: Label, length: number): Int32Array {
  const legs = new Int32Array(length);
  for (let at: Label | null = label, place = length - 1; place >= 0 && at; place--) {
    legs[place] = at.leg;
    at = at.parent;
  }
  return legs;
}
