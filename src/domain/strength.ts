import { numberAt } from './cells.js';
import { meanOfOthers } from './pair-table.js';
import type { Rates } from './rates/rates.js';

/**
 * The strength of each asset, in universe order, percent:
 * 100 * (exp(mean over j != i of ln(B_ij / A_ij)) - 1). How it moved in 24 h against the mean of all
 * others, whatever the quote. Null for an asset without any rate.
 */
export function strengths({ universe, last, open }: Rates): (number | null)[] {
  return universe.map((_, i) => {
    const mean = meanOfOthers(universe.length, i, (cell) =>
      Math.log(numberAt(last, cell) / numberAt(open, cell)),
    );
    return mean === null ? null : 100 * (Math.exp(mean) - 1);
  });
}
