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
export class VersionCompaction {
  readonly #stores: CompactionStores;
  /** Those that were removed, or have fired: whoever knows the rules knows them still. */
  readonly #settled = new WeakSet<StoredVersion>();

  constructor(stores: CompactionStores) {
    this.#stores = stores;
  }

  /** @param since the turn from which on judging may have to go on */
  async run(rules: Iterable<readonly StoredVersion[]>, since: number): Promise<void> {
    const { rules: store, firings } = this.#stores;
    for (const versions of rules) {
      const old = versions.slice(0, -NEWEST_KEPT).filter((version, at) => {
        const end = versions[at + 1]?.afterTurn ?? Infinity;
        return end < since && !this.#settled.has(version);
      });
      const rule = old[0]?.rule;
      if (rule === undefined) continue;
      const fired = new Set(await firings.versionsOf(rule));
      const needless = old.filter(({ version }) => !fired.has(version));
      await store.remove(needless.map(({ sequence }) => sequence));
      for (const version of old) this.#settled.add(version);
    }
  }
}
