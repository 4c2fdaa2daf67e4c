import { compareCodeUnits, type Universe } from './asset.js';
import type { Frame, Ticker } from './frame.js';

/**
 * The listed pairs of a frame as a graph: assets are nodes, by their index in the universe, and
 * pairs are legs, numbered in the order of their symbols, so that comparing leg numbers is
 * comparing symbol names. Flat arrays throughout: this is walked for every pair of assets.
 */
export class PairGraph {
  readonly legCount: number;
  readonly #tickers: readonly Ticker[];
  readonly #size: number;
  readonly #base: Int32Array;
  readonly #quote: Int32Array;
  readonly #last: Float64Array;
  readonly #open: Float64Array;
  readonly #spread: Float64Array;
  /** Leg that lists i as base and j as quote, or -1, at `i * size + j`. */
  readonly #listed: Int32Array;
  /** The legs at node i stand in `#incident` from `#incidentFrom[i]` to `#incidentFrom[i + 1]`. */
  readonly #incidentFrom: Int32Array;
  readonly #incident: Int32Array;

  constructor(frame: Frame, universe: Universe) {
    const index = new Map(universe.map((asset, position) => [asset, position]));
    this.#tickers = frame.tickers
      .filter(({ base, quote }) => base !== quote && index.has(base) && index.has(quote))
      .sort((a, b) => compareCodeUnits(a.symbol, b.symbol));
    const count = (this.legCount = this.#tickers.length);
    const size = (this.#size = universe.length);
    this.#base = new Int32Array(count);
    this.#quote = new Int32Array(count);
    this.#last = new Float64Array(count);
    this.#open = new Float64Array(count);
    this.#spread = new Float64Array(count);
    this.#listed = new Int32Array(size * size).fill(-1);
    this.#incidentFrom = new Int32Array(size + 1);
    this.#incident = new Int32Array(2 * count);
    this.#tickers.forEach((ticker, leg) => {
      const base = index.get(ticker.base) as number;
      const quote = index.get(ticker.quote) as number;
      this.#base[leg] = base;
      this.#quote[leg] = quote;
      this.#last[leg] = ticker.last;
      this.#open[leg] = ticker.open;
      this.#spread[leg] = relativeSpread(ticker.bid, ticker.ask);
      if (this.#listed[base * size + quote] === -1) this.#listed[base * size + quote] = leg;
    });
    this.#linkIncidentLegs();
  }

  /** Asset index of the leg's base. */
  base(leg: number): number {
    return this.#base[leg] as number;
  }

  /** Asset index of the leg's quote. */
  quote(leg: number): number {
    return this.#quote[leg] as number;
  }

  /** Last price, quote per base. */
  last(leg: number): number {
    return this.#last[leg] as number;
  }

  /** Price 24 h ago, quote per base. */
  open(leg: number): number {
    return this.#open[leg] as number;
  }

  /** Last price of a leg walked from an asset: units of the other end per one of it. */
  lastFrom(asset: number, leg: number): number {
    const last = this.#last[leg] as number;
    return this.#base[leg] === asset ? last : 1 / last;
  }

  /** The same at the price 24 h ago. */
  openFrom(asset: number, leg: number): number {
    const open = this.#open[leg] as number;
    return this.#base[leg] === asset ? open : 1 / open;
  }

  ticker(leg: number): Ticker {
    return this.#tickers[leg] as Ticker;
  }

  /** The leg that lists asset i as base and asset j as quote, or -1. */
  listedLeg(i: number, j: number): number {
    return this.#listed[i * this.#size + j] as number;
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
        const spread = (this.#spread[first] as number) + (this.#spread[second] as number);
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
   * Finds the best path of two legs from `start` to every asset that needs two, into `found`.
   * Legs are tried in the order of their names, so that of equal spreads the first found stays.
   * @returns how many assets two legs or fewer reach, `start` included
   */
  findTwoLegPaths(start: number, found: TwoLegPaths): number {
    const { spread, first, second, ends } = found;
    const [incident, from] = [this.#incident, this.#incidentFrom];
    const [bases, quotes, spreads] = [this.#base, this.#quote, this.#spread];
    const [begin, end] = [from[start] as number, from[start + 1] as number];
    first.fill(UNREACHED);
    first[start] = NEAR;
    let reached = 1;
    for (let at = begin; at < end; at++) {
      const leg = incident[at] as number;
      const via = (bases[leg] === start ? quotes[leg] : bases[leg]) as number;
      if (first[via] === UNREACHED) reached++;
      first[via] = NEAR;
    }
    let count = 0;
    for (let at = begin; at < end; at++) {
      const leg = incident[at] as number;
      const via = (bases[leg] === start ? quotes[leg] : bases[leg]) as number;
      const legSpread = spreads[leg] as number;
      for (let next = from[via] as number; next < (from[via + 1] as number); next++) {
        const other = incident[next] as number;
        const node = (bases[other] === via ? quotes[other] : bases[other]) as number;
        const known = first[node] as number;
        if (known === NEAR) continue;
        const sum = legSpread + (spreads[other] as number);
        if (known === UNREACHED) ends[count++] = node;
        else if (!(sum < (spread[node] as number))) continue;
        spread[node] = sum;
        first[node] = leg;
        second[node] = other;
      }
    }
    found.count = count;
    return reached + count;
  }

  /** How many assets can be reached from each, itself included. */
  reachableCounts(): Int32Array {
    const size = this.#size;
    const part = new Int32Array(size).fill(-1);
    const counts: number[] = [];
    for (let start = 0; start < size; start++) {
      if (part[start] !== -1) continue;
      const nodes = [start];
      part[start] = counts.length;
      for (const node of nodes) {
        for (const leg of this.#legsAt(node)) {
          const end = this.#otherEnd(leg, node);
          if (part[end] !== -1) continue;
          part[end] = counts.length;
          nodes.push(end);
        }
      }
      counts.push(nodes.length);
    }
    return part.map((number) => counts[number] as number);
  }

  /**
   * Visits the best path from `start` to every asset that ranks after it and is reached by three legs
   * or more, nearest first. The legs run from `start` to the visited asset.
   *
   * Breadth first, with labels. A node keeps every label that might begin a best path further on:
   * those not beaten in both the sum of spreads and the names. Keeping only the best label would
   * go wrong where sums that differ become equal: through rounding, or an unknown (infinite) spread.
   */
  eachLongPath(
    start: number,
    rank: Int32Array,
    visit: (end: number, legs: Int32Array) => void,
  ): void {
    const distance = new Int32Array(this.#size).fill(-1);
    const labels: Label[][] = new Array<Label[]>(this.#size);
    distance[start] = 0;
    labels[start] = [{ spread: 0, parent: null, leg: -1 }];
    let level = [start];
    for (let depth = 1; level.length > 0; depth++) {
      const next: number[] = [];
      for (const node of level) {
        for (const leg of this.#legsAt(node)) {
          const end = this.#otherEnd(leg, node);
          if (distance[end] === -1) {
            distance[end] = depth;
            labels[end] = [];
            next.push(end);
          }
          if (distance[end] !== depth) continue;
          for (const parent of labels[node] as Label[]) {
            const spread = parent.spread + (this.#spread[leg] as number);
            addUnlessBeaten(labels[end] as Label[], { spread, parent, leg });
          }
        }
      }
      if (depth > 2) {
        for (const end of next) {
          if ((rank[end] as number) < (rank[start] as number)) continue;
          visit(end, legsOf(bestLabel(labels[end] as Label[]), depth));
        }
      }
      level = next;
    }
  }

  #legsAt(node: number): Int32Array {
    return this.#incident.subarray(this.#incidentFrom[node], this.#incidentFrom[node + 1]);
  }

  #otherEnd(leg: number, node: number): number {
    return this.base(leg) === node ? this.quote(leg) : this.base(leg);
  }

  #linkIncidentLegs(): void {
    for (let leg = 0; leg < this.legCount; leg++) {
      for (const node of [this.base(leg), this.quote(leg)]) {
        this.#incidentFrom[node + 1] = (this.#incidentFrom[node + 1] as number) + 1;
      }
    }
    for (let node = 0; node < this.#size; node++) {
      this.#incidentFrom[node + 1] =
        (this.#incidentFrom[node + 1] as number) + (this.#incidentFrom[node] as number);
    }
    const next = this.#incidentFrom.slice();
    for (let leg = 0; leg < this.legCount; leg++) {
      for (const node of [this.base(leg), this.quote(leg)]) {
        const place = next[node] as number;
        this.#incident[place] = leg;
        next[node] = place + 1;
      }
    }
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

/** Marks in {@link TwoLegPaths.first}. */
const UNREACHED = -1;
const NEAR = -2;

/** Room for the best paths of two legs from one asset, reused from one to the next. */
export interface TwoLegPaths {
  /** By end: the sum of relative spreads, and the two legs. */
  readonly spread: Float64Array;
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** The ends that were found, in the first `count` places. */
  readonly ends: Int32Array;
  count: number;
}

/** Makes room for a universe of `size` assets. */
export function roomForTwoLegPaths(size: number): TwoLegPaths {
  return {
    spread: new Float64Array(size),
    first: new Int32Array(size),
    second: new Int32Array(size),
    ends: new Int32Array(size),
    count: 0,
  };
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
