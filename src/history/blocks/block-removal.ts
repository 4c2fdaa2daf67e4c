import type { BlockStore } from './block-store.js';
import { turnsOf } from './block.js';
import type { ManifestEntry } from './manifest.js';
import type { SealedBlocks } from './sealed-blocks.js';

/** Takes sealed blocks away with the cycles that they hold: first they do not count any more. */
export class BlockRemoval {
  readonly #store: BlockStore;
  readonly #sealed: SealedBlocks;

  constructor(store: BlockStore, sealed: SealedBlocks) {
    this.#store = store;
    this.#sealed = sealed;
  }

  /**
   * Those with any turn up to one: what is left of the last one stands in documents. Where it does not,
   * the block stays.
   */
  async through(turn: number): Promise<void> {
    await this.#remove(
      ({ firstTurn, lastTurn, isOnlyCopy }) => (isOnlyCopy ? lastTurn : firstTurn) <= turn,
    );
  }

  /** Those with no other turns than such as are before one. */
  async before(turn: number): Promise<void> {
    await this.#remove(({ block }) => turnsOf(block).last < turn);
  }

  /** The one that has a turn, if any, and if its turns stand in documents, too. */
  async with(turn: number): Promise<void> {
    await this.#remove(
      ({ firstTurn, lastTurn, isOnlyCopy }) => !isOnlyCopy && firstTurn <= turn && lastTurn >= turn,
    );
  }

  async these(entries: readonly ManifestEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.#store.markRemoved(entries);
    this.#sealed.forget();
    const kept = new Set((await this.#sealed.all()).map(({ name }) => name));
    for (const { block } of entries) await this.#store.clear(block, block, kept);
  }

  /** Until there is none: one may be given another line just then. */
  async #remove(isGone: (entry: ManifestEntry) => boolean): Promise<void> {
    for (;;) {
      const gone = (await this.#sealed.all()).filter(isGone);
      if (gone.length === 0) return;
      await this.these(gone);
    }
  }
}
