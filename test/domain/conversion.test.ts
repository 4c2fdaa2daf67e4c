import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversion } from '../../src/domain/conversion.js';
import { multipliedBy } from '../../src/domain/decimal.js';
import type { Ticker } from '../../src/domain/frame.js';
import { PairGraphs } from '../../src/domain/rates/pair-graph.js';
import { Rates } from '../../src/domain/rates/rates.js';
import { tradeRateOf } from '../../src/domain/rates/trade-rates.js';
import { OBSERVED_AT } from '../support/arbitraries.js';

describe('the product of a decimal and a number', () => {
  it.each<[string, number, string]>([
    ['0.1', 61_000, '6100'],
    ['1.50', 0.1, '0.15'],
    ['0.00', 61_000, '0'],
    ['7', 0, '0'],
    ['0.00000001', 1e-7, '0.000000000000001'],
    ['2', 1e21, '2000000000000000000000'],
    ['12.5', 1.25e-9, '0.000000015625'],
    ['0.1', 0.1, '0.01'],
    // 19 digits and more: half to even, up and down.
    ['1000000000000000005', 1, '1000000000000000000'],
    ['1000000000000000015', 1, '1000000000000000020'],
    ['1000000000000000005.0000001', 1, '1000000000000000010'],
    ['1000000000000000014.9999999', 1, '1000000000000000010'],
    ['0.9999999999999999999', 1, '1'],
    ['99999999999999999999', 1, '100000000000000000000'],
    ['3', 0.333_333_333_333_333_3, '0.9999999999999999'],
  ])('by hand: %s times %s is %s', (decimal, by, product) => {
    expect(multipliedBy(decimal, by, 18)).toBe(product);
  });

  it.each([-1, NaN, Infinity])('is refused for %s', (by) => {
    expect(() => multipliedBy('1', by, 18)).toThrow(RangeError);
  });

  it('is exact to half a unit of its 18th digit, and exact where it has no more', () => {
    const decimals = fc.tuple(
      fc.bigInt({ min: 0n, max: 10n ** 24n }),
      fc.integer({ min: 0, max: 30 }),
    );
    const numbers = fc.double({ min: 1e-30, max: 1e30, noNaN: true });
    const PLACES = 200;
    const scaled = (text: string): bigint => {
      const [mantissa = '', exponent = '0'] = text.split('e');
      const [whole = '', fraction = ''] = mantissa.split('.');
      const zeros = PLACES + Number(exponent) - fraction.length;
      return BigInt(whole + fraction) * 10n ** BigInt(zeros);
    };
    fc.assert(
      fc.property(decimals, numbers, ([units, places], by) => {
        const digits = units.toString().padStart(places + 1, '0');
        const decimal =
          places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
        const text = multipliedBy(decimal, by, 18);
        expect(text).toMatch(/^(0|[1-9]\d*)(\.\d*[1-9])?$/);
        const exact = scaled(decimal) * scaled(String(by));
        const error = scaled(text) * 10n ** BigInt(PLACES) - exact;
        const unit = 10n ** BigInt(Math.max(0, exact.toString().length - 18));
        expect(2n * (error < 0n ? -error : error)).toBeLessThanOrEqual(unit === 1n ? 0n : unit);
        expect(
          text.replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length,
        ).toBeLessThanOrEqual(18);
      }),
    );
  });
});

describe('a conversion', () => {
  const universe = ['USDT', 'BTC', 'ETH', 'EUR'];
  const common = { open: 1, quoteVolume: 1, closeTime: OBSERVED_AT };
  const tickers: Ticker[] = [
    {
      ...common,
      symbol: 'BTCUSDT',
      base: 'BTC',
      quote: 'USDT',
      last: 61_000,
      bid: 60_990.5,
      ask: 61_010,
    },
    { ...common, symbol: 'ETHBTC', base: 'ETH', quote: 'BTC', last: 0.05, bid: 0.05, ask: 0 },
  ];
  const rates = new Rates({ observedAt: OBSERVED_AT, tickers }, universe, new PairGraphs());
  const taken = (i: number, j: number) => tradeRateOf(rates, { price: 'TAKE', feeBps: 0 }, i, j);

  it.each([
    ['0.10000000', 1, 0, { amount: '6099.05', rate: 60_990.5, path: ['BTCUSDT'], reason: null }],
    ['2', 1, 1, { amount: '2', rate: 1, path: [], reason: null }],
    ['2', 2, 0, { amount: null, rate: null, path: ['ETHBTC', 'BTCUSDT'], reason: 'NO_BID_ASK' }],
    ['2', 3, 0, { amount: null, rate: null, path: [], reason: 'NO_PATH' }],
  ])('by hand: %s of asset %i in asset %i', (amount, i, j, expected) => {
    expect(conversion(amount, rates, taken(i, j), i, j)).toEqual(expected);
  });

  it('at last prices needs no book', () => {
    expect(conversion('2', rates, rates.last[2 * 4] as number, 2, 0)).toMatchObject({
      amount: '6100',
      rate: 3050,
      path: ['ETHBTC', 'BTCUSDT'],
    });
  });
});
