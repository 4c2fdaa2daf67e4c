import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spanMs } from '../../src/dashboard/format/spans.js';
import { alignedAmounts } from '../../src/dashboard/wallet/amounts.js';
import { assetGrowth, everyOf, gainPercent, growthOf } from '../../src/dashboard/wallet/growth.js';
import { layersOf, partsOf } from '../../src/dashboard/wallet/shares.js';

const line = (asset: string | null, price: number[], flow: number[], unpriced: number[]) => ({
  ...{ asset, price, flow, unpriced },
});

describe('what made a wallet change', () => {
  it('is added up over its buckets, what changed most first', () => {
    const bitcoin = line('BTC', [1_000, 500], [0, 30_750], [0, 0]);
    const ether = line('ETH', [-20, 5], [0, 0], [0, 0]);
    expect(growthOf(bitcoin)).toEqual({ price: 1_500, flow: 30_750, unpriced: 0, sum: 32_250 });
    expect(assetGrowth([ether, bitcoin]).map(({ asset }) => asset)).toEqual(['BTC', 'ETH']);
  });

  it('is a gain in percent of what there was, which deposits are not', () => {
    const total = line(null, [1_500], [30_750], [0]);
    expect(gainPercent({ startValue: 60_000, total })).toBe(2.5);
    expect(gainPercent({ startValue: 0, total })).toBeNull();
  });

  it.each([
    [900_000, '15s'],
    [3_600_000, '30s'],
    [86_400_000, '15m'],
    [7 * 86_400_000, '2h'],
    [0, '1s'],
  ])('of %s ms is shown in buckets of %s', (ms, every) => {
    expect(everyOf(ms, 120)).toBe(every);
  });

  it('never has more buckets than were to be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 * 365 * 86_400_000 }), (ms) => {
        expect(ms / (spanMs(everyOf(ms, 120)) ?? NaN)).toBeLessThanOrEqual(120);
      }),
    );
  });
});

describe('amounts', () => {
  it('are written with every digit that counts, their points below each other', () => {
    const column = alignedAmounts(['10000', '0.10000000', '1234567.5', '-2']);
    expect(column.map((text) => text.trimEnd())).toEqual(['10,000', '0.1', '1,234,567.5', '−2']);
    expect(alignedAmounts(['1000', '5.0'])).toEqual(['1,000', '5']);
    const points = column.map((text) => text.length - text.search(/[.\u2008]/));
    expect(new Set(points).size).toBe(1);
  });
});

describe('the parts of a wallet', () => {
  const balance = (asset: string | null, values: (number | null)[]) => ({
    ...{ asset, values, nulls: [] },
  });
  const lines = [
    balance(null, [100, null, 130]),
    balance('A', [10, null, 20]),
    balance('B', [50, null, 60]),
    balance('C', [30, null, 40]),
  ];

  it('are the largest at the end of the range, and the rest as one', () => {
    expect(partsOf({ lines }, 2)).toEqual([
      { name: 'B', values: [50, null, 60] },
      { name: 'C', values: [30, null, 40] },
      { name: 'others', values: [20, null, 30] },
    ]);
  });

  it('lie upon each other up to the whole, and leave a gap where nothing is known', () => {
    const parts = partsOf({ lines }, 5);
    const whole = [100, null, 130];
    expect(layersOf(parts, whole, false).at(-1)?.to).toEqual(whole);
    expect(layersOf(parts, whole, true).at(-1)?.to).toEqual([100, null, 100]);
    expect(layersOf(parts, whole, true)[0]).toEqual({
      ...{ name: 'B', from: [0, null, 0] },
      to: [50, null, (100 * 60) / 130],
    });
  });
});
