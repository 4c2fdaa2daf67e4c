import { isPrice } from './frame.js';
import type { PairLayout } from './pair-layout.js';

/** What a frame says of each slot of its layout. */
export interface SlotPrices {
  /** `(ask - bid) / mid` of the leg. */
  readonly spread: Float64Array;
  /** The rate from the slot's own asset to the one at its end, now and 24 h ago. */
  readonly last: Float64Array;
  readonly open: Float64Array;
}

/** Writes the rates that one listed leg gives, and 1 on the diagonal, at `from * size + to`. */
export function writeListedRates(
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

/**
 * The best of the paths of two legs that stand from `path` to before `end`: the first of those with the
 * smallest sum of spreads.
 */
function bestPath(
  { firstSlot, secondSlot }: PairLayout,
  spread: Float64Array,
  path: number,
  end: number,
): number {
  let best = path;
  let least = Infinity;
  for (let at = path; at < end; at++) {
    const sum =
      (spread[firstSlot[at] as number] as number) + (spread[secondSlot[at] as number] as number);
    if (sum >= least) continue;
    least = sum;
    best = at;
  }
  return best;
}

/**
 * Writes the rates along the best path of two legs, at `from * size + to`. By far the hottest loop there
 * is: it looks at every such path.
 */
export function writeTwoLegRates(
  layout: PairLayout,
  { spread, last: lasts, open: opens }: SlotPrices,
  last: Float64Array,
  open: Float64Array,
): void {
  const { pathsFrom, firstSlot, secondSlot } = layout;
  let path = 0;
  for (let cell = 0; cell < last.length; cell++) {
    const end = pathsFrom[cell + 1] as number;
    if (path === end) continue;
    const best = bestPath(layout, spread, path, end);
    path = end;
    const first = firstSlot[best] as number;
    const second = secondSlot[best] as number;
    const b = (lasts[first] as number) * (lasts[second] as number);
    const a = (opens[first] as number) * (opens[second] as number);
    if (!isPrice(b) || !isPrice(a)) continue;
    last[cell] = b;
    open[cell] = a;
  }
}

/**
 * Writes of how many legs the same rates are made, and the age of the oldest of these, whether or not
 * the rate is within the range of a double.
 * @param legAges the age of each leg, at least 0
 */
export function writeNearOrigins(
  layout: PairLayout,
  { spread }: SlotPrices,
  legAges: Float64Array,
  ages: Float64Array,
  legs: Float64Array,
): void {
  const { size, from, legOf, endOf, isListing, pathsFrom, firstSlot, secondSlot } = layout;
  const ageOf = (slot: number): number => legAges[legOf[slot] as number] as number;
  for (let asset = 0; asset < size; asset++) {
    ages[asset * size + asset] = 0;
    legs[asset * size + asset] = 0;
    for (let slot = from[asset] as number; slot < (from[asset + 1] as number); slot++) {
      if (isListing[slot] === 0) continue;
      const cell = asset * size + (endOf[slot] as number);
      ages[cell] = ageOf(slot);
      legs[cell] = 1;
    }
  }
  let path = 0;
  for (let cell = 0; cell < ages.length; cell++) {
    const end = pathsFrom[cell + 1] as number;
    if (path === end) continue;
    const best = bestPath(layout, spread, path, end);
    path = end;
    ages[cell] = Math.max(ageOf(firstSlot[best] as number), ageOf(secondSlot[best] as number));
    legs[cell] = 2;
  }
}
