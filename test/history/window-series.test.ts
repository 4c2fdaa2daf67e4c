import { describe, expect, it } from 'vitest';
import { CycleFigures, type Cycle } from '../../src/domain/cycle.js';
import { LineValues } from '../../src/history/line-values.js';
import type { SeriesLineData } from '../../src/history/series-data.js';
import { WindowReader } from '../../src/history/window-reader.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { nulls } from '../support/nulls.js';
import { cells, CYCLES, moment, place, whole } from '../support/window-series-place.js';

describe('a series over windows', () => {
  it('is what is asked of a cycle live, in the quant base of the newest turn where nothing is said', async () => {
    const store = new CyclesInMemory(CYCLES, 32);
    const windows = new WindowReader({ cycles: store, chunks: store, epoch: () => 'one' });
    const values = new LineValues({ windows, load: () => Promise.resolve(null) });
    const lines = [...cells(6, 0, null)];
    const data = await place(CYCLES).read(lines);
    expect(data.in).toBe('USDT');
    for (const turn of [70, 71, 72, 110]) {
      const live = await values.valuesAt(new CycleFigures(CYCLES[turn - 1] as Cycle), lines);
      expect(live).toEqual(data.lines.map((line) => nulls(line.values('LAST'))[turn - 1]));
    }
    expect(nulls((data.lines[0] as SeriesLineData).values('LAST')).at(-1)).not.toBeNull();
  });

  it('reads its pairs once, from the bucket before the first return on', async () => {
    const { store, read } = place(CYCLES);
    const data = await read(cells(4, 1), { from: moment('start+80s'), every: 10_000 });
    expect(new Set(store.loads)).toEqual(new Set(['ETHBTC', 'BNBBTC', 'DOGEBTC', 'BTCUSDT']));
    // Its first turn is 81; six buckets, and what lies before it in its own.
    const { turns } = data.plan;
    expect(turns).toBeGreaterThan(30 + 6 * 5);
    expect(turns).toBeLessThanOrEqual(30 + 10 + 7 * 5);
  });

  it('of a range without turns has buckets without values', async () => {
    const apart = CYCLES.map((cycle): Cycle => {
      const { turn, frame } = cycle;
      const observedAt = frame.observedAt + (turn > 60 ? 600_000 : 0);
      return { ...cycle, frame: { ...frame, observedAt } };
    });
    const range = { from: moment('start+200s'), to: moment('start+300s'), every: 10_000 };
    const data = await place(apart).read(cells(4), range);
    const line = await whole(data.lines[0] as SeriesLineData);
    expect(nulls(line.values('LAST'))).toEqual([...data.starts].map(() => null));
    expect([...line.values('COUNT')]).toEqual([...data.starts].map(() => 0));
    expect(data.starts.length).toBeGreaterThanOrEqual(10);
  });

  it('has all lines over one window, and none of turns', async () => {
    const { read } = place(CYCLES);
    await expect(read([...cells(4), ...cells(5)])).rejects.toThrow('several windows');
    const price = { kind: 'ASSET', figure: 'PRICE', asset: 'ETH', in: 'BTC' } as const;
    await expect(read([...cells(4), price])).rejects.toThrow('another answer');
  });
});
