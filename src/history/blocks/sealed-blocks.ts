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
}

/** What is read of the manifest; without `standing` no block may be the only copy of its cycles. */
type Lines = Pick<BlockStore, 'entries'> & Partial<Pick<BlockStore, 'standing'>>;

type Documents = Pick<CycleStore, 'ids'> & Partial<Pick<CycleStore, 'span'>>;

const NOTHING: Known = { entries: [], ordered: [] };

/**
 * The blocks that are sealed, as far as they agree with the documents, which are what was committed.
 * A database may be set back to an earlier state, whole or in part: the turns that are run then have
 * numbers that blocks have, too. Such a block's last turn is another one than the document's, or has
 * none, and so are all blocks after it.
 *
 * A block that is the only copy of its cycles counts by the manifest alone, and so do those before it:
 * their turns were never used again.
 */
export class SealedBlocks {
  readonly #store: Lines;
  readonly #documents: Documents;
  readonly #update = new SharedRead(() => this.#bringUpToDate());
  readonly #agreeing = new SharedRead(async () => this.#agreeingOf(await this.all()));
  #known: Known = NOTHING;
  /** The seals in which something was found damaged. */
  readonly #faulty = new Set<string>();

  constructor(store: Lines, documents: Documents) {
    this.#store = store;
    this.#documents = documents;
  }

  /** The blocks to be read, in the order of turns. */
  async counting(): Promise<readonly ManifestEntry[]> {
    const agreeing = await this.#agreeing.get();
    return agreeing.filter(({ name }) => !this.#faulty.has(name));
  }

  /** Those that are the only copies of their cycles, damaged or not, with turns from one to another. */
  async onlyCopies(first: number, last: number): Promise<readonly ManifestEntry[]> {
    return (await this.all()).filter(
      ({ isOnlyCopy, firstTurn, lastTurn }) => isOnlyCopy && firstTurn <= last && lastTurn >= first,
    );
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

  /** How many seals were found damaged: whatever was read of their blocks may read differently since. */
  get distrusted(): number {
    return this.#faulty.size;
  }

  isDistrusted(name: string): boolean {
    return this.#faulty.has(name);
  }

  /** Lines were marked as removed: that can be seen in none of those after them. */
  forget(): void {
    this.#known = { ...NOTHING };
  }

  async #bringUpToDate(): Promise<Known> {
    await this.#noticeRemoval();
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
    const known = { entries, ordered };
    // What was to be forgotten meanwhile stays forgotten.
    if (this.#known === before) this.#known = known;
    return known;
  }

  /** Cycles are removed from the oldest on: where the first only copy stands, all of them do. */
  async #noticeRemoval(): Promise<void> {
    const first = this.#known.ordered.find(({ isOnlyCopy }) => isOnlyCopy);
    if (!first) return;
    const standing = await this.#store.standing?.([first.number]);
    if (!standing?.has(first.number)) this.forget();
  }

  /** Without those at the end that are of other turns than the documents. */
  async #agreeingOf(blocks: readonly ManifestEntry[]): Promise<readonly ManifestEntry[]> {
    for (let end = blocks.length, size = 1; end > 0; end -= size, size = PAGE) {
      const page = blocks.slice(Math.max(0, end - size), end);
      const there = await this.#documents.ids(page.map(({ lastTurn }) => lastTurn));
      const same = page.findLastIndex(
        ({ lastTurn, lastId, isOnlyCopy }) => isOnlyCopy || there.get(lastTurn) === lastId,
      );
      if (same === -1) continue;
      const agreeing = end - page.length + same + 1;
      return [...blocks.slice(0, agreeing), ...(await this.#orphans(blocks.slice(agreeing)))];
    }
    return this.#orphans(blocks);
  }

  /**
   * Those before the first document. What is set back begins as it did, and what is removed on purpose
   * takes its blocks with it: such a block is all that is left of its cycles.
   */
  async #orphans(blocks: readonly ManifestEntry[]): Promise<readonly ManifestEntry[]> {
    const span = blocks.length > 0 ? await this.#documents.span?.() : null;
    return span ? blocks.filter(({ lastTurn }) => lastTurn < span.oldest) : [];
  }
}

/** A line that was changed counts as none, but where it says that its block is the only copy. */
function inOrder(entries: readonly ManifestEntry[]): readonly ManifestEntry[] {
  const whole = entries.map((entry) =>
    hashOf(entry) === entry.hash ? entry : repeated(entry, entries),
  );
  const counting = countingOf(whole.filter((entry) => entry !== null));
  return [...counting.values()].sort((a, b) => a.block - b.block);
}

/** What such a line repeats: the line by which the block was sealed. */
function repeated(changed: ManifestEntry, entries: readonly ManifestEntry[]): ManifestEntry | null {
  if (changed.isOnlyCopy !== true) return null;
  const { number, hash, isRemoved } = changed;
  const before = entries.findLast(
    (entry) => entry.name === changed.name && entry.number < number && hashOf(entry) === entry.hash,
  );
  return before ? { ...before, number, hash, isRemoved, isOnlyCopy: true } : null;
}
