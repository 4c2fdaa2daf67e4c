import type { Universe } from './asset.js';

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
  const value = cells[i * universe.length + j] as number;
  return Number.isFinite(value) ? value : null;
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
