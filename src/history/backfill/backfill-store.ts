import type { Pair } from '../../domain/asset.js';
import type { TimeRange } from '../../domain/series/range.js';
import type { AskedMinutes, DayCloses } from './day-closes.js';

/** A pair that there are closes of, and from when to when at most, milliseconds since 1970. */
export interface BackfilledPair extends Pair, TimeRange {}

/** From when to when there are closes of any of some pairs; null for none. */
export function extentOfPairs(pairs: readonly BackfilledPair[]): TimeRange | null {
  if (pairs.length === 0) return null;
  return {
    from: Math.min(...pairs.map(({ from }) => from)),
    to: Math.max(...pairs.map(({ to }) => to)),
  };
}

/** How much there is of it. */
export interface BackfillExtent extends TimeRange {
  readonly pairs: number;
  /** Minutes with a close, those of all pairs together. */
  readonly closes: number;
  /** How much of the disk it takes, bytes; null where the database does not tell. */
  readonly bytes: number | null;
}

/**
 * One close a minute for a pair, as the exchange told it afterwards: a layer beside the stored turns,
 * and never one of them. Every method throws {@link DatabaseUnavailableError} while the database is
 * away.
 */
export interface BackfillStore {
  /** Ordered by symbol; none where nothing was ever stored. */
  pairs(): Promise<BackfilledPair[]>;
  /** Of some pairs at some days; a day that cannot be read is left out. */
  days(pairs: readonly Pair[], days: readonly number[]): Promise<DayCloses[]>;
  /** What was asked for of a day and can be read, by {@link pairKey}. */
  asked(day: number): Promise<ReadonlyMap<string, AskedMinutes>>;
  /** Stores a day in place of what is stored of it: doing it twice is harmless. */
  save(day: DayCloses): Promise<void>;
  /** Null where there is nothing. */
  extent(): Promise<BackfillExtent | null>;
  /** Removes all days before one. */
  removeBefore(day: number): Promise<void>;
  /** @returns whether there was anything */
  removeAll(): Promise<boolean>;
}
