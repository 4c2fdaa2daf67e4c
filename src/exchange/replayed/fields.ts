import { plainDecimal } from '../../domain/decimal.js';

/** What a field takes, in words that follow "expected". */
export const EXPECTED_NUMBER = 'a number of at least 0, for example 93000.00 or 7.9e-06';
export const EXPECTED_TIME = 'milliseconds or microseconds since 1970';

/** From here on a time counts microseconds: as milliseconds it would be the year 5138. */
const FIRST_MICROSECOND = 1e14;

/** Milliseconds since 1970 from text or a number that counts them or microseconds; null for others. */
export function readTime(value: unknown): number | null {
  const plain = plainDecimal(value);
  if (plain === null) return null;
  const time = Number(plain);
  const at = Math.floor(time >= FIRST_MICROSECOND ? time / 1000 : time);
  return at < FIRST_MICROSECOND ? at : null;
}

/** A field that cannot be taken, for people. */
export function fieldFault(field: string, expected: string, found: unknown): string {
  const shown = found === undefined ? 'nothing' : JSON.stringify(found);
  return `${field}: expected ${expected}, found ${shown.length > 40 ? `${shown.slice(0, 40)}…` : shown}`;
}
