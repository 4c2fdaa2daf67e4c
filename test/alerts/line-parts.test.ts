import { describe, expect, it } from 'vitest';
import { lineOf, type LineParts } from '../../src/alerts/line-parts.js';
import type { Line } from '../../src/domain/series/line.js';
import { HOUR, MINUTE } from '../../src/domain/series/span.js';

const CELL = { kind: 'CELL', base: 'BTC', quote: 'USDT' } as const;
const WINDOW = {
  kind: 'WINDOW',
  base: 'BTC',
  quote: 'ETH',
  window: 'BETA',
  over: HOUR,
  step: MINUTE,
} as const;
const VOLATILITY = {
  kind: 'ASSET',
  asset: 'BTC',
  figure: 'VOLATILITY',
  over: HOUR,
  step: MINUTE,
} as const;

describe('a line', () => {
  it.each<[LineParts, Line]>([
    [CELL, { ...CELL, matrix: 'ID_BENCHMARK' }],
    [
      { ...CELL, matrix: 'QUANTID', price: 'LAST', feeBps: 0 },
      { ...CELL, matrix: 'QUANTID' },
    ],
    [
      { ...CELL, price: 'MID' },
      { ...CELL, matrix: 'ID_BENCHMARK', trade: { price: 'MID' } },
    ],
    [
      { ...CELL, price: 'TAKE', feeBps: 10 },
      { ...CELL, matrix: 'ID_BENCHMARK', trade: { price: 'TAKE', feeBps: 10 } },
    ],
    [
      { kind: 'ASSET', asset: 'BTC', figure: 'STRENGTH', in: null },
      { kind: 'ASSET', figure: 'STRENGTH', asset: 'BTC', in: null },
    ],
    [
      { kind: 'ASSET', asset: 'BTC', figure: 'PRICE', in: 'EUR' },
      { kind: 'ASSET', figure: 'PRICE', asset: 'BTC', in: 'EUR' },
    ],
    [VOLATILITY, { ...VOLATILITY, in: null }],
    [{ kind: 'WALLET' }, { kind: 'WALLET', in: null }],
    [
      { kind: 'WALLET', in: 'BTC', price: 'TAKE' },
      { kind: 'WALLET', in: 'BTC', trade: { price: 'TAKE', feeBps: 0 } },
    ],
    [
      { kind: 'BALANCE', asset: 'BTC', price: 'MID' },
      { kind: 'BALANCE', asset: 'BTC', in: null, trade: { price: 'MID' } },
    ],
    [
      { kind: 'STRATEGY', strategy: 'GRT' },
      { kind: 'STRATEGY', figure: 'GRT' },
    ],
    [
      { kind: 'CONSISTENCY', consistency: 'MAX_BPS' },
      { kind: 'CONSISTENCY', figure: 'MAX_BPS' },
    ],
    [WINDOW, { ...WINDOW, in: null, lag: 0 }],
    [
      { ...WINDOW, in: 'USDT', lag: 100 },
      { ...WINDOW, in: 'USDT', lag: 100 },
    ],
  ])('is said by %j', (parts, line) => {
    expect(lineOf(parts)).toEqual(line);
  });

  it.each<[LineParts, string, RegExp]>([
    [{ kind: 'CELL', base: 'BTC' }, 'quote', /required with CELL/],
    [{ ...CELL, in: 'USDT' }, 'in', /not taken with CELL/],
    [{ ...CELL, asset: 'USDT' }, 'asset', /not taken with CELL/],
    [{ ...CELL, matrix: 'ID_PCT', price: 'MID' }, 'price', /LAST with ID_PCT/],
    [{ ...CELL, feeBps: 1 }, 'feeBps', /TAKE, not LAST/],
    [{ ...CELL, price: 'MID', feeBps: 1 }, 'feeBps', /TAKE, not MID/],
    [{ ...CELL, price: 'TAKE', feeBps: -1 }, 'feeBps', /0 to 10000/],
    [{ ...CELL, price: 'TAKE', feeBps: NaN }, 'feeBps', /0 to 10000/],
    [{ kind: 'ASSET', asset: 'BTC' }, 'figure', /required with ASSET/],
    [{ kind: 'ASSET', asset: 'BTC', figure: 'QUANT', in: 'USDT' }, 'in', /not taken with QUANT/],
    [{ kind: 'ASSET', asset: 'BTC', figure: 'PRICE', over: HOUR }, 'over', /not taken with PRICE/],
    [{ ...VOLATILITY, step: null }, 'step', /required with VOLATILITY/],
    [{ ...VOLATILITY, lag: 1 }, 'lag', /not taken with ASSET/],
    [{ ...VOLATILITY, over: 2 * MINUTE }, 'over', /whole number of times step, 3 to 10000/],
    [{ kind: 'WALLET', asset: 'BTC' }, 'asset', /not taken with WALLET/],
    [{ kind: 'BALANCE' }, 'asset', /required with BALANCE/],
    [{ kind: 'STRATEGY' }, 'strategy', /required with STRATEGY/],
    [{ kind: 'STRATEGY', strategy: 'GRT', figure: 'QUANT' }, 'figure', /not taken with STRATEGY/],
    [{ kind: 'CONSISTENCY', strategy: 'GRT' }, 'consistency', /required with CONSISTENCY/],
    [{ ...WINDOW, window: null }, 'window', /required with WINDOW/],
    [{ ...WINDOW, step: 7 * MINUTE }, 'over', /whole number of times step/],
    [{ ...WINDOW, over: 10_001 * MINUTE }, 'over', /3 to 10000/],
    [{ ...WINDOW, lag: 101 }, 'lag', /0 to 100/],
    [{ ...WINDOW, lag: 0.5 }, 'lag', /0 to 100/],
    [{ ...WINDOW, price: 'MID' }, 'price', /not taken with WINDOW/],
  ])('is not said by %j', (parts, part, words) => {
    expect(lineOf(parts)).toEqual({ part, words: expect.stringMatching(words) as string });
  });
});
