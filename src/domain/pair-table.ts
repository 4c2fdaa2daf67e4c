import type { Asset, Universe } from './asset.js';
import { numberAt } from './cells.js';

/**
 * One immutable number for every ordered pair of a universe. Cell (i, j), base i and quote j, stands
 * at `i * universe.length + j`; NaN stands for null: there is no value.
 */
export interface PairTable {
  readonly universe: Universe;
  readonly cells: Float64Array;
}

/**
 * The cell of base i and quote j, or null where there is no value. What is beyond the range of a
 * double counts as none.
 */
export function cellAt({ cells, universe }: PairTable, i: number, j: number): number | null {
  const value = numberAt(cells, i * universe.length + j);
  return Number.isFinite(value) ? value : null;
}

/** The same by the names of the assets; null for one that is not in the universe. */
export function cellOf(table: PairTable, base: Asset, quote: Asset): number | null {
  const [i, j] = [table.universe.indexOf(base), table.universe.indexOf(quote)];
  return i === -1 || j === -1 ? null : cellAt(table, i, j);
}

/**
 * Rows of the given bases, columns of the given quotes (positions in the universe), null where
 * there is no value.
 */
export function submatrix(
  table: PairTable,
  bases: readonly number[],
  quotes: readonly number[],
): (number | null)[][] {
  return bases.map((i) => quotes.map((j) => cellAt(table, i, j)));
}

/**
 * The mean of a figure of the cells of row i off the diagonal, in universe order. What is not finite
 * stands for null and is left out; null if nothing is left.
 */
export function meanOfOthers(
  size: number,
  i: number,
  figure: (cell: number) => number,
): number | null {
  let sum = 0;
  let count = 0;
  for (let j = 0; j < size; j++) {
    if (j === i) continue;
    const value = figure(i * size + j);
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}
