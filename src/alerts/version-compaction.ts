import type { FiringStore } from './firing-store.js';
import type { RuleStore, StoredVersion } from './rule-store.js';

/** How many versions of a rule are kept whatever they are: the newest. */
export const NEWEST_KEPT = 100;

interface CompactionStores {
  readonly rules: Pick<RuleStore, 'remove'>;
  readonly firings: Pick<FiringStore, 'versionsOf'>;
}

/**
 * Removes versions of rules that nobody needs any longer. Kept are the newest, those that have fired, and those
 * that were in force at a turn or later: from there judging may have to go on.
 */
export async function compactVersions(
  rules: Iterable<readonly StoredVersion[]>,
  since: number,
  { rules: store, firings }: CompactionStores,
): Promise<void> {
  for (const versions of rules) {
    const old = versions.slice(0, -NEWEST_KEPT).filter((_, at) => {
      const end = versions[at + 1]?.afterTurn ?? Infinity;
      return end < since;
    });
    const rule = old[0]?.rule;
    if (rule === undefined) continue;
    const fired = new Set(await firings.versionsOf(rule));
    const needless = old.filter(({ version }) => !fired.has(version));
    await store.remove(needless.map(({ sequence }) => sequence));
  }
}
