import type { Asset } from './asset.js';
import { numberAt } from './cells.js';
import { cellOf, cellsInOrderOf, differences, type PairTable } from './pair-table.js';
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
  /** The unit of what two of its cells differ by. */
  readonly unitOfDifference: MatrixUnit;
  /** Whether it holds the rate against an earlier one: the exchange's of 24 h ago, or one of our own. */
  readonly looksBack: boolean;
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
    unitOfDifference: 'QUOTE_PER_BASE',
    looksBack: false,
    description: 'B: the rate, units of quote per one base. Diagonal 1.',
    comparesTurns: false,
    of: ({ rates }) => ({ cells: rates.last }),
  },
  ID_DELTA: {
    unit: 'QUOTE_PER_BASE',
    unitOfDifference: 'QUOTE_PER_BASE',
    looksBack: true,
    description: 'Δ = B - A, A being the rate 24 h ago: units of quote per one base. Diagonal 0.',
    comparesTurns: false,
    of: ({ movements }) => ({ cells: movements.delta }),
  },
  ID_PERCENT: {
    unit: 'PERCENT',
    unitOfDifference: 'PERCENTAGE_POINTS',
    looksBack: true,
    description: 'Δ% = 100 * (B / A - 1) over the rolling 24 h: percent. Diagonal 0.',
    comparesTurns: false,
    of: ({ movements }) => ({ cells: movements.percent }),
  },
  ID_PCT: {
    unit: 'PERCENTAGE_POINTS',
    unitOfDifference: 'PERCENTAGE_POINTS',
    looksBack: false,
    description:
      'ΔΔ% = Δ% of this turn minus Δ% of the turn before: percentage points. Null throughout at a first turn.',
    comparesTurns: true,
    of: (now, before) => ({
      cells: before ? differences(percentOf(now), percentOf(before)) : nothingFor(now),
    }),
  },
  QUANTID: {
    unit: 'NONE',
    unitOfDifference: 'NONE',
    looksBack: true,
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

/** The kinds that hold the rate against an earlier one. */
export type LookBackKind = {
  [Kind in MatrixKind]: (typeof MATRICES)[Kind]['looksBack'] extends true ? Kind : never;
}[MatrixKind];

export const MATRIX_KINDS = Object.keys(MATRICES) as readonly MatrixKind[];

const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
/** How many kinds there are, in words. */
export const KIND_COUNT = COUNTS[MATRIX_KINDS.length] ?? 'many';

/** One of the matrices. */
export interface Matrix extends PairTable {
  readonly kind: MatrixKind;
  readonly unit: MatrixUnit;
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
  return { kind, unit: MATRICES[kind].unit, universe: now.rates.universe, cells, scale };
}

/** Whether a kind holds the rate against an earlier one. */
export function isLookBack(kind: MatrixKind): kind is LookBackKind {
  return MATRICES[kind].looksBack;
}

/**
 * What a frame's rates are made of with the rates of an earlier frame in place of the exchange's of 24 h
 * ago: each by its own path. Null where an asset was not in the universe then; throughout where there is
 * no such frame.
 */
export function againstEarlier(rates: Rates, earlier: Rates | null): FrameBasis {
  const open = earlier
    ? cellsInOrderOf(rates.universe, { universe: earlier.universe, cells: earlier.last })
    : nothingFor({ rates });
  return { rates, movements: movements({ last: rates.last, open }) };
}

/** What the cells of a matrix are more than those of another one of its kind, over its own universe. */
export function matrixDifference(now: Matrix, other: Matrix): Matrix {
  const { kind, universe } = now;
  const unit = MATRICES[kind].unitOfDifference;
  return { kind, unit, universe, cells: differences(now, other), scale: null };
}

/** The price of an asset in another, units of the quote per one asset; null where there is none. */
export function price(benchmark: Matrix, asset: Asset, quote: Asset): number | null {
  return cellOf(benchmark, asset, quote);
}

/** The cells that hold B against A. */
export interface Movements {
  /** ID_DELTA: B - A, units of quote per one base. Diagonal 0. */
  readonly delta: Float64Array;
  /** ID_PERCENT: 100 * (B / A - 1), percent. Diagonal 0. */
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
export function movements({ last, open }: Pick<Rates, 'last' | 'open'>): Movements {
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

function nothingFor({ rates }: Pick<FrameBasis, 'rates'>): Float64Array {
  return new Float64Array(rates.last.length).fill(NaN);
}
