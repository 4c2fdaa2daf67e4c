import { describe, expect, it } from 'vitest';
import type { CycleStore } from '../../src/history/cycle-store.js';
import { History } from '../../src/history/history.js';
import { chain } from '../support/cycles.js';

/** How many cycles are read at a time, and how many such pages are kept. */
const PAGE = 16;
const KEPT = 8;

/** A history of so many cycles, with the turns that its reads began after. */
function readHistory(count: number) {
  const cycles = chain(count);
  const reads: (number | undefined)[] = [];
  const store: Pick<CycleStore, 'range'> = {
    range: ({ afterTurn = 0, limit }) => {
      reads.push(afterTurn);
      return Promise.resolve(cycles.slice(afterTurn, afterTurn + limit));
    },
  };
  const history = new History(store);
  /** Reads the first cycle of each page. */
  const readPages = async (...pages: number[]): Promise<void> => {
    for (const page of pages) {
      expect((await history.next(page * PAGE))?.turn).toBe(page * PAGE + 1);
    }
  };
  return { history, reads, readPages };
}

describe('the pages of history', () => {
  it('are read once for all who ask while they are kept', async () => {
    const { history, reads } = readHistory(3 * PAGE);
    const both = await Promise.all([history.next(0), history.next(5)]);
    expect(both.map((cycle) => cycle?.turn)).toEqual([1, 6]);
    expect((await history.known(PAGE))?.turn).toBe(PAGE);
    expect(reads).toEqual([0]);
  });

  it('are kept eight at a time: the one that nobody asked for longest is read again', async () => {
    const { history, reads, readPages } = readHistory((KEPT + 1) * PAGE);
    await readPages(0, 1, 2, 3, 4, 5, 6, 7);
    await readPages(0);
    expect(reads).toHaveLength(KEPT);
    await readPages(8);
    expect(await history.known(PAGE + 1)).toBeNull();
    reads.length = 0;
    await readPages(0, 1);
    expect(reads).toEqual([PAGE]);
  });

  it('are forgotten when a read fails, and when it is told to', async () => {
    let failure: Error | null = new Error('away');
    const [first] = chain(1);
    const history = new History({
      range: () => (failure ? Promise.reject(failure) : Promise.resolve(first ? [first] : [])),
    });
    await expect(history.next(0)).rejects.toThrow('away');
    failure = null;
    expect((await history.next(0))?.turn).toBe(1);
    history.forget();
    expect(await history.known(1)).toBeNull();
  });
});
