import { ListingsDocument } from '../../generated/operations.js';
import { useAsked } from '../api/use-asked.js';
import { useLive } from '../api/use-live.js';
import type { Listing } from './digits.js';

const NONE: readonly Listing[] = [];

/** The listed pairs with their ticks; none until they are known. Ticks change less often than pages are opened. */
export function useListings(): readonly Listing[] {
  const { latest } = useLive();
  const { data } = useAsked(ListingsDocument, {}, latest === null);
  return data?.listings ?? NONE;
}
