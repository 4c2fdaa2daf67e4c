import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedDecimals, RateDigits, writeValue } from '../../src/dashboard/matrix/digits.js';
import { meets, type Grid } from '../../src/dashboard/matrix/grid.js';
import { shadingOf } from '../../src/dashboard/matrix/shading.js';
import { cell, grid as anyGrid } from '../support/grids.js';

/** A row of values of different pairs. */
function rowOf(values: readonly (number | null)[]): Grid {
  const quotes = values.map((_, index) => `Q${index}`);
  return { bases: ['B'], quotes, values: [values], ages: [], legs: [], transposed: false };
}

describe('a value', () => {
  it.each([
    ['ID_BENCHMARK', 61_234.567, '61,235'],
    ['ID_BENCHMARK', 0.0000163, '0.000016300'],
    ['ID_DELTA', -2.7322e-7, '−0.00000027322'],
    ['ID_DELTA', 0, '0.00'],
    ['ID_PERCENT', 1.6666, '+1.67'],
    ['ID_PERCENT', -0.001, '0.00'],
    ['ID_PCT', 0.01234, '+0.012'],
    ['QUANTID', -1, '−1.000'],
    ['CORRELATION', 0.833, '0.83'],
    ['COVARIANCE', 1.2345e-6, '123.45'],
    ['ID_PERCENT', null, '–'],
  ] as const)('of %s, %s, is written %s', (kind, value, text) => {
    const bySize = new RateDigits([], new Map()).decimals('A', 'B', value);
    const decimals = fixedDecimals(kind, '24h') ?? (kind === 'COVARIANCE' ? 2 : bySize);
    expect(writeValue(kind, value, decimals)).toBe(text);
  });

  it('is shown in full from the threshold on; a missing one never', () => {
    expect([0.4, -0.5, null].map((value) => meets(value, 0.5))).toEqual([false, true, false]);
    expect(meets(null, null)).toBe(true);
  });

  it('is shaded to its side of zero, no further than the full colour, and not at all at zero', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ID_DELTA', 'ID_PERCENT', 'ID_PCT', 'QUANTID', 'BETA', 'COVARIANCE'),
        fc.array(cell, { minLength: 1 }),
        (kind, values) => {
          const shading = shadingOf(kind, false, rowOf(values));
          values.forEach((value, column) => {
            const shade = shading.of(value, 0, column);
            expect(Math.abs(shade)).toBeLessThanOrEqual(1 + 1e-9);
            if (!value) expect(shade === 0).toBe(true);
            else expect(shade * value).toBeGreaterThanOrEqual(0);
          });
        },
      ),
    );
  });

  it('of a benchmark is shaded by how far it is from 1, the same either way', () => {
    const shading = shadingOf('ID_BENCHMARK', false, rowOf([100, 0.01, 10]));
    expect(shading.of(1, 0, 0)).toBe(0);
    expect(shading.of(10, 0, 2)).toBeCloseTo(0.5);
    expect(shading.of(0.01, 0, 1)).toBeCloseTo(-1);
  });
});

