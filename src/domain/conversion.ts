import { multipliedBy, type Decimal } from './decimal.js';
import type { Rates } from './rates/rates.js';

/** Why an amount cannot be converted. */
export const CONVERSION_NULLS = ['NO_PATH', 'NO_BID_ASK'] as const;
export type ConversionNull = (typeof CONVERSION_NULLS)[number];

/** Of what is converted. */
const CONVERSION_DIGITS = 18;

/** What an amount of one asset is in another. */
export interface Conversion {
  /** `amount * rate`, rounded half to even to 18 significant digits, in units of the second asset. */
  readonly amount: Decimal | null;
  /** Units of the second asset per one of the first. */
  readonly rate: number | null;
  /** The symbols of the legs from the first asset to the second, also where a leg has no price. */
  readonly path: readonly string[];
  readonly reason: ConversionNull | null;
}

/**
 * An amount of asset i in asset j: the exact product of the amount and the shortest decimal of the rate.
 * @param amount of asset i
 * @param rate of i in j, at the price that is asked for, along the path of `rates`; null where there is none
 * @param i,j positions in the universe
 */
export function conversion(
  amount: Decimal,
  rates: Rates,
  rate: number | null,
  i: number,
  j: number,
): Conversion {
  const path = rates.path(i, j).map(({ symbol }) => symbol);
  if (rate === null) {
    const reason = rates.source(i, j) === null ? 'NO_PATH' : 'NO_BID_ASK';
    return { amount: null, rate, path, reason };
  }
  return { amount: multipliedBy(amount, rate, CONVERSION_DIGITS), rate, path, reason: null };
}
