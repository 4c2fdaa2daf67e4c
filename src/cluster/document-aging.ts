import { pause } from '../async/pause.js';
import type { BlockStore } from '../history/blocks/block-store.js';
import { blockOf } from '../history/blocks/block.js';
import { BlockFault } from '../history/blocks/bytes.js';
import { wordsOfDamage } from '../history/blocks/only-copies.js';
import { entryAfter, type ManifestEntry } from '../history/blocks/manifest.js';
import type { SealedBlocks } from '../history/blocks/sealed-blocks.js';
import {
  differences,
  isSameTurn,
  readWhole,
  type WholeBlock,
} from '../history/blocks/whole-block.js';
import type { CycleAges } from '../history/cycle-store.js';
import type { Damage } from '../history/damage.js';
import type { TurnDocuments } from '../history/turn-documents.js';
import type { Logger } from '../log.js';
import type { Pace } from '../scheduling/slices.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a block has to be known before it may become the only copy: a backup may be under way. */
const KNOWN_MS = 60 * 60 * 1000;
/** How many documents are removed at a time, and the pause between, milliseconds. */
const BATCH = 200;
const PAUSE_MS = 50;

/** Removes documents, each by its turn and its id. */
export interface DocumentRemoval {
  /** Keeps programs out that do not know of it; done before the first one. */
  allow(): Promise<void>;
  removeDocuments(ids: ReadonlyMap<number, string>): Promise<void>;
}

interface DocumentAgingOptions {
  readonly blocks: BlockStore;
  readonly sealed: SealedBlocks;
  readonly documents: TurnDocuments;
  readonly remover: DocumentRemoval;
  readonly ages: CycleAges;
  /** Turns that are kept on disk until the database is back, ascending. */
  readonly backlog: { readonly turns: readonly number[] };
  readonly damage: Pick<Damage, 'report'>;
  readonly log: Logger;
  /** How long documents are kept once they are sealed, days; 0 for ever. */
  readonly days: number;
  readonly knownMs?: number;
}

/**
 * Removes the documents of blocks that are sealed and old, oldest first, a block at a time: the block is
 * read, unpacked and compared with all of them bit for bit; a line of the manifest then says that it is
 * the only copy, so that it answers for whatever is missing; and only after that they are removed, a few
 * at a time, each compared once more. Where that was broken off, it is gone on with.
 *
 * A block that differs from its documents in any way removes none of them, nor does one that has turns
 * which cannot be read: a later version may read their documents. The newest cycle always has its
 * document, and so have all after the newest sealed block.
 */
export class DocumentAging {
  readonly #options: DocumentAgingOptions;
  /** The lines of only copies of which no document is left, by number. */
  readonly #finished = new Set<number>();
  /** Those that differ from their documents. */
  readonly #refused = new Set<string>();
  /** When a seal was first seen, by the monotonic clock. */
  readonly #seenAt = new Map<string, number>();

  constructor(options: DocumentAgingOptions) {
    this.#options = options;
  }

