import { SharedRead } from '../async/shared-read.js';
import type { FoundVersion, RuleStore, StoredVersion } from './rule-store.js';

interface RuleBookOptions {
  readonly store: Pick<RuleStore, 'from' | 'begin' | 'dropChannels'>;
  /** The latest turn that is stored, or was ever: what is stored while this is asked for may count. */
  readonly latestTurn: () => Promise<number>;
}

/**
 * The rules with all their versions, as they were last read. Which turn a version begins after is recorded
 * once it stands: so whoever judges a turn that is stored, and then finds no later version, knows all that
 * count for it.
 */
export class RuleBook {
  readonly #options: RuleBookOptions;
  readonly #reading = new SharedRead(() => this.#read());
  readonly #rules = new Map<string, StoredVersion[]>();
  #last = 0;
  #newest: StoredVersion | null = null;
  #changes = 0;
  #epoch = 0;

  constructor(options: RuleBookOptions) {
    this.#options = options;
  }

  /** Counts how often it was found to have changed. */
  get changes(): number {
    return this.#changes;
  }

  /** Another one each time that all was forgotten: versions that were known may be there no longer. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The last place that is taken in the list of all versions; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** The versions of each rule, in order, of those too that were deleted. */
  get rules(): Iterable<readonly StoredVersion[]> {
    return this.#rules.values();
  }

  /** The rules as they are, in the order in which they were made. */
  get current(): readonly StoredVersion[] {
    return [...this.#rules.keys()].map((rule) => this.rule(rule)).filter((rule) => rule !== null);
  }

  /** A rule as it is; null where there is none, or it was deleted. */
  rule(rule: string): StoredVersion | null {
    const newest = this.#rules.get(rule)?.at(-1);
    return newest && !newest.isDeleted ? newest : null;
  }

  /** A version of a rule, as it was; null where it is not known. */
  version(rule: string, version: number): StoredVersion | null {
    return this.#rules.get(rule)?.find((each) => each.version === version) ?? null;
  }

  /** Reads what was saved since. @throws {DatabaseUnavailableError} */
  refresh(): Promise<void> {
    return this.#reading.get();
  }

  /** Forgets all, so that it is read anew: the database was put back. */
  forget(): void {
    this.#rules.clear();
    this.#last = 0;
    this.#newest = null;
    this.#changes++;
    this.#epoch++;
  }

  async #read(): Promise<void> {
    const { store } = this.#options;
    const known = this.#newest;
    // The last one known is read once more: where it is not there, the database was put back.
    const found = await store.from(Math.max(1, known?.sequence ?? this.#last));
    const isSame = known === null || found.versions.some((each) => isVersion(each, known));
    if (!isSame) {
      this.forget();
      return this.#read();
    }
    for (const version of found.versions) {
      if (version.sequence <= this.#last) continue;
      const begun = await this.#begun(version);
      await this.#dropChannelsBefore(begun);
      this.#add(begun);
    }
    this.#last = Math.max(this.#last, found.last);
  }

  /** Records which turn a version begins after, where whoever saved it has not come to that. */
  async #begun(version: FoundVersion): Promise<StoredVersion> {
    const { store, latestTurn } = this.#options;
    const { sequence, afterTurn } = version;
    if (afterTurn !== null) return { ...version, afterTurn };
    return { ...version, afterTurn: await store.begin(sequence, await latestTurn()) };
  }

  /** A version takes its channels from those before it: also where whoever saved it has not come to that. */
  async #dropChannelsBefore({ rule, sequence }: StoredVersion): Promise<void> {
    const earlier = this.#rules.get(rule) ?? [];
    if (!earlier.some(({ channels }) => channels.length > 0)) return;
    await this.#options.store.dropChannels(rule, sequence);
  }

  #add(version: StoredVersion): void {
    const { rule, sequence } = version;
    const versions = this.#rules.get(rule);
    if (versions) versions.push(version);
    else this.#rules.set(rule, [version]);
    this.#last = sequence;
    this.#newest = version;
    this.#changes++;
  }
}

function isVersion(found: FoundVersion, known: StoredVersion): boolean {
  return (
    found.sequence === known.sequence &&
    found.rule === known.rule &&
    found.version === known.version &&
    found.afterTurn === known.afterTurn
  );
}
