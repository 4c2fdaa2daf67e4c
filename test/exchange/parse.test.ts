import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  MalformedAnswerError,
  parseBalances,
  parseExchangeInfo,
  parseServerTime,
  parseTickers,
} from '../../src/exchange/parse.js';

const listing = { symbol: 'BTCUSDT', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT' };
const row = {
  symbol: 'BTCUSDT',
  lastPrice: '61000.00',
  openPrice: '60000.00',
  bidPrice: '60999.99',
  askPrice: '61000.00',
  quoteVolume: '1000000.5',
  closeTime: 1_700_000_000_000,
};

describe('exchangeInfo', () => {
  it('gives the listings and the weight limit', () => {
    const answer = {
      symbols: [{ ...listing, other: 1 }],
      rateLimits: [
        { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 5 },
        { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 1200 },
      ],
    };
    expect(parseExchangeInfo(answer)).toEqual({ listings: [listing], weightLimit: 1200 });
  });

  it('leaves out entries that are not well-formed', () => {
    const symbols = [null, 'BTCUSDT', {}, { ...listing, baseAsset: 7 }, { ...listing, symbol: '' }];
    expect(parseExchangeInfo({ symbols: [...symbols, listing] }).listings).toEqual([listing]);
  });

  it.each([null, [], 'text', {}, { symbols: 'BTCUSDT' }, { symbols: [] }, { symbols: [{}] }])(
    'is malformed as %j',
    (answer) => {
      expect(() => parseExchangeInfo(answer)).toThrow(MalformedAnswerError);
    },
  );
});

describe('tickers', () => {
  it('give numbers', () => {
    expect(parseTickers([row])).toEqual([
      {
        symbol: 'BTCUSDT',
        last: 61_000,
        open: 60_000,
        bid: 60_999.99,
        ask: 61_000,
        quoteVolume: 1_000_000.5,
        closeTime: 1_700_000_000_000,
      },
    ]);
  });

  it.each(['7.91e-06', '7.91E-6', 7.91e-6, '0.00000791'])('are read as written: %j', (price) => {
    expect(parseTickers([{ ...row, lastPrice: price }])[0]?.last).toBe(0.00000791);
  });

  it.each(['', ' ', '-1', -1, 'NaN', 'Infinity', '0x10', '1e999', NaN, null, undefined, ['1'], {}])(
    'have no number where the price is %j',
    (lastPrice) => {
      expect(parseTickers([{ ...row, lastPrice }])[0]?.last).toBeNaN();
    },
  );

  it('leave out rows without a symbol', () => {
    expect(parseTickers([null, 3, [], {}, { ...row, symbol: 3 }, row])).toHaveLength(1);
  });

  it.each([null, {}, 'text', 7])('are malformed as %j', (answer) => {
    expect(() => parseTickers(answer)).toThrow(MalformedAnswerError);
  });
});

describe('balances', () => {
  it('stay exactly as they are written, without zero totals', () => {
    const balances = [
      { asset: 'BTC', free: '0.123456789012345678', locked: '0.00000000' },
      { asset: 'ETH', free: '0.00000000', locked: '0.00000000' },
      { asset: 'BNB', free: '0', locked: '99999999999999999999.10' },
    ];
    expect(parseBalances({ balances })).toEqual([balances[0], balances[2]]);
  });

  it.each([
    null,
    {},
    { balances: {} },
    { balances: [null] },
    { balances: [{ asset: 'BTC', free: 1, locked: '0' }] },
    { balances: [{ asset: 'BTC', free: '-1', locked: '0' }] },
    { balances: [{ asset: '', free: '1', locked: '0' }] },
    {
      balances: [
        { asset: 'BTC', free: '1', locked: '0' },
        { asset: 'BTC', free: '2', locked: '0' },
      ],
    },
  ])('are malformed as %j, because one too few is a wrong wallet', (answer) => {
    expect(() => parseBalances(answer)).toThrow(MalformedAnswerError);
  });
});

it.each([0, -1, 1.5, '1700000000000', null, {}])('%j is no server time', (answer) => {
  expect(() => parseServerTime(answer)).toThrow(MalformedAnswerError);
});

const DATA = '../shared/data';
describe.skipIf(!existsSync(DATA))('recorded answers (where ../shared/data is there)', () => {
  const read = (file: string): unknown => JSON.parse(readFileSync(`${DATA}/${file}`, 'utf8'));

  it('of exchangeInfo are read whole', () => {
    const { listings, weightLimit } = parseExchangeInfo(read('exchangeInfo/2024-09-08.json'));
    expect(listings).toHaveLength(1248);
    expect(weightLimit).toBe(6000);
  });

  it('of ticker/24hr are read whole', () => {
    const readings = parseTickers(read('ticker24hr/2024-07-29T172113Z.json'));
    expect(readings).toHaveLength(2699);
    expect(readings.filter((reading) => Object.values(reading).includes(NaN))).toEqual([]);
  });

  it('of account are read whole', () => {
    expect(() => parseBalances(read('account/account.json'))).not.toThrow();
  });
});
