import type { MatrixKind, WindowKind } from '../../generated/operations.js';

/** What a matrix can be of: a turn, or a window before it. */
export type ShownKind = MatrixKind | WindowKind;

/** Whether a kind is of a turn: one of pairs, and not of what two assets have to do with each other. */
export function isOfTurn(kind: ShownKind): kind is MatrixKind {
  return kind !== 'CORRELATION' && kind !== 'COVARIANCE' && kind !== 'BETA';
}

interface KindWords {
  readonly symbol: string;
  readonly name: string;
  readonly about: string;
}

/** How each kind of matrix is called, and what it says. */
export const KIND_WORDS: Readonly<Record<ShownKind, KindWords>> = {
  ID_BENCHMARK: { symbol: 'B', name: 'Benchmark', about: 'The rate: what one base costs.' },
  ID_DELTA: { symbol: 'Δ', name: 'Delta', about: 'The rate now minus the rate before.' },
  ID_PERCENT: { symbol: 'Δ%', name: 'Percent', about: 'How the rate moved.' },
  ID_PCT: { symbol: 'ΔΔ%', name: 'Change', about: 'How Δ% moved since the turn before.' },
  QUANTID: { symbol: 'k', name: 'Quantid', about: 'Kinetic value, normalised to ±1.' },
  CORRELATION: {
    symbol: 'corr',
    name: 'Correlation',
    about: 'Whether the returns of two assets go together, −1 to +1.',
  },
  COVARIANCE: {
    symbol: 'cov',
    name: 'Covariance',
    about: 'How much the returns of two assets vary together.',
  },
  BETA: {
    symbol: 'β',
    name: 'Beta',
    about: 'How much the base returns for each percent that the quote does.',
  },
};

/** A covariance of returns is told in squares of a basis point: as it is, it would be all zeros. */
export const COVARIANCE_SCALE = 1e8;

/**
 * The unit of a matrix as its header has it.
 * @param over how far back it looks, and of a window how long it is
 */
export function unitWords(kind: ShownKind, over: string, every: string): string {
  switch (kind) {
    case 'ID_BENCHMARK':
      return 'units of quote per one base';
    case 'ID_DELTA':
      return `units of quote per one base, over ${spanWords(over)}`;
    case 'ID_PERCENT':
      return `percent, over ${spanWords(over)}`;
    case 'ID_PCT':
      return 'percentage points, since the turn before';
    case 'QUANTID':
      return over === '24h' ? 'no unit, −1 to +1' : `no unit, −1 to +1, over ${spanWords(over)}`;
    case 'CORRELATION':
      return `no unit, −1 to +1, over ${spanWords(over)} by ${spanWords(every)}`;
    case 'COVARIANCE':
      return `basis points², over ${spanWords(over)} by ${spanWords(every)}`;
    case 'BETA':
      return `no unit, over ${spanWords(over)} by ${spanWords(every)}`;
  }
}

const SPAN_UNITS: Readonly<Record<string, string>> = {
  s: 's',
  m: 'min',
  h: 'h',
  d: 'd',
  w: 'weeks',
};

/** A span of the API for people: `24h` is `24 h`. */
export function spanWords(span: string): string {
  return span.replace(/^(\d+)(\D)$/, (_, count: string, unit: string) => {
    return `${count} ${SPAN_UNITS[unit] ?? unit}`;
  });
}

/** The unit behind a single value. */
export function unitOf(kind: ShownKind, base: string, quote: string): string {
  switch (kind) {
    case 'ID_BENCHMARK':
    case 'ID_DELTA':
      return `${quote} per ${base}`;
    case 'ID_PERCENT':
      return '%';
    case 'ID_PCT':
      return 'pp';
    case 'COVARIANCE':
      return 'bp²';
    case 'QUANTID':
    case 'CORRELATION':
    case 'BETA':
      return '';
  }
}

/** Whether a kind is shown with a sign even above zero: all that says how something moved. */
export function isSigned(kind: ShownKind): boolean {
  return isOfTurn(kind) && kind !== 'ID_BENCHMARK';
}
