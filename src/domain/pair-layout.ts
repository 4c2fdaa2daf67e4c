import { compareCodeUnits, isSameUniverse, type Pair, type Universe } from './asset.js';
import type { Frame } from './frame.js';

/**
 * What does not change between frames that list the same pairs: which assets each leg joins. A leg
 * stands in two slots, one at each of its assets; the slots of asset i run from `from[i]` to
 * `from[i + 1]`, in the order of their legs.
 */
export interface PairLayout {
  readonly size: number;
  readonly legCount: number;
  /** By leg, in the order of their symbols: the place of its ticker in the frame. */
  readonly tickerOf: Int32Array;
  readonly base: Int32Array;
  readonly quote: Int32Array;
  readonly baseSlot: Int32Array;
  readonly quoteSlot: Int32Array;
  readonly from: Int32Array;
  /** By slot: its leg, the asset at the other end, and whether it gives the rate to that asset. */
  readonly legOf: Int32Array;
  readonly endOf: Int32Array;
  readonly isListing: Uint8Array;
  /** Leg that lists i as base and j as quote, or -1, at `i * size + j`. */
  readonly listed: Int32Array;
  /** The place of each asset in the order of names. */
  readonly rank: Int32Array;
  /**
   * The paths of two legs from i to j, where no leg joins these, from `pathsFrom[i * size + j]` to
   * `pathsFrom[i * size + j + 1]`: the slots walked through. In the order of the legs' names, as seen
   * from whichever of the two ranks first: of paths that are equally good the first counts.
   */
  readonly pathsFrom: Int32Array;
  readonly firstSlot: Int32Array;
  readonly secondSlot: Int32Array;
  /** The assets from which some others can only be reached by three legs or more. */
  readonly farStarts: Int32Array;
}

/** What a layout depends on. */
interface KnownLayout {
  readonly universe: Universe;
  readonly pairs: readonly Pair[];
  readonly layout: PairLayout;
}

/** How many layouts are kept: what is listed changes hardly ever. */
const KEPT_LAYOUTS = 4;
/** The most recently used first. */
const known: KnownLayout[] = [];

/** The layout of a frame's pairs within a universe. */
export function pairLayout(frame: Frame, universe: Universe): PairLayout {
  const at = known.findIndex(
    (entry) => isSameUniverse(universe, entry.universe) && lists(frame, entry.pairs),
  );
  const [entry] = at === -1 ? [] : known.splice(at, 1);
  if (entry) {
    known.unshift(entry);
    return entry.layout;
  }
  const layout = makeLayout(frame, universe);
  const pairs = frame.tickers.map(({ symbol, base, quote }) => ({ symbol, base, quote }));
  known.unshift({ universe, pairs, layout });
  known.length = Math.min(known.length, KEPT_LAYOUTS);
  return layout;
}

function lists({ tickers }: Frame, pairs: readonly Pair[]): boolean {
  if (tickers.length !== pairs.length) return false;
  for (let at = 0; at < pairs.length; at++) {
    const ticker = tickers[at] as Pair;
    const pair = pairs[at] as Pair;
    if (ticker.symbol !== pair.symbol || ticker.base !== pair.base) return false;
  }
  return true;
}

function makeLayout({ tickers }: Frame, universe: Universe): PairLayout {
  const size = universe.length;
  const index = new Map(universe.map((asset, position) => [asset, position]));
  const legs = tickers
    .map(({ symbol, base, quote }, place) => ({
      symbol,
      place,
      base: index.get(base) ?? -1,
      quote: index.get(quote) ?? -1,
    }))
    .filter(({ base, quote }) => base !== -1 && quote !== -1 && base !== quote)
    .sort((a, b) => compareCodeUnits(a.symbol, b.symbol));
  const listed = new Int32Array(size * size).fill(-1);
  legs.forEach(({ base, quote }, leg) => {
    if (listed[base * size + quote] === -1) listed[base * size + quote] = leg;
  });
  const byName = Array.from(universe.keys()).sort((i, j) =>
    compareCodeUnits(universe[i] as string, universe[j] as string),
  );
  const rank = new Int32Array(size);
  byName.forEach((asset, position) => (rank[asset] = position));
  const slots = linkSlots(legs, listed, size);
  const paths = linkPaths(slots, rank, size);
  return {
    size,
    legCount: legs.length,
    tickerOf: Int32Array.from(legs, ({ place }) => place),
    base: Int32Array.from(legs, ({ base }) => base),
    quote: Int32Array.from(legs, ({ quote }) => quote),
    ...slots,
    listed,
    rank,
    ...paths,
    farStarts: findFarStarts(paths, slots, size),
  };
}

type Slots = Pick<PairLayout, 'baseSlot' | 'quoteSlot' | 'from' | 'legOf' | 'endOf' | 'isListing'>;

