import { isSameUniverse, positionsIn, type Asset, type Universe } from './asset.js';
import { indexAt, numberAt } from './cells.js';

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
 * The cells of a table in the order of another universe; NaN wherever an asset is not in the table's
 * own. They are the table's own cells where the universes are the same.
 */
export function cellsInOrderOf(universe: Universe, table: PairTable): Float64Array {
  if (isSameUniverse(universe, table.universe)) return table.cells;
  const size = universe.length;
  const cells = new Float64Array(size * size).fill(NaN);
  const positions = positionsIn(table.universe);
  const own = Int32Array.from(universe, (asset) => positions.get(asset) ?? -1);
  for (let i = 0; i < size; i++) {
    const row = indexAt(own, i);
    for (let j = 0; row !== -1 && j < size; j++) {
      const column = indexAt(own, j);
      if (column === -1) continue;
      cells[i * size + j] = numberAt(table.cells, row * table.universe.length + column);
    }
  }
  return cells;
}

/**
 * What the cells of a table are more than those of another one, over the first one's universe; NaN
 * wherever either has none.
 */
export function differences(now: PairTable, before: PairTable): Float64Array {
  const former = cellsInOrderOf(now.universe, before);
  const change = new Float64Array(former.length);
  for (let cell = 0; cell < change.length; cell++) {
    change[cell] = numberAt(now.cells, cell) - numberAt(former, cell);
  }
  return change;
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
