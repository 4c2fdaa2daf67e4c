import type { Grid } from './grid.js';
import { COVARIANCE_SCALE, type ShownKind } from './kinds.js';

/** How strongly each cell is coloured, from -1 to 1, by what all values of its table are. */
export interface Shading {
  readonly of: (value: number | null, row: number, column: number) => number;
  /** The size that has the full colour, in the unit of the colour; null where it is logarithmic. */
  readonly full: number | null;
  /** Whether the colour is of percent, whatever the values are of. */
  readonly isPercent: boolean;
}

/** What is coloured by percent has no colour within this, percent. */
const QUIET_PERCENT = 0.05;
/** The least move that has the full colour: where nothing moves, nothing shouts. */
const LEAST_FULL_PERCENT = 0.2;
/** The full colour is where so many of the sizes are below. */
const MIDDLE = 0.95;

/** About what one base costs; null where that is not known. */
export type RateOf = (base: string, quote: string) => number | null;

/**
 * The colours say how far from zero a value is, on a scale that a few cells cannot take for
 * themselves: by the middle of the sizes, each pair counted once. Rates span many powers of ten, so
 * their differences are coloured by what they are in percent, and rates by how far they are from 1.
 */
export function shadingOf(
  kind: ShownKind,
  isDifference: boolean,
  grid: Grid,
  rateOf: RateOf = () => null,
): Shading {
  switch (kind) {
    case 'ID_BENCHMARK':
      return isDifference ? byPercent(grid, rateOf) : logarithmicRate(grid);
    case 'ID_DELTA':
      return byPercent(grid, rateOf);
    case 'ID_PERCENT':
    case 'ID_PCT':
      return byMiddle(grid, (value) => value, { isPercent: true });
    case 'CORRELATION':
      return { of: (value) => value ?? 0, full: 1, isPercent: false };
    case 'COVARIANCE':
      return byMiddle(grid, (value) => value * COVARIANCE_SCALE, { isPercent: false });
    case 'QUANTID':
    case 'BETA':
      return byMiddle(grid, (value) => value, { isPercent: false });
  }
}

type Size = (value: number, row: number, column: number) => number | null;

/** By the change in percent that a difference of rates is: value / (rate - value). */
function byPercent(grid: Grid, rateOf: RateOf): Shading {
  const { bases, quotes, transposed } = grid;
  const percentOf: Size = (value, row, column) => {
    const [rowName, columnName] = [bases[row] as string, quotes[column] as string];
    const rate = transposed ? rateOf(columnName, rowName) : rateOf(rowName, columnName);
    const before = rate === null ? 0 : rate - value;
    return before > 0 ? (100 * value) / before : null;
  };
  const isKnown = bases.some((_, row) =>
    quotes.some((_name, column) => percentOf(1e-30, row, column) !== null),
  );
  return isKnown ? byMiddle(grid, percentOf, { isPercent: true }) : logarithmicSize(grid);
}

function byMiddle(
  grid: Grid,
  sizeOf: Size,
  { isPercent }: { readonly isPercent: boolean },
): Shading {
  const sizes: number[] = [];
  eachPairOnce(grid, (value, row, column) => {
    const size = sizeOf(value, row, column);
    if (size !== null) sizes.push(Math.abs(size));
  });
  const sorted = Float64Array.from(sizes).sort();
  const middle = sorted[Math.max(0, Math.ceil(MIDDLE * sorted.length) - 1)] ?? 0;
  const most = sorted.at(-1) ?? 0;
  const full = roundUp(isPercent ? Math.max(middle, LEAST_FULL_PERCENT) : middle || most || 1);
  const quiet = isPercent ? QUIET_PERCENT : 0;
  return {
    of(value, row, column) {
      const size = value === null ? null : sizeOf(value, row, column);
      if (size === null || Math.abs(size) <= quiet) return 0;
      return Math.max(-1, Math.min(1, size / full));
    },
    full,
    isPercent,
  };
}

/** The values of pairs of two different assets, the same two only once. */
function eachPairOnce(
  { bases, quotes, values }: Grid,
  visit: (value: number, row: number, column: number) => void,
): void {
  const [rows, columns] = [new Set(bases), new Set(quotes)];
  bases.forEach((rowName, row) => {
    const hasBack = columns.has(rowName);
    quotes.forEach((columnName, column) => {
      const value = values[row]?.[column] ?? null;
      const isBack = hasBack && rows.has(columnName) && columnName < rowName;
      if (value !== null && rowName !== columnName && !isBack) visit(value, row, column);
    });
  });
}

/** The steps of a scale: so few that it stays as it is while the market moves a little. */
const ROUND = [1, 1.5, 2, 3, 5, 7, 10];

function roundUp(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const step = ROUND.find((each) => each * power >= size * (1 - 1e-12)) ?? 10;
  return Number((step * power).toPrecision(3));
}

function logarithmicRate(grid: Grid): Shading {
  let largest = 0;
  eachPairOnce(grid, (value) => {
    if (value > 0) largest = Math.max(largest, Math.abs(Math.log(value)));
  });
  return {
    of: (value) => (value && value > 0 && largest > 0 ? clamp(Math.log(value) / largest) : 0),
    full: null,
    isPercent: false,
  };
}

/** The least size has a little colour, so that it is told from zero. */
const LEAST = 0.12;

function logarithmicSize(grid: Grid): Shading {
  const sizes: number[] = [];
  eachPairOnce(grid, (value) => {
    if (value) sizes.push(Math.abs(value));
  });
  const least = Math.log(Math.min(...sizes, Infinity));
  const span = Math.log(Math.max(...sizes, 0)) - least;
  return {
    of(value) {
      if (!value) return 0;
      const share = span > 0 ? (Math.log(Math.abs(value)) - least) / span : 1;
      return Math.sign(value) * clamp(LEAST + (1 - LEAST) * share);
    },
    full: null,
    isPercent: false,
  };
}

function clamp(share: number): number {
  return Math.max(-1, Math.min(1, share));
}
