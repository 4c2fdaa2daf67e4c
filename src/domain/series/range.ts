import { Fault } from './fault.js';
import { resolveMoment, type Extent, type Moment } from './moment.js';
import {
  bucketOf,
  bucketStart,
  DAY,
  formatSpan,
  HOUR,
  LONGEST_SPAN,
  MINUTE,
  SECOND,
  WEEK,
  type Span,
} from './span.js';

export const DEFAULT_POINTS = 500;
export const MOST_POINTS = 20_000;

/** A half-open range of `observedAt`, milliseconds since 1970; empty where both are the same. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** What of the stored turns decides how fine an answer is. */
export interface Density {
  /** How many turns lie in the range. */
  readonly turns: number;
  /** From turn to turn, milliseconds. */
  readonly intervalMs: number;
}

/** What is chosen from where nothing is said, finest first. */
const CHOICES: readonly Span[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 4, 6, 12].map((count) => count * HOUR),
  DAY,
  WEEK,
];
/** How many intervals a bucket that was not asked for has at least. */
const FEWEST_INTERVALS = 2;
/** Two centuries: what such buckets do not hold no longer ones would. */
const MOST_WEEKS = 10_432;

/**
 * The range from one moment to another, cut to what is stored.
 * @param also what else there is to be shown; null for nothing
 */
export function rangeBetween(
  from: Moment,
  to: Moment,
  extent: Extent,
  also: TimeRange | null = null,
): TimeRange | Fault {
  const [asked, until] = [resolveMoment(from, extent), resolveMoment(to, extent)];
  if (asked > until) return new Fault('is after to: a range goes from the earlier moment on');
  const [first, end] = [
    Math.min(extent.start, also?.from ?? Infinity),
    Math.max(extent.now, also?.to ?? -Infinity),
  ];
  const start = Math.min(Math.max(asked, first), end);
  return { from: start, to: Math.max(start, Math.min(until, end)) };
}

/**
 * A range widened to whole buckets, so that a bucket has the same numbers in every answer; for one
 * point a turn it stays as it is.
 */
export function widened({ from, to }: TimeRange, every: Span | 'turn'): TimeRange {
  if (every === 'turn' || from === to) return { from, to };
  const last = bucketOf(to - 1, every);
  return { from: bucketStart(bucketOf(from, every), every), to: bucketStart(last + 1, every) };
}

/** How many buckets a range touches. */
export function countBuckets({ from, to }: TimeRange, every: Span): number {
  return from === to ? 0 : bucketOf(to - 1, every) - bucketOf(from, every) + 1;
}

/**
 * How fine an answer is where nothing is said of it: one point a turn where these are few enough, else
 * the smallest of the usual spans that is at least two intervals and gives at most so many buckets.
 */
export function chooseEvery(
  range: TimeRange,
  { turns, intervalMs }: Density,
  maxPoints: number,
): Span | 'turn' {
  return turns <= maxPoints ? 'turn' : chooseSpan(range, intervalMs, maxPoints);
}

/** The same where minutes are shown beside turns: no finer than a minute, and never one point a turn. */
export function chooseMinutes(range: TimeRange, { intervalMs }: Density, maxPoints: number): Span {
  const interval = Number.isNaN(intervalMs) ? 0 : intervalMs;
  return chooseSpan(range, Math.max(interval, MINUTE / FEWEST_INTERVALS), maxPoints);
}

function chooseSpan(range: TimeRange, intervalMs: number, maxPoints: number): Span {
  const fits = (span: Span): boolean =>
    // An interval that is not known is none.
    !(span < FEWEST_INTERVALS * intervalMs) && countBuckets(range, span) <= maxPoints;
  const usual = CHOICES.find(fits);
  if (usual !== undefined) return usual;
  let weeks = 1;
  while (weeks < MOST_WEEKS && !fits(weeks * WEEK)) weeks++;
  return weeks * WEEK;
}

/** Why a range cannot be answered as fine as that, with a span that can; null where it can. */
export function faultOfEvery(
  every: Span | 'turn',
  range: TimeRange,
  { turns, intervalMs }: Density,
  maxPoints: number,
): Fault | null {
  const points = every === 'turn' ? turns : countBuckets(range, every);
  if (points <= maxPoints) return null;
  const span = chooseSpan(range, intervalMs, maxPoints);
  const way = span <= LONGEST_SPAN ? `${formatSpan(span)} fits` : 'take a shorter range';
  return new Fault(`gives ${points} points, more than ${maxPoints}: ${way}`);
}

/** Why an answer cannot have so many points at most; null where it can. */
export function faultOfMaxPoints(maxPoints: number): Fault | null {
  const isValid = Number.isInteger(maxPoints) && maxPoints >= 1 && maxPoints <= MOST_POINTS;
  return isValid ? null : new Fault(`is not from 1 to ${MOST_POINTS}`);
}
