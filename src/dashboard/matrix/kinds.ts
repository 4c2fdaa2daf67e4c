import type { MatrixKind, MatrixUnit } from '../../generated/operations.js';

/** How each kind of matrix is called, and what it says. */
export const KIND_WORDS: Readonly<
  Record<MatrixKind, { readonly symbol: string; readonly name: string; readonly about: string }>
> = {
  ID_BENCHMARK: { symbol: 'B', name: 'Benchmark', about: 'The rate: what one base costs.' },
  ID_DELTA: { symbol: 'Δ', name: 'Delta', about: 'The rate now minus the rate 24 h ago.' },
  ID_PERCENT: { symbol: 'Δ%', name: 'Percent', about: 'How the rate moved in 24 h.' },
  ID_PCT: { symbol: 'ΔΔ%', name: 'Change', about: 'How Δ% moved since the turn before.' },
  QUANTID: { symbol: 'k', name: 'Quantid', about: 'Kinetic value, normalised to ±1.' },
};

/** The unit of a matrix as its header has it. */
export const UNIT_WORDS: Readonly<Record<MatrixUnit, string>> = {
  QUOTE_PER_BASE: 'units of quote per one base',
  PERCENT: 'percent, over 24 h',
  PERCENTAGE_POINTS: 'percentage points, since the turn before',
  NONE: 'no unit, −1 to +1',
};

/** The unit behind a single value. */
export function unitOf(kind: MatrixKind, base: string, quote: string): string {
  switch (kind) {
    case 'ID_BENCHMARK':
    case 'ID_DELTA':
      return `${quote} per ${base}`;
    case 'ID_PERCENT':
      return '%';
    case 'ID_PCT':
      return 'pp';
    case 'QUANTID':
      return '';
  }
}

const signed = { signDisplay: 'exceptZero' } as const;
const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 5 });
const signedSignificant = new Intl.NumberFormat('en', { ...signed, maximumSignificantDigits: 4 });
const tiny = new Intl.NumberFormat('en', { notation: 'scientific', maximumSignificantDigits: 4 });
const hundredths = new Intl.NumberFormat('en', {
  ...signed,
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const thousandths = new Intl.NumberFormat('en', {
  ...signed,
  minimumFractionDigits: 3,
  maximumFractionDigits: 3,
});

/** Below this a value is written with a power of ten. */
const SMALL = 1e-4;

/** A value with the digits that people can use; the tables to download have all of them. */
export function formatValue(kind: MatrixKind, value: number | null): string {
  if (value === null) return '–';
  switch (kind) {
    case 'ID_BENCHMARK':
      return value < SMALL ? tiny.format(value) : significant.format(value);
    case 'ID_DELTA':
      if (value !== 0 && Math.abs(value) < SMALL)
        return (value > 0 ? '+' : '') + tiny.format(value);
      return signedSignificant.format(value);
    case 'ID_PERCENT':
      return hundredths.format(value);
    case 'ID_PCT':
    case 'QUANTID':
      return thousandths.format(value);
  }
}

/** How strongly each value is coloured, from -1 to 1, by what all values of its table are. */
export interface Shading {
  readonly of: (value: number | null) => number;
  /** The value that has the full colour, where shading is linear. */
  readonly full: number | null;
}

/** One in so many of the values may be beyond the full colour: a single one must not pale the rest. */
const OUTLIERS = 50;

/**
 * Rates and their differences span many powers of ten, so they are shaded by their logarithm: a rate
 * by how far it is from 1. All else is shaded evenly.
 */
export function shadingOf(
  kind: MatrixKind,
  isDifference: boolean,
  values: Iterable<number | null>,
): Shading {
  if (kind === 'ID_BENCHMARK' && !isDifference) return logarithmicRate(values);
  const sizes = sizesOf(values);
  if (kind === 'ID_BENCHMARK' || kind === 'ID_DELTA') return logarithmicSize(sizes);
  const full = sizes[Math.max(0, sizes.length - 1 - Math.floor(sizes.length / OUTLIERS))] ?? 1;
  return {
    of: (value) => (value === null ? 0 : Math.max(-1, Math.min(1, value / full))),
    full,
  };
}

function logarithmicRate(values: Iterable<number | null>): Shading {
  let largest = 0;
  for (const value of values) if (value) largest = Math.max(largest, Math.abs(Math.log(value)));
  return { of: (value) => (value && largest > 0 ? Math.log(value) / largest : 0), full: null };
}

/** The sizes of what is there and not zero, from the least to the largest. */
function sizesOf(values: Iterable<number | null>): Float64Array {
  const sizes: number[] = [];
  for (const value of values) if (value) sizes.push(Math.abs(value));
  return Float64Array.from(sizes).sort();
}

/** The least size has a little colour, so that it is told from zero. */
const LEAST = 0.12;

function logarithmicSize(sizes: Float64Array): Shading {
  const least = Math.log(sizes[0] ?? 1);
  const span = Math.log(sizes.at(-1) ?? 1) - least;
  return {
    of(value) {
      if (!value) return 0;
      const share = span > 0 ? (Math.log(Math.abs(value)) - least) / span : 1;
      return Math.sign(value) * (LEAST + (1 - LEAST) * share);
    },
    full: null,
  };
}

/** An age in words. */
export function formatAge(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
