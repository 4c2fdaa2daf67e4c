import { SharedRead } from '../../async/shared-read.js';
import type { CycleStore } from '../cycle-store.js';
import type { BlockStore } from './block-store.js';
import { countingOf, hashOf, type ManifestEntry } from './manifest.js';

/** How many blocks are compared at a time, once the last one differs. */
const PAGE = 256;

/** What of the manifest is known. */
interface Known {
  readonly entries: readonly ManifestEntry[];
  /** Those that count by the manifest alone, in the order of turns. */
  readonly ordered: readonly ManifestEntry[];
  /** Those of them that agree with the documents. */
  readonly counting: readonly ManifestEntry[];
}

const NOTHING: Known = { entries: [], ordered: [], counting: [] };

/**
 * The blocks that are sealed, as far as they agree with the documents, which are what was committed.
 * A database may be set back to an earlier state, whole or in part: the turns that are run then have
 * numbers that blocks have, too. Such a block's last turn is another one than the document's, or has
 * none, and so are all blocks after it.
 */
export class SealedBlocks {
  readonly #store: Pick<BlockStore, 'entries'>;
  readonly #documents: Pick<CycleStore, 'ids'>;
  readonly #update = new SharedRead(() => this.#bringUpToDate());
  #known: Known = NOTHING;
  /** The seals in which something was found damaged. */
  readonly #faulty = new Set<string>();

  constructor(store: Pick<BlockStore, 'entries'>, documents: Pick<CycleStore, 'ids'>) {
    this.#store = store;
    this.#documents = documents;
  }

  /** The blocks to be read, in the order of turns. */
  async counting(): Promise<readonly ManifestEntry[]> {
    const { counting } = await this.#update.get();
    return counting.filter(({ name }) => !this.#faulty.has(name));
  }

  /** All lines that count by the manifest alone, in the order of turns. */
  async all(): Promise<readonly ManifestEntry[]> {
    const { ordered } = await this.#update.get();
    return ordered;
  }

  /** The last line of the manifest. */
  async last(): Promise<ManifestEntry | null> {
    const { entries } = await this.#update.get();
    return entries.at(-1) ?? null;
  }

  /**
   * Whether a line counts still, by the manifest as it is: another instance may have taken the block
   * away, or sealed it again.
   */
  async isThere({ number, hash }: ManifestEntry): Promise<boolean> {
    this.forget();
    return (await this.all()).some((entry) => entry.number === number && entry.hash === hash);
  }

  /** A block in which something is damaged answers no more, until it is sealed again. */
  distrust(name: string): void {
    this.#faulty.add(name);
  }

  isDistrusted(name: string): boolean {
    return this.#faulty.has(name);
  }

  /** Lines were marked as removed: that can be seen in none of those after them. */
  forget(): void {
    this.#known = { ...NOTHING };
  }

  async #bringUpToDate(): Promise<Known> {
    const before = this.#known;
    const last = before.entries.at(-1);
    const news = await this.#store.entries(last?.number ?? 1);
    const isContinued = last !== undefined && news[0]?.hash === last.hash;
    const isSame = isContinued && news.length === 1 && news[0]?.isRemoved === last.isRemoved;
    const entries = isSame
      ? before.entries
      : isContinued
        ? [...before.entries.slice(0, -1), ...news]
        : last === undefined
          ? news
          : await this.#store.entries(1);
    const ordered = isSame ? before.ordered : inOrder(entries);
    const known = { entries, ordered, counting: await this.#agreeing(ordered) };
    // What was to be forgotten meanwhile stays forgotten.
    if (this.#known === before) this.#known = known;
    return known;
  }

  /** Without those at the end that are of other turns than the documents. */
  async #agreeing(blocks: readonly ManifestEntry[]): Promise<readonly ManifestEntry[]> {
    for (let end = blocks.length, size = 1; end > 0; end -= size, size = PAGE) {
      const page = blocks.slice(Math.max(0, end - size), end);
      const there = await this.#documents.ids(page.map(({ lastTurn }) => lastTurn));
      const same = page.findLastIndex(({ lastTurn, lastId }) => there.get(lastTurn) === lastId);
      if (same !== -1) return blocks.slice(0, end - page.length + same + 1);
    }
    return [];
  }
}

/** A line that was changed counts as none. */
function inOrder(entries: readonly ManifestEntry[]): readonly ManifestEntry[] {
  const counting = countingOf(entries.filter((entry) => hashOf(entry) === entry.hash));
  return [...counting.values()].sort((a, b) => a.block - b.block);
}
