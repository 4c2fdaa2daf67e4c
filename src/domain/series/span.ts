import { Fault } from './fault.js';

/** A length of time: a whole number of seconds, given in milliseconds. */
export type Span = number;

export const SECOND: Span = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

/** The longest that can be asked for. */
export const LONGEST_SPAN = 520 * WEEK;
/** Monday 1970-01-05, milliseconds since 1970: weeks begin on Mondays. */
const FIRST_MONDAY = 4 * DAY;

const UNITS: ReadonlyMap<string, Span> = new Map([
  ['w', WEEK],
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
]);
const SPAN = /^([1-9]\d{0,8})([smhdw])$/;
const EXPECTED =
  'a whole number above 0 and one of s, m, h, d, w, for example 30s, 5m or 7d, at most 520w';

export function parseSpan(text: string): Span | Fault {
  const [, count, unit = ''] = SPAN.exec(text) ?? [];
  const span = Number(count) * (UNITS.get(unit) ?? NaN);
  if (span <= LONGEST_SPAN) return span;
  return new Fault(`is no span: ${EXPECTED} is expected`);
}

/** A span, or `turn`: one point for each turn. */
export function parseEvery(text: string): Span | 'turn' | Fault {
  if (text === 'turn') return 'turn';
  const span = parseSpan(text);
  return typeof span === 'number'
    ? span
    : new Fault(`is no span: turn, or ${EXPECTED} is expected`);
}

/** In the longest unit that it is a whole number of. */
export function formatSpan(span: Span | 'turn'): string {
  if (span === 'turn') return span;
  for (const [unit, ms] of UNITS) if (span % ms === 0) return `${span / ms}${unit}`;
  throw new RangeError(`not whole seconds: ${span} ms`);
}

/**
 * Which bucket a moment is in: bucket k is `[k * span, (k + 1) * span)` since 1970-01-01T00:00Z, and
 * where the span is whole weeks, since Monday 1970-01-05.
 */
export function bucketOf(moment: number, span: Span): number {
  return Math.floor((moment - originOf(span)) / span);
}

/** Where a bucket begins, milliseconds since 1970. */
export function bucketStart(bucket: number, span: Span): number {
  return originOf(span) + bucket * span;
}

function originOf(span: Span): number {
  return span % WEEK === 0 ? FIRST_MONDAY : 0;
}
