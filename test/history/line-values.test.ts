import { describe, expect, it } from 'vitest';
import { CycleFigures, type Cycle } from '../../src/domain/cycle.js';
import { cellOf } from '../../src/domain/pair-table.js';
import type { Line } from '../../src/domain/series/line.js';
import { LineValues } from '../../src/history/line-values.js';
import { UnreadableCycle, type StoredCycle } from '../../src/history/stored-cycle.js';
import { WindowReader } from '../../src/history/window-reader.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { historyOf, universeOf } from '../support/history.js';

/** Turns are a second apart. */
const STEP = 10_000;
const cycles = historyOf(universeOf(9), 130);

function place(stored: readonly StoredCycle[] = cycles) {
  const store = new CyclesInMemory(stored, 32);
  const windows = new WindowReader({ cycles: store, chunks: store, epoch: () => 'one' });
  const load = (turn: number) => {
    const found = stored.find((each) => each.turn === turn) ?? null;
    return Promise.resolve(
      found === null || found instanceof Error ? found : new CycleFigures(found),
    );
  };
  const values = new LineValues({ windows, load });
  const at = (turn: number) => new CycleFigures(stored[turn - 1] as Cycle);
  return { store, windows, values, at };
}

const window = { in: 'BTC', over: 6 * STEP, step: STEP };
const WINDOWS: readonly Line[] = [
  { kind: 'WINDOW', window: 'CORRELATION', base: 'ETH', quote: 'BNB', lag: 0, ...window },
  { kind: 'WINDOW', window: 'BETA', base: 'DOGE', quote: 'ETH', lag: 1, ...window },
  { kind: 'WINDOW', window: 'COVARIANCE', base: 'DOGE', quote: 'USDT', lag: 0, ...window },
  { kind: 'ASSET', figure: 'VOLATILITY', asset: 'EUR', ...window },
];
const CHANGE: Line = { kind: 'CELL', matrix: 'ID_PCT', base: 'ETH', quote: 'USDT' };

describe('the values of lines at a cycle', () => {
  it('are those of its matrices over a window, each in its place', async () => {
    const { windows, values, at } = place();
    const matrixAt = (lag: number) =>
      windows.read(
        { cycle: at(127).cycle, numeraire: 'BTC', every: STEP, length: 6, lag },
        { prices: 1e9 },
        UNPACED,
      );
    const [now, lagged] = [await matrixAt(0), await matrixAt(1)];
    const variance = cellOf(now.values.COVARIANCE, 'EUR', 'EUR') as number;
    const asked: Line[] = [...WINDOWS, CHANGE];
    const found = await values.valuesAt(at(127), asked);
    expect(found.slice(0, 3)).toEqual([
      cellOf(now.values.CORRELATION, 'ETH', 'BNB'),
      cellOf(lagged.values.BETA, 'DOGE', 'ETH'),
      cellOf(now.values.COVARIANCE, 'DOGE', 'USDT'),
    ]);
    const year = 365 * 24 * 3600 * 1000;
    expect(found[3]).toBeCloseTo(100 * Math.sqrt(variance * (year / STEP)), 8);
    const change = at(127).since(at(126)).matrix('ID_PCT');
    expect(found[4]).toBe(cellOf(change, 'ETH', 'USDT'));
    expect(found).not.toContain(null);
  });

  it('read of a window the pairs of their assets alone, and once until a bucket closes', async () => {
    const { store, values, at } = place();
    await values.valuesAt(at(115), [WINDOWS[0] as Line]);
    expect(new Set(store.loads)).toEqual(new Set(['ETHBTC', 'BNBBTC']));
    const loads = store.loads.length;
    await values.valuesAt(at(116), [WINDOWS[0] as Line]);
    expect(store.loads).toHaveLength(loads);
  });

  it('are none of assets outside the universe, and of what is held against a turn that cannot be had', async () => {
    const outside = { ...(WINDOWS[0] as Line & { kind: 'WINDOW' }), base: 'OUT' };
    const inOther = { ...(WINDOWS[3] as Line & { figure: 'VOLATILITY' }), in: 'OUT' };
    const damaged = cycles.map((cycle) =>
      cycle.turn === 126 ? new UnreadableCycle(126, 'damaged') : cycle,
    );
    const { values, at } = place(damaged);
    expect(await values.valuesAt(at(127), [outside, inOther, CHANGE])).toEqual([null, null, null]);
    expect(await values.valuesAt(at(1), [CHANGE])).toEqual([null]);
  });
});
