import type { Firing } from './firings.js';

/** The last firing of each rule; null: it has none. */
export type LastFirings = ReadonlyMap<string, Firing | null>;

export const NONE_KNOWN: LastFirings = new Map();

/**
 * What is known once these are the newest firings. A rule whose last one is not among them any more
 * keeps it.
 * @param newest the newest first; null where all that was known counts no more
 */
export function withNewest(known: LastFirings, newest: readonly Firing[] | null): LastFirings {
  if (newest === null) return NONE_KNOWN;
  const last = new Map(known);
  for (const firing of newest.toReversed()) if (firing.alert) last.set(firing.alert.id, firing);
  return last;
}

/** What is known once the last firing of a rule was read; what came meanwhile is later. */
export function withRead(known: LastFirings, rule: string, last: Firing | null): LastFirings {
  return known.get(rule) ? known : new Map(known).set(rule, last);
}
