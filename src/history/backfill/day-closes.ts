import type { Pair } from '../../domain/asset.js';
import { DAY, MINUTE } from '../../domain/series/span.js';

export const DAY_MINUTES = DAY / MINUTE;

/** The minutes of a day that were asked for: half-open, counted from midnight, without a break. */
export interface AskedMinutes {
  readonly from: number;
  readonly to: number;
  /** How many of them could not be read: they are asked for again. */
  readonly faults: number;
}

/** The closes of a pair over a day (UTC). */
export interface DayCloses extends AskedMinutes {
  readonly pair: Pair;
  /** Days since 1970. */
  readonly day: number;
  /** By minute of the day; NaN where there is none, or none was asked for. */
  readonly closes: Float64Array;
}

/** Which day a moment is in, days since 1970. */
export function dayOf(moment: number): number {
  return Math.floor(moment / DAY);
}

/** Where a minute of a day begins, milliseconds since 1970. */
export function minuteAt(day: number, minute: number): number {
  return day * DAY + minute * MINUTE;
}

/** `2024-01-31` */
export function nameOfDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