function linkSlots(
  legs: readonly { readonly base: number; readonly quote: number }[],
  listed: Int32Array,
  size: number,
): Slots {
  const from = new Int32Array(size + 1);
  for (const { base, quote } of legs) {
    for (const asset of [base, quote]) from[asset + 1] = (from[asset + 1] as number) + 1;
  }
  for (let asset = 0; asset < size; asset++) {
    from[asset + 1] = (from[asset + 1] as number) + (from[asset] as number);
  }
  const next = from.slice();
  const legOf = new Int32Array(2 * legs.length);
  const endOf = new Int32Array(2 * legs.length);
  const isListing = new Uint8Array(2 * legs.length);
  const place = (leg: number, asset: number, end: number, gives: boolean): number => {
    const slot = next[asset] as number;
    next[asset] = slot + 1;
    legOf[slot] = leg;
    endOf[slot] = end;
    isListing[slot] = gives ? 1 : 0;
    return slot;
  };
  const baseSlot = new Int32Array(legs.length);
  const quoteSlot = new Int32Array(legs.length);
  legs.forEach(({ base, quote }, leg) => {
    const isFirst = listed[base * size + quote] === leg;
    const isListedBack = listed[quote * size + base] !== -1;
    baseSlot[leg] = place(leg, base, quote, isFirst);
    quoteSlot[leg] = place(leg, quote, base, isFirst && !isListedBack);
  });
  return { baseSlot, quoteSlot, from, legOf, endOf, isListing };
}

function findFarStarts({ pathsFrom }: Paths, { from, endOf }: Slots, size: number): Int32Array {
  const reachable = reachableCounts(from, endOf, size);
  const starts: number[] = [];
  for (let start = 0; start < size; start++) {
    const near = new Set(endOf.subarray(from[start], from[start + 1])).add(start);
    let count = near.size;
    for (let cell = start * size; cell < (start + 1) * size; cell++) {
      if (pathsFrom[cell] !== pathsFrom[cell + 1]) count++;
    }
    if (count !== reachable[start]) starts.push(start);
  }
  return Int32Array.from(starts);
}

/** How many assets can be reached from each, itself included. */
function reachableCounts(from: Int32Array, endOf: Int32Array, size: number): Int32Array {
  const part = new Int32Array(size).fill(-1);
  const counts: number[] = [];
  for (let start = 0; start < size; start++) {
    if (part[start] !== -1) continue;
    const nodes = [start];
    part[start] = counts.length;
    for (const node of nodes) {
      for (const end of endOf.subarray(from[node], from[node + 1])) {
        if (part[end] !== -1) continue;
        part[end] = counts.length;
        nodes.push(end);
      }
    }
    counts.push(nodes.length);
  }
  return part.map((number) => counts[number] as number);
}

type Paths = Pick<PairLayout, 'pathsFrom' | 'firstSlot' | 'secondSlot'>;

function linkPaths(slots: Slots, rank: Int32Array, size: number): Paths {
  const { legOf } = slots;
  const pathsFrom = new Int32Array(size * size + 1);
  const isNear = new Uint8Array(size);
  for (let start = 0; start < size; start++) {
    const row = start * size;
    eachPath(slots, start, isNear, (node) => {
      pathsFrom[row + node + 1] = (pathsFrom[row + node + 1] as number) + 1;
    });
    for (let node = 0; node < size; node++) {
      pathsFrom[row + node + 1] =
        (pathsFrom[row + node] as number) + (pathsFrom[row + node + 1] as number);
    }
  }
  const firstSlot = new Int32Array(pathsFrom[size * size] as number);
  const secondSlot = new Int32Array(firstSlot.length);
  const filled = new Int32Array(size);
  for (let start = 0; start < size; start++) {
    const row = start * size;
    filled.fill(0);
    eachPath(slots, start, isNear, (node, first, second) => {
      const begin = pathsFrom[row + node] as number;
      let place = begin + (filled[node] as number);
      filled[node] = (filled[node] as number) + 1;
      // They come by the names of their legs from here; from the other end the second comes first.
      if ((rank[node] as number) < (rank[start] as number)) {
        const leg = legOf[second] as number;
        for (; place > begin && (legOf[secondSlot[place - 1] as number] as number) > leg; place--) {
          firstSlot[place] = firstSlot[place - 1] as number;
          secondSlot[place] = secondSlot[place - 1] as number;
        }
      }
      firstSlot[place] = first;
      secondSlot[place] = second;
    });
  }
  return { pathsFrom, firstSlot, secondSlot };
}

/** Visits the paths of two legs from `start` to assets that no leg joins it to; marks those that one does. */
function eachPath(
  { from, endOf }: Slots,
  start: number,
  isNear: Uint8Array,
  visit: (node: number, first: number, second: number) => void,
): void {
  const begin = from[start] as number;
  const end = from[start + 1] as number;
  isNear.fill(0);
  isNear[start] = 1;
  for (let slot = begin; slot < end; slot++) isNear[endOf[slot] as number] = 1;
  for (let first = begin; first < end; first++) {
    const via = endOf[first] as number;
    const viaEnd = from[via + 1] as number;
    for (let second = from[via] as number; second < viaEnd; second++) {
      const node = endOf[second] as number;
      if (isNear[node] === 0) visit(node, first, second);
    }
  }
}
