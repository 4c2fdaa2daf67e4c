import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decimalsFor,
  decimalsOfRate,
  decimalsOfTick,
  formatNumber,
  formatPercent,
  plainNumber,
} from '../../src/dashboard/format/numbers.js';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('a number for people', () => {
  it.each([
    [54_635.1, 2, '54,635.10'],
    [10_000, 0, '10,000'],
    [7_875_123.4, 0, '7,875,123'],
    [0.0000000163, 10, '0.0000000163'],
    [-1_234.5, 1, '−1,234.5'],
    [-0, 2, '0.00'],
    [-0.004, 2, '0.00'],
    [1e21, 0, '1,000,000,000,000,000,000,000'],
    [null, 2, '–'],
    [NaN, 2, '–'],
  ] as const)('%s with %s decimals is written %s', (value, decimals, text) => {
    expect(formatNumber(value, decimals)).toBe(text);
  });

  it('has a sign where it is asked for, but for zero', () => {
    const texts = [0.004, 0.006, -0.006, 0, null].map((value) => formatPercent(value));
    expect(texts).toEqual(['0.00', '+0.01', '−0.01', '0.00', '–']);
    expect(formatPercent(12.3456, 3)).toBe('+12.346');
  });

  it('says the same as the value, to half a unit of its last digit, and never a power of ten', () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 10 }), (one, decimals) => {
        const text = formatNumber(one, decimals, { signed: true });
        expect(text).toMatch(/^[+−]?\d{1,3}(,\d{3})*(\.\d+)?$/);
        const read = Number(text.replace('−', '-').replaceAll(',', ''));
        expect(Math.abs(read - one)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-3);
      }),
    );
  });

  it('keeps every digit in a copy', () => {
    expect([1.5e-7, -2.25e-10, 1.5e21, 0.1, -0, 12].map(plainNumber)).toEqual([
      '0.00000015',
      '-0.000000000225',
      '1500000000000000000000',
      '0.1',
      '0',
      '12',
    ]);
    fc.assert(
      fc.property(finite, (one) => {
        expect(plainNumber(one)).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(plainNumber(one)) === one).toBe(true);
      }),
    );
  });
});

describe('how many decimals', () => {
  it.each([
    ['0.01000000', 2],
    ['1.00000000', 0],
    ['0.00000001', 8],
    ['10', 0],
    [1e-8, 8],
    [0.5, 1],
  ] as const)('a tick of %s has: %s', (tick, decimals) => {
    expect(decimalsOfTick(tick)).toBe(decimals);
  });

  it('a pair has that is listed: those of its tick, whatever its price', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 8 }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        (decimals, price) => {
          const tick = Number(`1e-${decimals}`);
          expect(decimalsOfRate(price, [tick / price])).toBe(decimals);
        },
      ),
    );
  });

  it('a rate has that is worked out: none finer than what a tick of its legs moves it by', () => {
    // 1 / 54,635.10 in steps of 0.01: 1.830e-5, which one tick moves by 3.35e-12.
    expect(decimalsOfRate(1 / 54_635.1, [0.01 / 54_635.1])).toBe(11);
    // Two legs are as coarse as both of them.
    expect(decimalsOfRate(2, [0.003, 0.002])).toBe(2);
    expect(decimalsOfRate(7_875_123, [1e-6])).toBe(0);
    expect(decimalsOfRate(0, [1e-6])).toBe(2);
  });

  it('a column has whose ticks are not known: five digits of the middle one', () => {
    expect(decimalsFor([61_000, 3_200, 0.5, null, 0])).toBe(1);
    expect(decimalsFor([0.0000163])).toBe(9);
    expect(decimalsFor([1_000_000])).toBe(0);
    expect(decimalsFor([0.001])).toBe(7);
    expect(decimalsFor([null, 0])).toBe(2);
    fc.assert(
      fc.property(fc.array(fc.option(finite)), (values) => {
        const decimals = decimalsFor(values);
        expect(Number.isInteger(decimals) && decimals >= 0 && decimals <= 20).toBe(true);
      }),
    );
  });
});
