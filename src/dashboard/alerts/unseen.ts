import type { FiringFactsFragment } from '../../generated/operations.js';

/** The newest firing that was shown: its place in the list. */
export type Seen = Pick<FiringFactsFragment, 'id' | 'turn'>;

/**
 * Those of a list that are newer than the one that was shown last.
 * @param newest the newest first
 */
export function unseenOf<Firing extends Seen>(
  newest: readonly Firing[],
  seen: Seen | null,
): readonly Firing[] {
  if (seen === null) return newest;
  const at = newest.findIndex(({ id }) => id === seen.id);
  if (at >= 0) return newest.slice(0, at);
  return newest.filter(({ turn }) => turn > seen.turn);
}
