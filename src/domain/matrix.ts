import { isSameUniverse, positionsIn, type Asset, type Universe } from './asset.js';
import { indexAt, numberAt } from './cells.js';
import { cellOf, type PairTable } from './pair-table.js';
import type { Rates } from './rates/rates.js';

export type MatrixUnit = 'QUOTE_PER_BASE' | 'PERCENT' | 'PERCENTAGE_POINTS' | 'NONE';

/** What the matrices of a frame are made of. */
export interface FrameBasis {
  readonly rates: Rates;
  readonly movements: Movements;
}

/** The cells of a matrix, and what they were divided by. */
interface Cells {
  readonly cells: Float64Array;
  /** 1; null where they are not divided. */
  readonly scale?: number | null;
}

/** What is said of a kind of matrix. */
interface KindTraits {
  readonly unit: MatrixUnit;
  /** In the words of the API. */
  readonly description: string;
}

/** A kind that follows from one frame, and one that holds it against the frame of the turn before. */
type MatrixTraits = KindTraits &
  (
    | { readonly comparesTurns: false; readonly of: (now: FrameBasis) => Cells }
    | {
        readonly comparesTurns: true;
        readonly of: (now: FrameBasis, before: FrameBasis | null) => Cells;
      }
  );

/** The kinds of matrix, as the API names them: all that is to be known of each. */
export const MATRICES = {
  ID_BENCHMARK: {
    unit: 'QUOTE_PER_BASE',
    description: 'B: the rate, units of quote per one base. Diagonal 1.',
    comparesTurns: false,
    of: ({ rates }) => ({ cells: rates.last }),
  },
  ID_DELTA: {
    unit: 'QUOTE_PER_BASE',
    description: 'Δ = B - A, A being the rate 24 h ago: units of quote per one base. Diagonal 0.',
    comparesTurns: false,
    of: ({ movements }) => ({ cells: movements.delta }),
  },
  ID_PERCENT: {
    unit: 'PERCENT',
    description: 'Δ% = 100 * (B / A - 1) over the rolling 24 h: percent. Diagonal 0.',
    comparesTurns: false,
    of: ({ movements }) => ({ cells: movements.percent }),
  },
  ID_PCT: {
    unit: 'PERCENTAGE_POINTS',
    description:
      'ΔΔ% = Δ% of this turn minus Δ% of the turn before: percentage points. Null throughout at a first turn.',
    comparesTurns: true,
    of: (now, before) => ({ cells: frameToFrame(percentOf(now), before && percentOf(before)) }),
  },
  QUANTID: {
    unit: 'NONE',
    description:
      'Normalised kinetic: k / scale with k = ((1 + Δ%/100) * Δ) / A and scale the largest abs(k) off the diagonal; without unit, in [-1, 1].',
    comparesTurns: false,
    of: ({ movements }) => ({ cells: movements.quantid, scale: movements.scale }),
  },
} as const satisfies Readonly<Record<string, MatrixTraits>>;

export type MatrixKind = keyof typeof MATRICES;

/** The kinds that follow from one frame. */
export type FrameMatrixKind = {
  [Kind in MatrixKind]: (typeof MATRICES)[Kind]['comparesTurns'] extends true ? never : Kind;
}[MatrixKind];

export const MATRIX_KINDS = Object.keys(MATRICES) as readonly MatrixKind[];

const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
/** How many kinds there are, in words. */
export const KIND_COUNT = COUNTS[MATRIX_KINDS.length] ?? 'many';

/** One of the matrices. */
export interface Matrix extends PairTable {
  readonly kind: MatrixKind;
  /** QUANTID: what its cells were divided by, 1; null for the other kinds. */
  readonly scale: number | null;
}

/** Whether a kind can be had from one frame. */
export function isOfOneFrame(kind: MatrixKind): kind is FrameMatrixKind {
  return !MATRICES[kind].comparesTurns;
}

/** The matrix of a kind. @param before what the turn before is made of; null where there is none */
export function matrixOf(kind: MatrixKind, now: FrameBasis, before: FrameBasis | null): Matrix {
  const { cells, scale = null }: Cells = MATRICES[kind].of(now, before);
  return { kind, universe: now.rates.universe, cells, scale };
}

/** The price of an asset in another, units of the quote per one asset; null where there is none. */
export function price(benchmark: Matrix, asset: Asset, quote: Asset): number | null {
  return cellOf(benchmark, asset, quote);
}

/** The cells that hold B against A. */
export interface Movements {
  /** ID_DELTA: B - A, units of quote per one base. Diagonal 0. */
  readonly delta: Float64Array;
  /** ID_PERCENT: 100 * (B / A - 1) over the exchange's rolling 24 h, percent. Diagonal 0. */
  readonly percent: Float64Array;
  /**
   * QUANTID: k / scale, without unit, in [-1, 1]. k = ((1 + Δ%/100) * Δ) / A, mass times velocity,
   * made comparable between quotes by dividing by A; scale is the largest abs(k) off the diagonal.
   * All cells are 0 where the scale is 0. Diagonal 0.
   */
  readonly quantid: Float64Array;
  readonly scale: number;
}

/** Works all three out in one pass over the rates: what takes time is reading and writing them. */
export function movements({ last, open }: Rates): Movements {
  const { length } = last;
  const room = new Float64Array(3 * length);
  const delta = room.subarray(0, length);
  const percent = room.subarray(length, 2 * length);
  const quantid = room.subarray(2 * length);
  let scale = 0;
  for (let cell = 0; cell < length; cell++) {
    const b = numberAt(last, cell);
    const a = numberAt(open, cell);
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
  for (let cell = 0; cell < length; cell++) {
    const k = numberAt(quantid, cell);
    quantid[cell] = scale === 0 ? k * 0 : k / scale;
  }
  return { delta, percent, quantid, scale };
}

function percentOf({ rates, movements }: FrameBasis): PairTable {
  return { universe: rates.universe, cells: movements.percent };
}

/**
 * How cells changed from one turn to the next: now - before. Null throughout where there is no turn
 * before, and wherever an asset was not in its universe or its cell was null then.
 */
function frameToFrame({ universe, cells }: PairTable, before: PairTable | null): Float64Array {
  const change = new Float64Array(cells.length);
  if (before === null) return change.fill(NaN);
  if (!isSameUniverse(universe, before.universe)) {
    return changeBetweenUniverses(universe, cells, before);
  }
  for (let cell = 0; cell < change.length; cell++) {
    change[cell] = numberAt(cells, cell) - numberAt(before.cells, cell);
  }
  return change;
}

function changeBetweenUniverses(
  universe: Universe,
  cells: Float64Array,
  before: PairTable,
): Float64Array {
  const size = universe.length;
  const change = new Float64Array(cells.length).fill(NaN);
  const positions = positionsIn(before.universe);
  const formerly = Int32Array.from(universe, (asset) => positions.get(asset) ?? -1);
  for (let i = 0; i < size; i++) {
    const row = indexAt(formerly, i);
    for (let j = 0; row !== -1 && j < size; j++) {
      const column = indexAt(formerly, j);
      if (column === -1) continue;
      const former = numberAt(before.cells, row * before.universe.length + column);
      change[i * size + j] = numberAt(cells, i * size + j) - former;
    }
  }
  return change;
}
