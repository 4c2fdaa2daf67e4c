import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tradingPairs } from '../../src/domain/asset.js';
import { addDecimals, isDecimal, isZero } from '../../src/domain/decimal.js';
import { makeFrame, MAX_TICKER_AGE_MS, type TickerReading } from '../../src/domain/frame.js';
import { balanceValue, unpricedAssets, walletValue } from '../../src/domain/wallet.js';
import { figuresOf } from '../support/agreement.js';
import { OBSERVED_AT } from '../support/arbitraries.js';

const listing = { symbol: 'BTCUSDT', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT' };
const pair = { symbol: 'BTCUSDT', base: 'BTC', quote: 'USDT' };
const reading: TickerReading = {
  symbol: 'BTCUSDT',
  last: 61_000,
  open: 60_000,
  bid: 60_999,
  ask: 61_001,
  quoteVolume: 5,
  closeTime: OBSERVED_AT,
};

describe('the pairs of a universe', () => {
  it('have base and quote as the exchange states them, whatever their name', () => {
    const odd = { ...listing, symbol: 'USDTBTC' };
    expect(tradingPairs([odd], ['BTC', 'USDT'])).toEqual([{ ...pair, symbol: 'USDTBTC' }]);
  });

  it('are ordered by symbol, each base and quote once', () => {
    const listings = [
      { ...listing, symbol: 'Z' },
      { ...listing, symbol: 'a', baseAsset: 'ETH' },
      { ...listing, symbol: 'B' },
    ];
    const symbols = tradingPairs(listings, ['BTC', 'ETH', 'USDT']).map(({ symbol }) => symbol);
    expect(symbols).toEqual(['B', 'a']);
  });

  it.each([
    ['HALT', { status: 'HALT' }],
    ['BREAK', { status: 'BREAK' }],
    ['a base outside the universe', { baseAsset: 'XRP' }],
    ['a quote outside the universe', { quoteAsset: 'BUSD' }],
    ['itself', { baseAsset: 'USDT' }],
  ])('leave out %s', (_name, change) => {
    expect(tradingPairs([{ ...listing, ...change }], ['BTC', 'USDT'])).toEqual([]);
  });
});

describe('a frame', () => {
  it.each<[string, Partial<TickerReading>, boolean]>([
    ['a sound reading', {}, true],
    ['one that closed after it was observed', { closeTime: OBSERVED_AT + 5_000 }, true],
    ['one of exactly 24 h ago', { closeTime: OBSERVED_AT - MAX_TICKER_AGE_MS }, true],
    ['an older one', { closeTime: OBSERVED_AT - MAX_TICKER_AGE_MS - 1 }, false],
    ['one without a close time', { closeTime: NaN }, false],
    ['a last price of 0', { last: 0 }, false],
    ['a negative open price', { open: -1 }, false],
    ['an unreadable price', { last: NaN }, false],
    ['an endless price', { open: Infinity }, false],
    ['no book', { bid: 0, ask: 0 }, true],
  ])('has %s: %j -> %j', (_name, change, isIn) => {
    const { tickers } = makeFrame([pair], [{ ...reading, ...change }], OBSERVED_AT);
    expect(tickers).toEqual(isIn ? [{ ...pair, ...reading, ...change }] : []);
  });

  it('has 0 for what is unreadable beside the prices, and nothing that was not asked for', () => {
    const nonsense = { ...reading, bid: NaN, ask: Infinity, quoteVolume: NaN };
    const { tickers } = makeFrame([pair], [nonsense, { ...reading, symbol: 'X' }], OBSERVED_AT);
    expect(tickers).toEqual([{ ...pair, ...reading, bid: 0, ask: 0, quoteVolume: 0 }]);
  });
});

describe('decimals', () => {
  const decimal = fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 18 }))
    .map(([units, places]) => {
      const digits = units.toString().padStart(places + 1, '0');
      return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
    });
  const atoms = (text: string): bigint => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(18, '0'));
  };

  it('add up exactly', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const sum = addDecimals(a, b);
        expect(isDecimal(sum)).toBe(true);
        expect(atoms(sum)).toBe(atoms(a) + atoms(b));
        expect(isZero(sum)).toBe(atoms(a) + atoms(b) === 0n);
      }),
    );
  });

  it.each(['', '-1', '1e5', '.5', '5.', '1,5', ' 1', 'NaN'])('are not %j', (text) => {
    expect(isDecimal(text)).toBe(false);
    expect(() => addDecimals(text, '1')).toThrow(RangeError);
  });
});

describe('a wallet', () => {
  const { tickers } = makeFrame([pair], [reading], OBSERVED_AT);
  const figures = figuresOf(tickers, OBSERVED_AT, ['BTC', 'USDT', 'LONE']);
  const ratesIn = (quote: string) => (asset: string) => figures.rateAt(null, asset, quote);
  const balance = (asset: string, free: string, locked = '0') => ({ asset, free, locked });
  const holdings = (...balances: ReturnType<typeof balance>[]) => ({
    source: 'ACCOUNT' as const,
    balances,
  });

  it('is worth what can be priced of it; the rest is listed', () => {
    const all = holdings(balance('BTC', '0.5', '0.25'), balance('LONE', '1'), balance('OUT', '2'));
    expect(balanceValue(balance('BTC', '0.5', '0.25'), ratesIn('USDT'))).toBe(0.75 * 61_000);
    expect(walletValue(all, ratesIn('USDT'))).toBe(0.75 * 61_000);
    expect(unpricedAssets(all, ratesIn('USDT'))).toEqual(['LONE', 'OUT']);
  });

  it('never counts an amount that could not be read, and lists it', () => {
    const odd = { ...holdings(balance('BTC', '2')), unreadable: ['USDT'] };
    expect(walletValue(odd, ratesIn('USDT'))).toBe(2 * 61_000);
    expect(unpricedAssets(odd, ratesIn('USDT'))).toEqual(['USDT']);
    expect(walletValue({ ...holdings(), unreadable: ['USDT'] }, ratesIn('USDT'))).toBeNull();
  });

  it('is worth 0 when it is empty, and nothing known when nothing can be priced', () => {
    expect(walletValue(holdings(), ratesIn('USDT'))).toBe(0);
    expect(walletValue(holdings(balance('OUT', '2')), ratesIn('USDT'))).toBeNull();
    expect(walletValue(holdings(balance('BTC', '2')), ratesIn('LONE'))).toBeNull();
  });
});
