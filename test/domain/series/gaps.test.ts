import { describe, expect, it } from 'vitest';
import { GapFinder, type TimeGap } from '../../../src/domain/series/gaps.js';

/** The gaps of turns 1, 2, … that are so far apart. */
function gapsOf(distances: readonly number[], intervalMs: number | null): TimeGap[] {
  const finder = new GapFinder();
  let observedAt = 0;
  return [0, ...distances].flatMap((distance, n) => {
    observedAt += distance;
    return finder.add({ turn: n + 1, observedAt, intervalMs }) ?? [];
  });
}

describe('gaps', () => {
  it('are where neighbours are more than three intervals apart', () => {
    expect(gapsOf([1000, 3000, 3001, 1000], 1000)).toEqual([
      { afterTurn: 3, beforeTurn: 4, from: 4000, to: 7001, isBackwards: false },
    ]);
  });

  it('are where time goes back', () => {
    expect(gapsOf([1000, -500, 0], 1000)).toEqual([
      { afterTurn: 2, beforeTurn: 3, from: 1000, to: 500, isBackwards: true },
    ]);
  });

  it('go by the usual distance of the hundred turns before where no interval is stored', () => {
    const slow = new Array<number>(150).fill(1000);
    const fast = new Array<number>(100).fill(100);
    expect(gapsOf([...slow, 3001], null)).toHaveLength(1);
    expect(gapsOf([...slow, 3000], null)).toHaveLength(0);
    // Of the last hundred distances, 99 are short: what came before has no part in it.
    expect(gapsOf([...slow, ...fast, 301], null).map(({ afterTurn }) => afterTurn)).toEqual([251]);
    expect(gapsOf([...slow, ...fast.slice(0, 49), 301], null)).toHaveLength(0);
    // The first distance has none to be held against.
    expect(gapsOf([1e9], null)).toHaveLength(0);
  });
});
