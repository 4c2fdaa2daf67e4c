import { describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { cellOf } from '../../src/domain/pair-table.js';
import type { WindowRequest } from '../../src/history/window-reader.js';
import type { Pace } from '../../src/scheduling/slices.js';
import {
  COUNT,
  cycles,
  defined,
  expectTables,
  readerOf,
  SPAN,
  UNIVERSE,
} from '../support/window-place.js';

describe('a window that is kept', () => {
  it('is read once for all turns until a bucket closes, whichever is asked first', async () => {
    const { store, read } = readerOf();
    const open = (turn: number) => Math.floor((cycles[turn - 1] as Cycle).frame.observedAt / SPAN);
    const first = await read(115);
    const loads = store.loads.length;
    expect(loads).toBeGreaterThan(0);
    const same = [112, 113, 116, 117].filter((turn) => open(turn) === open(115));
    expect(same.length).toBeGreaterThan(1);
    for (const turn of same) expect(await read(turn)).toBe(first);
    expect(store.loads).toHaveLength(loads);
    expect(await read(127)).not.toBe(first);
    expect(store.loads.length).toBeGreaterThan(loads);
  });

  it('is followed by the next one of which only later turns are read, as an independent program has it', async () => {
    const { read } = readerOf();
    const options = { numeraire: 'BNB', length: 6, lag: 1 };
    const first = (cycles[80] as Cycle).turn;
    await read(first, options);
    for (let turn = first + 1; turn <= COUNT; turn += 3) {
      // Enough for the turns of two buckets, and not for those of eight.
      const matrices = await read(turn, options, { prices: 20 * 27 });
      expectTables(matrices, defined(cycles, turn, options));
    }
  });

  it('is followed by a longer one as an independent program has it', async () => {
    const { read } = readerOf();
    await read(100, { length: 3 });
    const options = { numeraire: 'USDT', length: 8, lag: 0 };
    expectTables(await read(124, options), defined(cycles, 124, options));
  });

  it('goes on from what is kept beside a shorter one of the same buckets', async () => {
    const { read } = readerOf();
    await read(100, { length: 8 });
    for (const turn of [112, 124]) {
      for (const length of [3, 8]) {
        const options = { numeraire: 'USDT', length, lag: 0 };
        // Enough for the turns of two buckets, and not for those of a window.
        const matrices = await read(turn, options, { prices: 25 * 27 });
        expectTables(matrices, defined(cycles, turn, options));
      }
    }
  });

  it.each<[string, Partial<WindowRequest>]>([
    ['numeraire', { numeraire: 'BTC' }],
    ['length', { length: 6 }],
    ['lag', { lag: 1 }],
    ['span', { every: 5_000 }],
  ])('is another one of another %s', async (_what, request) => {
    const { read } = readerOf();
    const first = await read(115);
    expect(await read(115, request)).not.toBe(first);
    expect(await read(115)).toBe(first);
  });

  it('is read anew once what is stored has changed', async () => {
    const { state, read } = readerOf();
    const first = await read(115);
    state.epoch = 'other';
    expect(await read(115)).not.toBe(first);
  });

  it('is read anew once a turn has gone back into it', async () => {
    const open = (cycle: Cycle) => Math.floor(cycle.frame.observedAt / SPAN);
    const last = cycles[115] as Cycle;
    const back = cycles.map((cycle): Cycle => {
      const isBack = cycle.turn === 114;
      const observedAt = cycle.frame.observedAt - (isBack ? 20_000 : 0);
      return isBack ? { ...cycle, frame: { ...cycle.frame, observedAt } } : cycle;
    });
    expect(open(cycles[112] as Cycle)).toBe(open(last));
    const { read } = readerOf(back);
    const first = await read(113);
    const options = { numeraire: 'USDT', length: 5, lag: 0 };
    for (const turn of [116, 127]) {
      const matrices = await read(turn);
      expect(matrices).not.toBe(first);
      expectTables(matrices, defined(back, turn, options));
    }
  });

  it('is worked out for others where the first one gives up', async () => {
    const { read } = readerOf();
    const gone: Pace = { isSpent: true, next: () => Promise.reject(new Error('gone')) };
    const asked = [read(115, {}, { pace: gone }), read(115)];
    await expect(asked[0]).rejects.toThrow('gone');
    expect(cellOf((await asked[1])!.counts, 'BTC', 'ETH')).toBe(5);
    expect(await read(115)).toBe(await asked[1]);
  });

  it('is worked out once for all who ask where the first one gives up, and where it has changed', async () => {
    const { state, read } = readerOf();
    const gone: Pace = { isSpent: true, next: () => Promise.reject(new Error('gone')) };
    const givenUp = read(115, {}, { pace: gone });
    const others = Promise.all([read(115), read(115), read(115)]);
    await expect(givenUp).rejects.toThrow('gone');
    expect(new Set(await others).size).toBe(1);
    state.epoch = 'other';
    const changed = await Promise.all([read(115), read(115), read(115)]);
    expect(new Set([...changed, ...(await others)]).size).toBe(2);
  });

  it('lets others go first between the assets and between the rows', async () => {
    const { read } = readerOf();
    await read(115, { length: 6 });
    let pauses = 0;
    const pace: Pace = { isSpent: true, next: () => Promise.resolve(void pauses++) };
    // All prices are at hand.
    await read(115, { length: 5 }, { prices: 0, pace });
    expect(pauses).toBe(3 * UNIVERSE.length);
  });
});
