import type { FiringFactsFragment } from '../../generated/operations.js';

/** A firing, with the rule as it is; null where that was deleted since. */
export type Firing = FiringFactsFragment;

/** What is known of what rules have fired. Immutable: each change makes a new one. */
export interface Firings {
  /** The newest first; null before they were read. */
  readonly newest: readonly Firing[] | null;
  /** Where older ones are read from; null where there are none, or where that is not known any more. */
  readonly olderAfter: string | null;
  /** Whether there are none but these. */
  readonly isWhole: boolean;
}

/** How many are kept at most of those that come. */
export const MOST_FIRINGS = 1_000;

export const NOTHING_READ: Firings = { newest: null, olderAfter: null, isWhole: false };

/**
 * What is known once more have fired.
 * @param added none that was known, in the order in which they came
 */
export function withAdded(firings: Firings, added: readonly Firing[]): Firings {
  const newest = [...added.toReversed(), ...(firings.newest ?? [])];
  if (newest.length <= MOST_FIRINGS) return { ...firings, newest };
  // Where some are let go, older ones cannot be gone on to from here.
  return { newest: newest.slice(0, MOST_FIRINGS), olderAfter: null, isWhole: false };
}
