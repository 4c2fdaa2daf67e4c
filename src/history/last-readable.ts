import type { Cycle } from '../domain/cycle.js';
import type { CycleRange, CycleStore } from './cycle-store.js';
import { isReadable } from './stored-cycle.js';

/** How many cycles are read at a time after the first one, and how many at most: past that, history counts as lost. */
const PAGE = 50;
const FARTHEST = 1_001;

/** The newest stored cycle of a range that can be read; null where there is none among the newest thousand. */
export async function lastReadable(
  store: Pick<CycleStore, 'range'>,
  within: Pick<CycleRange, 'from' | 'to'> = {},
): Promise<Cycle | null> {
  let beforeTurn: number | undefined;
  for (let seen = 0; seen < FARTHEST;) {
    const limit = seen === 0 ? 1 : PAGE;
    const page = await store.range({
      ...within,
      ...(beforeTurn !== undefined && { beforeTurn }),
      order: 'NEWEST_FIRST',
      limit,
    });
    const found = page.find(isReadable);
    if (found) return found;
    if (page.length < limit) return null;
    beforeTurn = page.at(-1)?.turn;
    seen += limit;
  }
  return null;
}
