import { Arg, Int } from 'type-graphql';
import { badUserInput } from './errors.js';

/** The most that a double needs. */
const MOST_DIGITS = 17;

/** The argument of a field that brings numbers. */
export const Digits = () =>
  Arg('digits', () => Int, {
    nullable: true,
    description: `Significant digits, 1 to ${MOST_DIGITS}; without it the shortest text that reads back as the same double.`,
  });

/**
 * How many significant digits are asked for; null where nothing is said.
 * @throws a BAD_USER_INPUT error where there are no such digits
 */
export function readDigits(digits: number | null | undefined): number | null {
  const asked = digits ?? null;
  if (asked === null || (asked >= 1 && asked <= MOST_DIGITS)) return asked;
  throw badUserInput('digits', `expected 1 to ${MOST_DIGITS} significant digits, not ${asked}`);
}

/** Rounded to significant digits, as it is for null; null where that is beyond the range of a double. */
export function roundTo(value: number | null, digits: number | null): number | null {
  if (value === null || digits === null) return value;
  const rounded = Number(value.toPrecision(digits));
  return Number.isFinite(rounded) ? rounded : null;
}
