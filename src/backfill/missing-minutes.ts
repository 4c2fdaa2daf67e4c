import type { AskedMinutes } from '../history/backfill/day-closes.js';

/** Minutes of a day, half-open, counted from midnight. */
export interface Minutes {
  readonly from: number;
  readonly to: number;
}

/** What of a day is to be asked for. */
export interface MissingMinutes {
  /** What was asked for once they are there: one stretch without a break. */
  readonly whole: Minutes;
  /** In order of time; none where all is there. */
  readonly parts: readonly Minutes[];
  /** Whether what is stored stays beside them. */
  readonly keepsStored: boolean;
}

/**
 * What is missing of some minutes of a day. Between them and what is there nothing is left out, so that a
 * day is always one stretch; where something of it could not be read, all of it is asked for again.
 */
export function missingMinutes(wanted: Minutes, there: AskedMinutes | undefined): MissingMinutes {
  if (!there) return { whole: wanted, parts: [wanted], keepsStored: false };
  const whole = { from: Math.min(wanted.from, there.from), to: Math.max(wanted.to, there.to) };
  if (there.faults > 0) return { whole, parts: [whole], keepsStored: false };
  const parts = [
    { from: whole.from, to: there.from },
    { from: there.to, to: whole.to },
  ];
  return { whole, parts: parts.filter(({ from, to }) => from < to), keepsStored: true };
}
