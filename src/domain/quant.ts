import { positionsIn, type Asset, type Universe } from './asset.js';
import { numberAt } from './cells.js';
import { meanOfOthers, type PairTable } from './pair-table.js';

/** The quant of each asset of a turn, in the order of that turn's universe. */
export interface Quants {
  readonly universe: Universe;
  readonly values: readonly (number | null)[];
}

/** The mean of each QUANTID row off the diagonal, nulls left out; null if nothing is left. */
export function rowMeans({ universe, cells }: PairTable): (number | null)[] {
  return universe.map((_, i) => meanOfOthers(universe.length, i, (cell) => numberAt(cells, cell)));
}

/**
 * The quant of each asset: the mean of its QUANTID row, smoothed exponentially,
 * `alpha * rowMean + (1 - alpha) * quant(t')`; the row mean itself where there was no quant at t';
 * null without a row mean.
 */
export function quants(quantid: PairTable, alpha: number, before: Quants | null): Quants {
  const { universe } = quantid;
  const positions = positionsIn(before?.universe ?? []);
  const values = rowMeans(quantid).map((mean, i) => {
    const former = before?.values[positions.get(universe[i] as Asset) ?? -1] ?? null;
    return mean === null || former === null ? mean : alpha * mean + (1 - alpha) * former;
  });
  return { universe, values };
}

/** The quant of one asset; null where it has none or is not in the universe. */
export function quantOf({ universe, values }: Quants, asset: Asset): number | null {
  return values[universe.indexOf(asset)] ?? null;
}
