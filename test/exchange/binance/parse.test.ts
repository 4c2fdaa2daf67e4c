import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  MalformedAnswerError,
  oddWords,
  parseAccount,
  parseExchangeInfo,
  parseServerTime,
  parseTickers,
} from '../../../src/exchange/binance/parse.js';

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

  it('gives the step of prices where it is stated, without zeros at its end', () => {
    const tickOf = (filters: unknown) =>
      parseExchangeInfo({ symbols: [{ ...listing, filters }] }).listings[0]?.tickSize;
    const price = (tickSize: unknown) => [
      { filterType: 'LOT_SIZE', stepSize: '0.1', tickSize: '7' },
      { filterType: 'PRICE_FILTER', minPrice: '0.5', tickSize },
    ];
    const ticks = ['0.01000000', '10.00', '100', '1.50', '0.00000001', '1e-8', 0.001].map(price);
    expect(ticks.map(tickOf)).toEqual([
      '0.01',
      '10',
      '100',
      '1.5',
      '0.00000001',
      '0.00000001',
      '0.001',
    ]);
    const none = [price('0.00000000'), price(null), price('x'), [null, 'x'], {}, undefined];
    expect(none.map(tickOf)).toEqual(none.map(() => undefined));
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
  const usdt = { asset: 'USDT', free: '100.0', locked: '0.0' };

  it('stay exactly as they are written, without zero totals', () => {
    const balances = [
      { asset: 'BTC', free: '0.123456789012345678', locked: '0.00000000' },
      { asset: 'ETH', free: '0.00000000', locked: '0.00000000' },
      { asset: 'BNB', free: '0', locked: '99999999999999999999.10' },
      { asset: '币安人生', free: '1', locked: '0' },
    ];
    const read = [balances[0], balances[2], balances[3]];
    expect(parseAccount({ balances })).toEqual({ balances: read, odd: [] });
  });

  it.each<[unknown, string | null]>([
    ['0E-8', null],
    ['-0.00000000', null],
    ['1.5E-7', '0.00000015'],
    ['1E+3', '1000'],
    [1e-7, '0.0000001'],
    [12.5, '12.5'],
  ])('are exact in other notations: %j is %j', (free, exact) => {
    const eth = { asset: 'ETH', free, locked: '0E-8' };
    const held = exact === null ? [] : [{ asset: 'ETH', free: exact, locked: '0.00000000' }];
    expect(parseAccount({ balances: [eth, usdt] })).toEqual({ balances: [...held, usdt], odd: [] });
  });

  it.each<[unknown, RegExp]>([
    [{ asset: 'ETH', free: '-0.00000001', locked: '0' }, /^ETH free "-0.00000001"$/],
    [{ asset: 'ETH', free: '', locked: '0' }, /^ETH free ""$/],
    [{ asset: 'ETH', free: '1', locked: 'NaN' }, /^ETH locked "NaN"$/],
    [{ asset: 'ETH', free: '1' }, /^ETH locked nothing$/],
    [{ asset: 'ETH', free: null, locked: '0' }, /^ETH free null$/],
    [{ asset: 'ETH', free: 'x'.repeat(9_999), locked: '0' }, /^ETH free "x{39}…$/],
    [{ asset: 'USDT', free: '2', locked: '0' }, /^USDT is there twice$/],
    [{ asset: 'A B', free: '2', locked: '0' }, /^no asset \{"asset":"A B"/],
    [{ free: '2', locked: '0' }, /^no asset \{"free":"2"/],
    [null, /^no asset null$/],
  ])('that cannot be read are named, and the others are read: %j', (entry, words) => {
    const btc = { asset: 'BTC', free: '1', locked: '0' };
    const { balances, odd } = parseAccount({ balances: [usdt, btc, entry] });
    expect(oddWords(odd)).toMatch(words);
    expect(balances).toContainEqual(btc);
    expect(balances.map(({ asset }) => asset)).not.toContain(odd[0]?.asset);
  });

  it.each([null, {}, [], { balances: {} }, { balances: [null, 3] }])(
    'are no account as %j',
    (answer) => {
      expect(() => parseAccount(answer)).toThrow(MalformedAnswerError);
    },
  );
});

it.each([0, -1, 1.5, '1700000000000', null, {}])('%j is no server time', (serverTime) => {
  expect(() => parseServerTime({ serverTime })).toThrow(MalformedAnswerError);
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
    expect(parseAccount(read('account/account.json')).odd).toEqual([]);
  });
});