  /**
   * Removes the documents of a block, where there is one that is old enough.
   * @param mayGoOn whether this instance has the right to, still
   * @returns whether there may be more to do
   */
  async run(mayGoOn: () => boolean, pace: Pace): Promise<boolean> {
    const { sealed, documents, days } = this.#options;
    const counting = await sealed.counting();
    for (const { name } of counting) {
      if (!this.#seenAt.has(name)) this.#seenAt.set(name, performance.now());
    }
    for (const entry of counting) {
      if (!entry.isOnlyCopy || this.#finished.has(entry.number)) continue;
      if (pace.isSpent) await pace.next();
      const left = await documents.count(entry.firstTurn, entry.lastTurn);
      if (left > 0) return this.#remove(entry, await this.#readBlock(entry, pace), mayGoOn, pace);
      this.#finished.add(entry.number);
    }
    const orphan = await this.#orphan(counting);
    if (orphan) return this.#publish(orphan, await this.#readBlock(orphan, pace), mayGoOn);
    const entry = days === 0 ? null : await this.#oldEnough(counting);
    if (!entry) return false;
    const block = await this.#readBlock(entry, pace);
    if (!block || !(await this.#isSame(entry, block, pace))) return block !== null;
    return this.#publish(entry, block, mayGoOn);
  }

  /** A block none of whose documents is there, although later ones are: a backup may have been made so. */
  async #orphan(counting: readonly ManifestEntry[]): Promise<ManifestEntry | null> {
    const oldest = await this.#options.documents.oldest();
    if (oldest === null) return null;
    const isOrphan = (entry: ManifestEntry) => !entry.isOnlyCopy && entry.lastTurn < oldest;
    return counting.find(isOrphan) ?? null;
  }

  async #oldEnough(counting: readonly ManifestEntry[]): Promise<ManifestEntry | null> {
    const { documents, ages, backlog, days, knownMs = KNOWN_MS } = this.#options;
    const newest = await documents.newest(Infinity);
    const now = await ages.databaseTime();
    if (newest === null || Number.isNaN(now)) return null;
    const open = blockOf(Math.min(newest, backlog.turns[0] ?? newest));
    for (const entry of counting) {
      if (entry.block >= open) return null;
      const isOut = entry.isOnlyCopy || entry.unreadable.length > 0;
      if (isOut || this.#refused.has(entry.name)) continue;
      const [age] = await ages.agesFrom(entry.lastTurn, 1);
      const ageMs = now - (age?.completedAt ?? NaN);
      if (Number.isNaN(ageMs)) continue;
      // Those after it are younger.
      if (ageMs < days * DAY_MS) return null;
      const seenAt = this.#seenAt.get(entry.name) ?? Infinity;
      if (performance.now() - seenAt >= knownMs) return entry;
    }
    return null;
  }

  /** Null where it is damaged. */
  async #readBlock(entry: ManifestEntry, pace: Pace): Promise<WholeBlock | null> {
    try {
      return await readWhole(this.#options.blocks, entry, pace);
    } catch (error) {
      if (!(error instanceof BlockFault)) throw error;
      const { sealed, damage } = this.#options;
      sealed.distrust(entry.name);
      if (entry.isOnlyCopy) damage.report(`block ${entry.block}`, wordsOfDamage(entry, error));
      return null;
    }
  }

  /** Whether all documents of a block are there, but for the first ones of all, and each as in the block. */
  async #isSame(entry: ManifestEntry, block: WholeBlock, pace: Pace): Promise<boolean> {
    const { firstTurn, lastTurn } = entry;
    const { documents } = this.#options;
    const oldest = (await documents.oldest()) ?? Infinity;
    const there = documents.documents(firstTurn, lastTurn, pace);
    for await (const { turn, code } of differences(block, there, pace, oldest)) {
      this.#refuse(entry, `turn ${turn}: ${code}`);
      return false;
    }
    return true;
  }

  /** Says in the manifest that a block is the only copy, unless it was taken away meanwhile. */
  async #publish(
    entry: ManifestEntry,
    block: WholeBlock | null,
    mayGoOn: () => boolean,
  ): Promise<boolean> {
    const { blocks, sealed, remover, log } = this.#options;
    if (!block || !mayGoOn()) return false;
    await remover.allow();
    const line = entryAfter(await sealed.last(), entry, true);
    if (!(await blocks.publish(line))) return true;
    // Whoever takes a block away looks once more after that whether it has got another line.
    const isThere = (await blocks.standing([entry.number])).has(entry.number);
    await blocks.markRemoved([isThere ? entry : line]);
    sealed.forget();
    if (isThere)
      log.info({ block: entry.block }, 'a block of history is the only copy from now on');
    return true;
  }

  /** Removes what is left of the documents of a block that is the only copy. */
  async #remove(
    entry: ManifestEntry,
    block: WholeBlock | null,
    mayGoOn: () => boolean,
    pace: Pace,
  ): Promise<boolean> {
    if (!block) return false;
    const { documents, log } = this.#options;
    const { firstTurn, lastTurn } = entry;
    const placeOf = new Map([...block.whole.turns].map((turn, at) => [turn, at]));
    let batch = new Map<number, string>();
    let removed = 0;
    for await (const document of documents.documents(firstTurn, lastTurn, pace)) {
      const at = placeOf.get(document.cycle.turn);
      if (at === undefined || !isSameTurn(block, at, document)) {
        this.#refuse(entry, `turn ${document.cycle.turn} has another document`);
        continue;
      }
      batch.set(document.cycle.turn, document.id);
      if (batch.size < BATCH) continue;
      if (!(await this.#removeBatch(entry, batch, mayGoOn))) return true;
      removed += batch.size;
      batch = new Map();
      await pause(PAUSE_MS);
    }
    if (!(await this.#removeBatch(entry, batch, mayGoOn))) return true;
    removed += batch.size;
    this.#finished.add(entry.number);
    log.info({ block: entry.block, documents: removed }, 'documents that are sealed were removed');
    return true;
  }

  /** @returns whether it was done: not where the block is not the only copy any more */
  async #removeBatch(
    entry: ManifestEntry,
    batch: ReadonlyMap<number, string>,
    mayGoOn: () => boolean,
  ): Promise<boolean> {
    if (batch.size === 0) return true;
    const { blocks, remover } = this.#options;
    const isThere = (await blocks.standing([entry.number])).has(entry.number);
    if (!isThere || !mayGoOn()) return false;
    await remover.removeDocuments(batch);
    return true;
  }

  #refuse({ block, name }: ManifestEntry, words: string): void {
    if (this.#refused.has(name)) return;
    this.#refused.add(name);
    const all = `Documents of block ${block} of the sealed history are kept, because they differ from it (${words}).`;
    this.#options.damage.report(`documents of block ${block}`, all);
  }
}
