import { SharedRead } from '../async/shared-read.js';
import type { FoundVersion, RuleStore, StoredVersion } from './rule-store.js';

interface RuleBookOptions {
  readonly store: Pick<RuleStore, 'from' | 'begin' | 'dropChannels'>;
  /** The latest turn that is stored, or was ever: what is stored while this is asked for may count. */
  readonly latestTurn: () => Promise<number>;
}

/** After so many more versions all are read anew: whoever judges removes those that nobody needs. */
const READ_ANEW_AFTER = 1_000;

/** All versions, as they were read from the first on. */
interface Known {
  readonly rules: Map<string, StoredVersion[]>;
  /** How many were read after the first time. */
  added: number;
  /** The last place that is taken in the list; 0 before the first. */
  last: number;
  newest: StoredVersion | null;
}

const NOTHING = (): Known => ({ rules: new Map(), added: 0, last: 0, newest: null });

/**
 * The rules with all their versions, as they were last read. Which turn a version begins after is recorded
 * once it stands: so whoever judges a turn that is stored, and then finds no later version, knows all that
 * count for it.
 */
export class RuleBook {
  readonly #options: RuleBookOptions;
  readonly #reading = new SharedRead(() => this.#read());
  #known: Known = NOTHING();
  /** Counts how often all was to be read anew, and through which of these it was. */
  #outdated = 0;
  #renewed = 0;
  #changes = 0;
  #epoch = 0;

  constructor(options: RuleBookOptions) {
    this.#options = options;
  }

  /** Counts how often it was found to have changed. */
  get changes(): number {
    return this.#changes;
  }

  /** Another one each time that all was read anew: versions that were known may be there no longer. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The last place that is taken in the list of all versions; 0 before the first. */
  get last(): number {
    return this.#known.last;
  }

  /** The versions of each rule, in order, of those too that were deleted. */
  get rules(): Iterable<readonly StoredVersion[]> {
    return this.#known.rules.values();
  }

  /** The rules as they are, in the order in which they were made. */
  get current(): readonly StoredVersion[] {
    return [...this.#known.rules.keys()]
      .map((rule) => this.rule(rule))
      .filter((rule) => rule !== null);
  }

  /** A rule as it is; null where there is none, or it was deleted. */
  rule(rule: string): StoredVersion | null {
    const newest = this.#known.rules.get(rule)?.at(-1);
    return newest && !newest.isDeleted ? newest : null;
  }

  /** A version of a rule, as it was; null where it is not known. */
  version(rule: string, version: number): StoredVersion | null {
    return this.#known.rules.get(rule)?.find((each) => each.version === version) ?? null;
  }

  /** Reads what was saved since. @throws {DatabaseUnavailableError} */
  refresh(): Promise<void> {
    return this.#reading.get();
  }

  /** The database was put back: all is read anew the next time. Until then the rules are as they were. */
  outdate(): void {
    this.#outdated++;
  }

  async #read(): Promise<void> {
    if (this.#known.added >= READ_ANEW_AFTER) this.outdate();
    const isOutdated = this.#outdated > this.#renewed;
    if (!isOutdated && (await this.#readInto(this.#known))) return;
    if (!isOutdated) this.outdate();
    const through = this.#outdated;
    const known = NOTHING();
    await this.#readInto(known);
    this.#known = known;
    this.#renewed = through;
    this.#changes++;
    this.#epoch++;
  }

  /** Reads on from what is known. @returns false where that is not there any more: the database was put back */
  async #readInto(known: Known): Promise<boolean> {
    const { store } = this.#options;
    const { newest } = known;
    // The last one known is read once more: where it is not there, the database was put back.
    const found = await store.from(Math.max(1, newest?.sequence ?? known.last));
    const isSame = newest === null || found.versions.some((each) => isVersion(each, newest));
    if (!isSame) return false;
    for (const version of found.versions) {
      if (version.sequence <= known.last) continue;
      const begun = await this.#begun(version);
      await this.#dropChannelsBefore(begun, known);
      this.#add(begun, known);
      if (newest !== null) known.added++;
    }
    known.last = Math.max(known.last, found.last);
    return true;
  }

  /** Records which turn a version begins after, where whoever saved it has not come to that. */
  async #begun(version: FoundVersion): Promise<StoredVersion> {
    const { store, latestTurn } = this.#options;
    const { sequence, afterTurn } = version;
    if (afterTurn !== null) return { ...version, afterTurn };
    return { ...version, afterTurn: await store.begin(sequence, await latestTurn()) };
  }

  /** A version takes its channels from those before it: also where whoever saved it has not come to that. */
  async #dropChannelsBefore({ rule, sequence }: StoredVersion, { rules }: Known): Promise<void> {
    const earlier = rules.get(rule) ?? [];
    if (!earlier.some(({ channels }) => channels.length > 0)) return;
    await this.#options.store.dropChannels(rule, sequence);
  }

  #add(version: StoredVersion, known: Known): void {
    const { rule, sequence } = version;
    const versions = known.rules.get(rule);
    if (versions) versions.push(version);
    else known.rules.set(rule, [version]);
    known.last = sequence;
    known.newest = version;
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
