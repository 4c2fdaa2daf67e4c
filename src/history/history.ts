import { LRUCache } from 'lru-cache';
import type { CycleStore } from './cycle-store.js';
import type { StoredCycle } from './stored-cycle.js';

/** How many cycles are read at a time. */
const PAGE_SIZE = 16;
/** How many pages are kept: what a crowd that comes back at once reads again and again. */
const KEPT_PAGES = 8;

/**
 * Stored cycles for those who go on from an earlier turn. Read in pages that begin at the same turns
 * for everyone, so that many who come back at once share the reads.
 */
export class History {
  readonly #store: Pick<CycleStore, 'range'>;
  /** By the turn that the page begins after. */
  readonly #pages = new LRUCache<number, Promise<readonly StoredCycle[]>>({ max: KEPT_PAGES });

  constructor(store: Pick<CycleStore, 'range'>) {
    this.#store = store;
  }

  /** The first stored cycle after a turn, or null where there is none. */
  async next(afterTurn: number): Promise<StoredCycle | null> {
    const start = startOf(afterTurn);
    const kept = this.#pages.get(start);
    const found = kept && firstAfter(afterTurn, await kept);
    if (found) return found;
    // One that was not full when it was read says nothing of what was stored since. Where it has
    // been replaced meanwhile, that was after this question.
    const replaced = this.#pages.get(start);
    const page = replaced && replaced !== kept ? replaced : this.#read(start);
    return firstAfter(afterTurn, await page);
  }

  /** A cycle that is at hand; it need not be the one that is stored under its turn by now. */
  async known(turn: number): Promise<StoredCycle | null> {
    const page = await this.#pages.get(startOf(turn - 1));
    return page?.find((cycle) => cycle.turn === turn) ?? null;
  }

  forget(): void {
    this.#pages.clear();
  }

  #read(start: number): Promise<readonly StoredCycle[]> {
    const page = this.#store.range({ afterTurn: start, order: 'OLDEST_FIRST', limit: PAGE_SIZE });
    this.#pages.set(start, page);
    page.catch(() => {
      if (this.#pages.peek(start) === page) this.#pages.delete(start);
    });
    return page;
  }
}

/** The turn that the page with the next turn begins after. */
function startOf(afterTurn: number): number {
  return afterTurn - (afterTurn % PAGE_SIZE);
}

function firstAfter(afterTurn: number, page: readonly StoredCycle[]): StoredCycle | null {
  return page.find(({ turn }) => turn > afterTurn) ?? null;
}
