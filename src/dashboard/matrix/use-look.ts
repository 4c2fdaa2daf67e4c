import { useMemo } from 'react';
import { useAssets } from '../api/use-assets.js';
import { cellDigits, rateBetween, RateDigits, type CellDigits } from './digits.js';
import type { Grid } from './grid.js';
import type { ShownKind } from './kinds.js';
import { shadingOf, type RateOf, type Shading } from './shading.js';
import { useListings } from './use-listings.js';
import { useKept } from './use-order.js';

/** How rates are written, by the ticks of the listed pairs and the prices that there were first. */
export function useRateDigits(): RateDigits {
  const listings = useListings();
  const known = useAssets();
  const key = known && `${listings.length} ${[...known.prices.keys()].join()}`;
  const made = useKept(key, () => new RateDigits(listings, known?.prices ?? new Map()));
  const none = useMemo(() => new RateDigits([], new Map()), []);
  return made ?? none;
}

/** How the numbers of a grid are written, and how they are coloured. */
export function useLook(
  kind: ShownKind,
  over: string,
  grid: Grid | null,
  isDifference: boolean,
): { readonly digits: CellDigits; readonly shading: Shading } | null {
  const rates = useRateDigits();
  const known = useAssets();
  const prices = known?.prices;
  const names = grid && `${grid.bases.join()} ${grid.quotes.join()} ${grid.transposed}`;
  const digits = useMemo(
    () => grid && cellDigits(kind, over, grid, rates),
    // The numbers of a grid move, their digits do not.
    [kind, over, names, rates],
  );
  const shading = useMemo(() => {
    if (!grid) return null;
    const rateOf: RateOf = (base, quote) => (prices ? rateBetween(prices, base, quote) : null);
    return shadingOf(kind, isDifference, grid, rateOf);
  }, [kind, isDifference, grid, prices]);
  return digits && shading && { digits, shading };
}
