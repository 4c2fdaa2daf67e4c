import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tradingPairs } from '../../../src/domain/asset.js';
import { makeFrame } from '../../../src/domain/frame.js';
import { parseTickers } from '../../../src/exchange/binance/parse.js';
import type { Fault } from '../../../src/exchange/served/faults.js';
import { SimulatedMarket } from '../../../src/exchange/simulated/market.js';
import { ManualClock, NOON, startExchange, UNIVERSE } from '../../support/exchange.js';
import { figuresOf } from '../../support/agreement.js';

const DAY = 86_400_000;
const moment = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) });

function frameOf(market: SimulatedMarket, at: number, universe: readonly string[] = UNIVERSE) {
  const pairs = tradingPairs(market.listings(), universe);
  const tickers = pairs.map(({ symbol }) => market.ticker(symbol, at));
  return makeFrame(pairs, parseTickers(tickers), at);
}

describe('the simulated market', () => {
  it('is a pure function of seed and time, in whatever order moments are asked for', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(moment, { minLength: 1, maxLength: 5 }),
        (seed, moments) => {
          const one = new SimulatedMarket(seed);
          const other = new SimulatedMarket(seed);
          const there = moments.map((at) => one.ticker('BTCUSDT', at));
          const back = [...moments].reverse().map((at) => other.ticker('BTCUSDT', at));
          expect(there).toEqual(back.reverse());
        },
      ),
    );
  });

  it('lists the 28 pairs that Binance has in the default universe', () => {
    const listings = new SimulatedMarket(1).listings();
    expect(listings).toHaveLength(28);
    expect(tradingPairs(listings, UNIVERSE)).toHaveLength(28);
    const listed = new Set(listings.map(({ symbol }) => symbol));
    for (const name of ['USDTJPY', 'JPYUSDT', 'USDCBRL', 'EURBRL', 'ETHDOGE', 'DOGEETH']) {
      expect(listed).not.toContain(name);
    }
  });

  it('has sound tickers at any moment: bid <= last <= ask, on the tick, a window of 24 h', () => {
    fc.assert(
      fc.property(fc.integer(), moment, (seed, at) => {
        const market = new SimulatedMarket(seed);
        for (const { symbol } of market.listings()) {
          const ticker = market.ticker(symbol, at);
          if (!ticker) throw new Error(`${symbol} has no ticker`);
          const [bid, last, ask] = [ticker.bidPrice, ticker.lastPrice, ticker.askPrice].map(Number);
          expect(bid).toBeGreaterThan(0);
          expect(bid).toBeLessThanOrEqual(last as number);
          expect(last).toBeLessThanOrEqual(ask as number);
          expect(bid).toBeLessThan(ask as number);
          const places = market.places(symbol) as number;
          for (const text of [
            ticker.bidPrice,
            ticker.lastPrice,
            ticker.askPrice,
            ticker.openPrice,
          ]) {
            expect(Number(Number(text).toFixed(places))).toBe(Number(text));
          }
          expect(Number(ticker.highPrice)).toBeGreaterThanOrEqual(last as number);
          expect(Number(ticker.lowPrice)).toBeLessThanOrEqual(last as number);
          expect(ticker.closeTime - ticker.openTime).toBe(DAY);
          expect(ticker.closeTime).toBeLessThanOrEqual(at);
          expect(at - ticker.closeTime).toBeLessThan(5_000);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('has as open price the last price of 24 h before', () => {
    const market = new SimulatedMarket(1);
    for (const { symbol } of market.listings()) {
      const now = market.ticker(symbol, NOON);
      expect(now?.openPrice).toBe(market.ticker(symbol, (now?.closeTime ?? 0) - DAY)?.lastPrice);
    }
  });

  it('almost closes its triangles', () => {
    const market = new SimulatedMarket(1);
    for (let hour = 0; hour < 48; hour++) {
      const { tickers, observedAt } = frameOf(market, NOON + hour * 3_600_000);
      const { medianBps } = figuresOf(tickers, observedAt, UNIVERSE).consistency;
      expect(medianBps).toBeGreaterThan(0.5);
      expect(medianBps).toBeLessThan(8);
    }
  });

  it('moves between two looks, and by no leaps', () => {
    const market = new SimulatedMarket(1);
    const price = (at: number): number => Number(market.ticker('BTCUSDT', at)?.lastPrice);
    const prices = Array.from({ length: 200 }, (_, step) => price(NOON + step * 50));
    expect(new Set(prices).size).toBeGreaterThan(100);
    prices.slice(1).forEach((after, step) => {
      expect(Math.abs(after / (prices[step] as number) - 1)).toBeLessThan(0.002);
    });
  });

  it('trades any number of assets, each of them reachable', () => {
    const assets = [...UNIVERSE, ...Array.from({ length: 491 }, (_, index) => `A${index}`)];
    const market = new SimulatedMarket(1, assets);
    const { tickers } = frameOf(market, NOON, assets);
    expect(tickers.length).toBeGreaterThan(1_300);
    expect(tickers.length).toBeLessThan(1_700);
    expect(new Set(tickers.flatMap(({ base, quote }) => [base, quote])).size).toBe(500);
  });
});

describe('the exchange server', () => {
  const KEYS = { apiKey: 'key', secretKey: 'secret' };
  const account = { ...KEYS, balances: [{ asset: 'BTC', free: '1.0', locked: '0.0' }] };

  async function call(url: string, path: string, headers: Record<string, string> = {}) {
    const response = await fetch(url + path, { headers });
    const text = await response.text();
    return {
      status: response.status,
      body: JSON.parse(text) as Record<string, unknown>,
      weight: Number(response.headers.get('x-mbx-used-weight-1m')),
    };
  }

  const sign = (query: string, secret = KEYS.secretKey): string =>
    `/api/v3/account?${query}&signature=${createHmac('sha256', secret).update(query).digest('hex')}`;

  it('speaks ping, time, exchangeInfo and ticker/24hr', async () => {
    const { url } = await startExchange();
    expect((await call(url, '/api/v3/ping')).body).toEqual({});
    expect((await call(url, '/api/v3/time')).body).toEqual({ serverTime: NOON });
    expect((await call(url, '/api/v3/exchangeInfo')).body['symbols']).toHaveLength(28);
    expect((await call(url, '/api/v3/ticker/24hr')).body).toHaveLength(28);
    expect((await call(url, '/api/v3/ticker/24hr?symbol=BTCUSDT')).body['symbol']).toBe('BTCUSDT');
    const some = await call(url, '/api/v3/ticker/24hr?symbols=["ETHBTC","BTCUSDT"]');
    expect((some.body as unknown as { symbol: string }[]).map(({ symbol }) => symbol)).toEqual([
      'ETHBTC',
      'BTCUSDT',
    ]);
    expect((await call(url, '/api/v3/nothing')).status).toBe(404);
  });

  it('refuses names that it does not list, and lists that are none', async () => {
    const { url } = await startExchange();
    const refused = async (symbols: string) =>
      (await call(url, `/api/v3/ticker/24hr?symbols=${symbols}`)).body['code'];
    expect(await refused('["BTCUSDT","NOSUCH"]')).toBe(-1121);
    expect(await refused('BTCUSDT')).toBe(-1100);
    expect(await refused('[]')).toBe(-1100);
    expect(await refused('[1]')).toBe(-1100);
  });

  it('counts weight by the minute, and refuses beyond its limit', async () => {
    const clock = new ManualClock();
    const { url } = await startExchange(clock, { weightLimit: 100 });
    expect((await call(url, '/api/v3/exchangeInfo')).weight).toBe(20);
    expect((await call(url, '/api/v3/ticker/24hr?symbols=["ETHBTC"]')).weight).toBe(22);
    const over = await call(url, '/api/v3/ticker/24hr');
    expect([over.status, over.body['code']]).toEqual([429, -1003]);
    clock.advance(60_000);
    expect((await call(url, '/api/v3/ticker/24hr')).weight).toBe(80);
  });

  it.each([
    ['no key', sign(`timestamp=${NOON}`), {}, 401, -2014],
    ['another key', sign(`timestamp=${NOON}`), { 'X-MBX-APIKEY': 'x' }, 401, -2015],
    ['no timestamp', sign('recvWindow=5000'), { 'X-MBX-APIKEY': 'key' }, 400, -1102],
    ['no signature', `/api/v3/account?timestamp=${NOON}`, { 'X-MBX-APIKEY': 'key' }, 400, -1102],
    ['an old timestamp', sign(`timestamp=${NOON - 5_001}`), { 'X-MBX-APIKEY': 'key' }, 400, -1021],
    ['one too early', sign(`timestamp=${NOON + 1_000}`), { 'X-MBX-APIKEY': 'key' }, 400, -1021],
    ['another secret', sign(`timestamp=${NOON}`, 'x'), { 'X-MBX-APIKEY': 'key' }, 400, -1022],
  ])('refuses an account call with %s', async (_name, path, headers, status, code) => {
    const { url } = await startExchange(undefined, { account });
    const answer = await call(url, path, headers);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('shows the account to a signed call', async () => {
    const { url } = await startExchange(undefined, { account });
    const { body } = await call(url, sign(`timestamp=${NOON}`), { 'X-MBX-APIKEY': 'key' });
    expect(body['balances']).toEqual(account.balances);
  });

  it.each<[Fault, string]>([
    [{ kind: 'RESET' }, 'rejects'],
    [{ kind: 'CUT_OFF' }, 'rejects'],
    [{ kind: 'STATUS', status: 418, body: 'NONE', retryAfter: '9' }, '418 9 '],
    [{ kind: 'STATUS', status: 429, body: 'JSON' }, '429 null {"code":-1003'],
    [{ kind: 'STATUS', status: 503, body: 'HTML' }, '503 null <html>'],
    [{ kind: 'HTML' }, '200 null <html>'],
    [{ kind: 'TRUNCATED' }, '200 null {"serverT'],
    [{ kind: 'MALFORMED' }, '200 null {"unexpected"'],
    [{ kind: 'SKEWED_CLOCK', byMs: -5 }, `200 null {"serverTime":${NOON - 5}}`],
  ])('fails on demand: %j', async (fault, expected) => {
    const { url, faults } = await startExchange();
    const ask = async (): Promise<string> => {
      try {
        const response = await fetch(`${url}/api/v3/time`);
        const text = await response.text();
        return `${response.status} ${response.headers.get('retry-after')} ${text}`;
      } catch {
        return 'rejects';
      }
    };
    faults.add(fault);
    expect(await ask()).toMatch(new RegExp(`^${expected.replace(/[{}[\]()"]/g, '\\$&')}`));
    faults.clear();
    expect(await ask()).toBe(`200 null {"serverTime":${NOON}}`);
  });

  it('fails for one path, or for so many requests, if told so', async () => {
    const { url, faults } = await startExchange();
    faults.add({ kind: 'STATUS', status: 500, body: 'JSON' }, { path: '/api/v3/time', times: 2 });
    const statuses: number[] = [];
    for (const path of ['ping', 'time', 'time', 'time']) {
      statuses.push((await call(url, `/api/v3/${path}`)).status);
    }
    expect(statuses).toEqual([200, 500, 500, 200]);
  });
});
