import { describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { cellOf } from '../../src/domain/pair-table.js';
import { parseSpan } from '../../src/domain/series/span.js';
import { SeriesFault } from '../../src/history/series-fault.js';
import { WindowReader } from '../../src/history/window-reader.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { historyOf, universeOf } from '../support/history.js';

/** Turns are a second apart. */
const SPAN = 10_000;
const cycles = historyOf(universeOf(9), 130);

describe('a window for which too much would be read', () => {
  /** Nothing was observed for a minute. */
  const WITH_GAP = cycles.map((cycle): Cycle => {
    const { turn, frame } = cycle;
    const observedAt = frame.observedAt - (turn < 70 ? 60_000 : 0);
    return { ...cycle, frame: { ...frame, observedAt } };
  });

  it.each([
    ['at once', cycles, { length: 12, lag: 0 }],
    ['with a lag', cycles, { length: 9, lag: 3 }],
    ['over a gap', WITH_GAP, { length: 12, lag: 0 }],
  ])('%s, is refused with one that fits, which is read', async (_how, stored, { length, lag }) => {
    const store = new CyclesInMemory(stored, 32);
    const read = (over: number, prices: number) => {
      const reader = new WindowReader({ cycles: store, chunks: store, epoch: () => 'one' });
      const cycle = stored.at(-1) as Cycle;
      const request = { cycle, numeraire: 'USDT', every: SPAN, length: over, lag };
      return reader.read(request, { prices }, UNPACED);
    };
    const refusal = async (prices: number) => {
      const error: unknown = await read(length, prices).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(SeriesFault);
      expect(error).toMatchObject({ argument: 'over', limit: { name: 'prices read' } });
      return error as SeriesFault & { readonly limit: { allowed: number; found: number } };
    };
    const prices = Math.floor(0.65 * (await refusal(1)).limit.found);
    const { words, limit } = await refusal(prices);
    expect(limit.allowed).toBe(prices);
    const fitting = Number(parseSpan(/^over: (\w+) fits$/.exec(words)?.[1] ?? '')) / SPAN;
    expect(fitting).toBeGreaterThanOrEqual(3);
    const { counts } = await read(fitting, prices);
    expect(cellOf(counts, 'BTC', 'ETH')).toBeGreaterThanOrEqual(3);
  });
});
