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
 * Writes the rates along the best path of two legs, at `from * size + to`. By far the hottest loop there
 * is: it looks at every such path.
 */
export function writeTwoLegRates(
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
