import type { Cycle } from '../domain/cycle.js';
import type { CycleStore } from './cycle-store.js';
import { isReadable } from './stored-cycle.js';

/** How many cycles are read at a time, and how many at most: past that, history counts as lost. */
const PAGE = 50;
const FARTHEST = 1_000;

/** The newest stored cycle that can be read; null where there is none among the newest thousand. */
export async function lastReadable(store: Pick<CycleStore, 'range'>): Promise<Cycle | null> {
  let beforeTurn: number | undefined;
  for (let seen = 0; seen < FARTHEST; seen += PAGE) {
    const page = await store.range({
      ...(beforeTurn !== undefined && { beforeTurn }),
      order: 'NEWEST_FIRST',
      limit: PAGE,
    });
    const found = page.find(isReadable);
    if (found) return found;
    beforeTurn = page.at(-1)?.turn;
    if (page.length < PAGE) return null;
  }
  return null;
}
