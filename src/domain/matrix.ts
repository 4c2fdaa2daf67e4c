import type { Universe } from './asset.js';
import { indexAssets, type Rates } from './rates.js';

/** The five kinds of matrix, as the API names them. */
export const MATRIX_KINDS = [
  'ID_BENCHMARK',
  'ID_DELTA',
  'ID_PERCENT',
  'ID_PCT',
  'QUANTID',
] as const;
export type MatrixKind = (typeof MATRIX_KINDS)[number];

export type MatrixUnit = 'QUOTE_PER_BASE' | 'PERCENT' | 'PERCENTAGE_POINTS' | 'NONE';

/** The unit of the cells of each kind. */
export const MATRIX_UNITS: Readonly<Record<MatrixKind, MatrixUnit>> = {
  ID_BENCHMARK: 'QUOTE_PER_BASE',
  ID_DELTA: 'QUOTE_PER_BASE',
  ID_PERCENT: 'PERCENT',
  ID_PCT: 'PERCENTAGE_POINTS',
  QUANTID: 'NONE',
};

/**
 * An immutable square matrix over a universe. Cell (i, j), base i and quote j, stands at
 * `i * universe.length + j`; NaN stands for null: there is no value.
 */
export interface Matrix {
  readonly kind: MatrixKind;
  readonly universe: Universe;
  readonly cells: Float64Array;
  /** QUANTID: what its cells were divided by, 1; null for the other kinds. */
  readonly scale: number | null;
}

/** ID_BENCHMARK: B, units of quote per one base. Diagonal 1. */
export function benchmark(rates: Rates): Matrix {
  return { kind: 'ID_BENCHMARK', universe: rates.universe, cells: rates.last, scale: null };
}

/** ID_DELTA: B - A, units of quote per one base. Diagonal 0. */
export function delta({ universe, last, open }: Rates): Matrix {
  const cells = new Float64Array(last.length);
  for (let cell = 0; cell < cells.length; cell++) {
    cells[cell] = (last[cell] as number) - (open[cell] as number);
  }
  return { kind: 'ID_DELTA', universe, cells, scale: null };
}

/** ID_PERCENT: 100 * (B / A - 1) over the exchange's rolling 24 h, percent. Diagonal 0. */
export function percent({ universe, last, open }: Rates): Matrix {
  const cells = new Float64Array(last.length);
  for (let cell = 0; cell < cells.length; cell++) {
    cells[cell] = 100 * ((last[cell] as number) / (open[cell] as number) - 1);
  }
  return { kind: 'ID_PERCENT', universe, cells, scale: null };
}

/**
 * ID_PCT: ID_PERCENT(t) - ID_PERCENT(t'), percentage points. Diagonal 0. Null throughout where there
 * is no t', and wherever an asset was not in the universe of t' or its cell was null then.
 */
export function percentChange(now: Matrix, before: Matrix | null): Matrix {
  const { universe } = now;
  const size = universe.length;
  const cells = new Float64Array(size * size).fill(NaN);
  if (before !== null) {
    const index = indexAssets(before.universe);
    const formerly = Int32Array.from(universe, (asset) => index.get(asset) ?? -1);
    for (let i = 0; i < size; i++) {
      const row = formerly[i] as number;
      if (row === -1) continue;
      for (let j = 0; j < size; j++) {
        const column = formerly[j] as number;
        if (column === -1) continue;
        const cellBefore = before.cells[row * before.universe.length + column] as number;
        cells[i * size + j] = (now.cells[i * size + j] as number) - cellBefore;
      }
    }
  }
  return { kind: 'ID_PCT', universe, cells, scale: null };
}

/**
 * QUANTID: k / scale, without unit, in [-1, 1]. k = ((1 + Δ%/100) * Δ) / A, mass times velocity,
 * made comparable between quotes by dividing by A; scale is the largest abs(k) off the diagonal.
 * All cells are 0 where the scale is 0. Diagonal 0.
 */
export function quantid({ universe, size, last, open }: Rates): Matrix {
  const cells = new Float64Array(last.length);
  let scale = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    const a = open[cell] as number;
    const b = last[cell] as number;
    const percentMove = 100 * (b / a - 1);
    const k = ((1 + percentMove / 100) * (b - a)) / a;
    cells[cell] = k;
    // The diagonal (every size + 1 cells) is 0 by definition and can never be the largest.
    const magnitude = Math.abs(k);
    if (magnitude > scale && magnitude < Infinity) scale = magnitude;
  }
  for (let cell = 0; cell < size * size; cell++) {
    const k = cells[cell] as number;
    cells[cell] = scale === 0 ? k * 0 : k / scale;
  }
  return { kind: 'QUANTID', universe, cells, scale };
}

/**
 * The cell of base i and quote j, or null where there is no value. What is beyond the range of a
 * double counts as none.
 */
export function cellAt(matrix: Matrix, i: number, j: number): number | null {
  const value = matrix.cells[i * matrix.universe.length + j] as number;
  return Number.isFinite(value) ? value : null;
}

/**
 * Rows of the given bases, columns of the given quotes (positions in the universe), null where
 * there is no value.
 */
export function submatrix(
  matrix: Matrix,
  bases: readonly number[],
  quotes: readonly number[],
): (number | null)[][] {
  return bases.map((i) => quotes.map((j) => cellAt(matrix, i, j)));
}