describe('the colours of a matrix', () => {
  /** 20 assets that moved against each other by a tenth of a percent for each step between them. */
  const assets = Array.from({ length: 20 }, (_, index) => `A${String(index).padStart(2, '0')}`);
  const calm: Grid = {
    bases: assets,
    quotes: assets,
    values: assets.map((_, row) => assets.map((_name, column) => (row - column) / 10)),
    ages: [],
    legs: [],
    transposed: false,
  };

  it('are not taken by one pair and its inverse that a tick moved far', () => {
    const quiet = { ...calm, values: calm.values.map((row) => row.map(() => 0)) };
    const values = quiet.values.map((row) => [...row]);
    values[3]![7] = 5;
    values[7]![3] = -5;
    expect(shadingOf('ID_PCT', false, { ...quiet, values }).full).toBe(0.2);
    const moved = calm.values.map((row) => [...row]);
    moved[3]![7] = 900;
    moved[7]![3] = -900;
    const before = shadingOf('ID_PERCENT', false, calm);
    expect(shadingOf('ID_PERCENT', false, { ...calm, values: moved }).full).toBe(before.full);
    expect(before.full).toBeLessThanOrEqual(2);
  });

  it('say nothing within 0.05 %, and nothing shouts where nothing moves', () => {
    const shading = shadingOf('ID_PERCENT', false, rowOf([0.05, -0.05, 0.06, 0.1]));
    expect([0.05, -0.05].map((value) => shading.of(value, 0, 0))).toEqual([0, 0]);
    expect(shading.of(0.06, 0, 2)).toBeCloseTo(0.3);
    expect(shading.of(0.1, 0, 3)).toBeCloseTo(0.5);
  });

  it('of Δ are of what it is in percent, in whatever unit it is', () => {
    const rates = new Map([
      ['B', 100],
      ['Q0', 0.0001],
      ['Q1', 10_000],
    ]);
    const rateOf = (base: string, quote: string): number =>
      (rates.get(base) ?? 1) / (rates.get(quote) ?? 1);
    // One percent of 1,000,000 before, and of 0.01.
    const grid = rowOf([1e6 - 1e6 / 1.01, 0.01 - 0.01 / 1.01]);
    const shading = shadingOf('ID_DELTA', false, grid, rateOf);
    expect(shading.isPercent).toBe(true);
    const [one, other] = grid.values[0]!.map((value, column) => shading.of(value, 0, column));
    expect(one).toBeCloseTo(other ?? 0);
    expect(shading.full).toBe(1);
  });

  it('are the same whichever way a matrix is turned, with each pair counted once', () => {
    fc.assert(
      fc.property(anyGrid, fc.constantFrom('ID_PERCENT', 'QUANTID'), (one, kind) => {
        // Each pair is what its inverse is, the other way.
        const values = one.bases.map((_, row) =>
          one.quotes.map((_name, column) => {
            const value = one.values[Math.min(row, column)]?.[Math.max(row, column)] ?? null;
            return value === null || row <= column ? value : -value;
          }),
        );
        const there = { ...one, values };
        const back = {
          ...one,
          values: values.map((_, row) => values.map((each) => each[row] ?? null)),
        };
        const once = {
          ...there,
          values: values.map((row, at) => row.map((each, column) => (column < at ? null : each))),
        };
        const full = shadingOf(kind, false, there).full;
        expect(shadingOf(kind, false, { ...back, transposed: true }).full).toBe(full);
        const names = one.bases.toSorted();
        const isSorted = names.join() === one.bases.join();
        if (isSorted) expect(shadingOf(kind, false, once).full).toBe(full);
      }),
    );
  });
});

describe('the decimals of a rate', () => {
  const prices = new Map([
    ['USDT', 1],
    ['BTC', 54_635.1],
    ['JPY', 0.0066],
    ['SHIB', 0.0000163],
  ]);
  const digits = new RateDigits(
    [
      { base: 'BTC', quote: 'USDT', tickSize: '0.01000000' },
      { base: 'USDT', quote: 'JPY', tickSize: '0.001' },
      { base: 'SHIB', quote: 'USDT', tickSize: '0.00000001' },
      { base: 'SHIB', quote: 'JPY', tickSize: null },
    ],
    prices,
  );

  it('are those of the tick of a listed pair', () => {
    expect(digits.decimals('BTC', 'USDT', 54_635.1)).toBe(2);
    expect(digits.decimals('SHIB', 'USDT', 0.0000163)).toBe(8);
  });

  it('are no finer than what a tick of its legs moves it by', () => {
    // 8,278,045 JPY for a BTC: a tick of USDT/JPY is 54 JPY of it.
    expect(digits.decimals('BTC', 'JPY', 8_278_045)).toBe(0);
    // The other way round at most six digits.
    expect(digits.decimals('USDT', 'BTC', 1 / 54_635.1)).toBe(10);
    expect(digits.decimals('SHIB', 'JPY', 0.00247)).toBe(5);
  });

  it('are five digits of the rate where no tick is known', () => {
    expect(digits.decimals('BTC', 'EUR', 50_000)).toBe(0);
    expect(new RateDigits([], prices).decimals('SHIB', 'USDT', 0.0000163)).toBe(9);
  });
});
