import { numberAt } from '../cells.js';
import { Fault } from './fault.js';

export const TRANSFORM_KINDS = [
  'DIFFERENCE',
  'LOG_RETURN',
  'CUMULATIVE_PERCENT',
  'MOVING_AVERAGE',
  'EWMA',
  'ZSCORE',
] as const;
export type TransformKind = (typeof TRANSFORM_KINDS)[number];

export interface Transform {
  readonly kind: TransformKind;
  /** Of the last three kinds: over how many values. */
  readonly length?: number | null;
}

export const SHORTEST_LENGTH = 2;
export const LONGEST_LENGTH = 10_000;

/**
 * Takes the values one after another; NaN is none. What comes out for one that is none is none, and
 * changes nothing; so is what is not finite.
 */
export type Step = (value: number) => number;

/** What makes the step of each kind. Those with a length are made for it. */
const STEPS: Readonly<Record<TransformKind, { isOfLength: boolean; make(length: number): Step }>> =
  {
    DIFFERENCE: { isOfLength: false, make: () => sinceLast((value, before) => value - before) },
    LOG_RETURN: {
      isOfLength: false,
      make: () => sinceLast((value, before) => Math.log(value / before)),
    },
    CUMULATIVE_PERCENT: { isOfLength: false, make: cumulativePercent },
    MOVING_AVERAGE: { isOfLength: true, make: (length) => overLast(length, mean) },
    EWMA: { isOfLength: true, make: ewma },
    ZSCORE: { isOfLength: true, make: (length) => overLast(length, zScore) },
  };

/** Why a transform is none; null where it is one. */
export function faultOfTransform({ kind, length = null }: Transform): Fault | null {
  if (!STEPS[kind].isOfLength) {
    return length === null ? null : new Fault(`is not taken by ${kind}`);
  }
  const isValid =
    Number.isInteger(length) &&
    Number(length) >= SHORTEST_LENGTH &&
    Number(length) <= LONGEST_LENGTH;
  if (isValid) return null;
  return new Fault(`of ${kind} is to be from ${SHORTEST_LENGTH} to ${LONGEST_LENGTH}`);
}

/** The step of a chain: each transform takes what comes out of the one before. */
export function stepOf(chain: readonly Transform[]): Step {
  const steps = chain.map(({ kind, length }) => STEPS[kind].make(length ?? NaN));
  return (value) => {
    for (const step of steps) {
      if (!Number.isFinite(value)) return NaN;
      value = step(value);
    }
    return Number.isFinite(value) ? value : NaN;
  };
}

/** Of each value and the one before; none for the first. */
function sinceLast(of: (value: number, before: number) => number): Step {
  let before = NaN;
  return (value) => {
    const result = of(value, before);
    before = value;
    return result;
  };
}

function cumulativePercent(): Step {
  let first = NaN;
  return (value) => {
    if (Number.isNaN(first)) first = value;
    return 100 * (value / first - 1);
  };
}

/** α = 2 / (length + 1); it begins with the first value. */
function ewma(length: number): Step {
  const alpha = 2 / (length + 1);
  let before = NaN;
  return (value) => {
    const result = Number.isNaN(before) ? value : alpha * value + (1 - alpha) * before;
    if (Number.isFinite(result)) before = result;
    return result;
  };
}

/** Of the last values, this one included, oldest first; none before there are as many. */
function overLast(length: number, of: (values: Float64Array) => number): Step {
  // Twice the room: the last values always stand in one piece, and are moved seldom.
  const values = new Float64Array(2 * length);
  let count = 0;
  return (value) => {
    if (count === values.length) {
      values.copyWithin(0, length + 1);
      count = length - 1;
    }
    values[count++] = value;
    return count < length ? NaN : of(values.subarray(count - length, count));
  };
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += numberAt(values, at);
  return sum / values.length;
}

/** How many sample deviations the last value is above the mean; none where all are equal. */
function zScore(values: Float64Array): number {
  const last = numberAt(values, values.length - 1);
  if (values.every((value) => value === last)) return NaN;
  const middle = mean(values);
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += (numberAt(values, at) - middle) ** 2;
  return (last - middle) / Math.sqrt(squares / (values.length - 1));
}
