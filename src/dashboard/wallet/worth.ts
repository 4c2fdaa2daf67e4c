import type { RatePrice } from '../../generated/operations.js';
import { decimalsFor } from '../format/numbers.js';

/** Worths have two decimals at least, as money does. */
const LEAST = 2;
/** What is worth less than that is not written of. */
const MOST = 8;

/** One number of decimals for worths of one column. */
export function decimalsOfWorth(values: Iterable<number | null>): number {
  return Math.min(MOST, Math.max(LEAST, decimalsFor(values)));
}

/** At which prices the wallet is valued, in words. */
export const PRICE_WORDS: Readonly<Record<RatePrice, string>> = {
  LAST: 'at the last prices',
  MID: 'between bid and ask',
  TAKE: 'as it can be sold now, without depth and fees',
};
