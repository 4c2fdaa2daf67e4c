import { isSameUniverse, positionsIn } from './asset.js';
import type { PairTable } from './pair-table.js';
import type { Rates } from './rates.js';

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

/** One of the five matrices. */
export interface Matrix extends PairTable {
  readonly kind: MatrixKind;
  /** QUANTID: what its cells were divided by, 1; null for the other kinds. */
  readonly scale: number | null;
}

/** ID_BENCHMARK: B, units of quote per one base. Diagonal 1. */
export function benchmark(rates: Rates): Matrix {
  return { kind: 'ID_BENCHMARK', universe: rates.universe, cells: rates.last, scale: null };
}

/** The matrices that hold B against A. */
export interface Movements {
  /** ID_DELTA: B - A, units of quote per one base. Diagonal 0. */
  readonly delta: Matrix;
  /** ID_PERCENT: 100 * (B / A - 1) over the exchange's rolling 24 h, percent. Diagonal 0. */
  readonly percent: Matrix;
  /**
   * QUANTID: k / scale, without unit, in [-1, 1]. k = ((1 + Δ%/100) * Δ) / A, mass times velocity,
   * made comparable between quotes by dividing by A; scale is the largest abs(k) off the diagonal.
   * All cells are 0 where the scale is 0. Diagonal 0.
   */
  readonly quantid: Matrix;
}

/** Works all three out in one pass over the rates: what takes time is reading and writing them. */
export function movements({ universe, last, open }: Rates): Movements {
  const { length } = last;
  const room = new Float64Array(3 * length);
  const delta = room.subarray(0, length);
  const percent = room.subarray(length, 2 * length);
  const quantid = room.subarray(2 * length);
  let scale = 0;
  for (let cell = 0; cell < last.length; cell++) {
    const b = last[cell] as number;
    const a = open[cell] as number;
    const move = b - a;
    const percentMove = 100 * (b / a - 1);
    const k = ((1 + percentMove / 100) * move) / a;
    delta[cell] = move;
    percent[cell] = percentMove;
    quantid[cell] = k;
    // The diagonal (every size + 1 cells) is 0 by definition and can never be the largest.
    const magnitude = Math.abs(k);
    if (magnitude > scale && magnitude < Infinity) scale = magnitude;
  }
  for (let cell = 0; cell < quantid.length; cell++) {
    const k = quantid[cell] as number;
    quantid[cell] = scale === 0 ? k * 0 : k / scale;
  }
  return {
    delta: { kind: 'ID_DELTA', universe, cells: delta, scale: null },
    percent: { kind: 'ID_PERCENT', universe, cells: percent, scale: null },
    quantid: { kind: 'QUANTID', universe, cells: quantid, scale },
  };
}

/**
 * ID_PCT: ID_PERCENT(t) - ID_PERCENT(t'), percentage points. Diagonal 0. Null throughout where there
 * is no t', and wherever an asset was not in the universe of t' or its cell was null then.
 */
export function percentChange(now: Matrix, before: Matrix | null): Matrix {
  const { universe } = now;
  const cells = new Float64Array(now.cells.length);
  if (before === null) cells.fill(NaN);
  else if (isSameUniverse(universe, before.universe)) {
    const [current, former] = [now.cells, before.cells];
    for (let cell = 0; cell < cells.length; cell++) {
      cells[cell] = (current[cell] as number) - (former[cell] as number);
    }
  } else changeBetweenUniverses(now, before, cells.fill(NaN));
  return { kind: 'ID_PCT', universe, cells, scale: null };
}

function changeBetweenUniverses(now: Matrix, before: Matrix, cells: Float64Array): void {
  const size = now.universe.length;
  const index = positionsIn(before.universe);
  const formerly = Int32Array.from(now.universe, (asset) => index.get(asset) ?? -1);
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
