import { describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { cellOf } from '../../src/domain/pair-table.js';
import { UnreadableCycle, type StoredCycle } from '../../src/history/stored-cycle.js';
import { cycles, defined, expectTables, readerOf, SPAN } from '../support/window-place.js';

async function expectDefined(
  stored: readonly StoredCycle[],
  turn: number,
  options: { numeraire: string; length: number; lag: number },
): Promise<number> {
  const matrices = await readerOf(stored).read(turn, options);
  return expectTables(matrices, defined(stored, turn, options));
}

describe('a window', () => {
  it.each([
    [130, { numeraire: 'USDT', length: 5, lag: 0 }],
    [130, { numeraire: 'BNB', length: 10, lag: 1 }],
    [77, { numeraire: 'JPY', length: 4, lag: 2 }],
    // It begins before the first turn.
    [41, { numeraire: 'BTC', length: 30, lag: 0 }],
  ])('seen from turn %i, %j, is that of an independent program', async (turn, options) => {
    expect(await expectDefined(cycles, turn, options)).toBeGreaterThan(150);
  });

  it('has no figures of fewer than 3 returns, nor before the first closed bucket', async () => {
    expect(await expectDefined(cycles, 25, { numeraire: 'USDT', length: 5, lag: 0 })).toBe(0);
    expect(await expectDefined(cycles, 2, { numeraire: 'USDT', length: 5, lag: 0 })).toBe(0);
  });

  it('leaves out what cannot be read, and takes turns where the clock went back into their buckets', async () => {
    const odd = cycles.map((cycle): StoredCycle => {
      const { turn, frame } = cycle;
      if (turn >= 60 && turn < 72) return new UnreadableCycle(turn, 'damaged');
      if (turn !== 120) return cycle;
      return { ...cycle, frame: { ...frame, observedAt: frame.observedAt - 15_000 } };
    });
    expect(await expectDefined(odd, 130, { numeraire: 'USDT', length: 9, lag: 1 })).toBeGreaterThan(
      150,
    );
  });

  it('counts the buckets whose last rate of either asset was stale', async () => {
    const stale = cycles.map((cycle): Cycle => {
      // Those of turn 99 to 101 are: of a bucket's last turns, one.
      return cycle.turn >= 99 && cycle.turn <= 101 ? { ...cycle, staleAfterMs: -1 } : cycle;
    });
    const { staleCounts } = await readerOf(stale).read(130);
    const lasts = cycles.filter(
      ({ frame }, at) =>
        Math.floor(frame.observedAt / SPAN) !==
        Math.floor((cycles[at + 1]?.frame.observedAt ?? 0) / SPAN),
    );
    const expected = lasts.filter(({ turn }) => turn >= 99 && turn <= 101).length;
    expect(cellOf(staleCounts, 'BTC', 'ETH')).toBe(expected);
    expect(expected).toBe(1);
  });
});
