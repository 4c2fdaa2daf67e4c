import type { Extent } from '../domain/series/moment.js';

/** From when to when there are stored cycles. */
export interface TimeExtent {
  /** The smallest and the largest stored `observedAt`, milliseconds since 1970; null without a cycle. */
  observed(): Promise<{ readonly first: number; readonly last: number } | null>;
}

/**
 * What moments are counted from.
 * @param clock what `now` means where nothing is stored, milliseconds since 1970
 */
export async function extentOf(stored: TimeExtent, clock: () => number): Promise<Extent> {
  const observed = await stored.observed();
  if (observed) return { start: observed.first, now: observed.last + 1 };
  const now = clock();
  return { start: now, now };
}
