import { describe, expect, it, vi } from 'vitest';
import { SimulatedMarket, simulatedFeed } from '../../../src/exchange/simulated/market.js';
import {
  ManualClock,
  marketOf,
  NOON,
  observationOf,
  startExchange,
} from '../../support/exchange.js';
import { TICKERS } from '../../support/binance-paths.js';
import { PATIENCE } from '../../support/patience.js';

const paths = (requests: readonly { path: string }[]) => requests.map(({ path }) => path);

describe('an observation', () => {
  it('has a ticker of each listed pair of the universe, by the exchange’s clock', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange({ now: () => clock.now() + 1_234 });
    const { frame, holdings } = await observationOf(marketOf(exchange, { clock }));
    expect(frame.tickers).toHaveLength(28);
    expect(frame.observedAt).toBe(NOON + 1_234);
    expect(frame.tickers.find(({ symbol }) => symbol === 'ETHBTC')).toMatchObject({
      base: 'ETH',
      quote: 'BTC',
    });
    expect(holdings).toEqual({
      source: 'PAPER',
      balances: [{ asset: 'USDT', free: '100', locked: '0' }],
    });
  });

  it('asks in chunks of twenty, which are cheaper, and lists once', async () => {
    const exchange = await startExchange();
    const market = marketOf(exchange);
    await observationOf(market);
    await observationOf(market);
    const asked = exchange.requests.map(({ path, query }) => {
      const symbols = new URLSearchParams(query).get('symbols');
      return symbols === null ? path : (JSON.parse(symbols) as string[]).length;
    });
    expect(asked).toEqual(['/api/v3/time', '/api/v3/exchangeInfo', 20, 8, 20, 8]);
    expect(market.status()).toMatchObject({ usedWeight: 29, weightPerTurn: 4 });
  });

  it('keeps its connections', async () => {
    const exchange = await startExchange();
    const market = marketOf(exchange);
    for (let turn = 0; turn < 5; turn++) await observationOf(market);
    const connections = new Set(exchange.requests.map(({ clientPort }) => clientPort));
    expect(connections.size).toBeLessThanOrEqual(2);
  });

  it('lists again after an hour, and goes on with the old list where that fails', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock);
    const market = marketOf(exchange, { clock });
    await observationOf(market);
    exchange.faults.add(
      { kind: 'STATUS', status: 502, body: 'HTML' },
      { path: '/api/v3/exchangeInfo' },
    );
    clock.advance(3_600_000);
    expect((await observationOf(market)).frame.tickers).toHaveLength(28);
    await vi.waitFor(() => {
      expect(market.status().warnings.join()).toMatch(/could not be refreshed: HTTP 502/);
    }, PATIENCE);
    exchange.faults.clear();
    clock.advance(60_000);
    await observationOf(market);
    await vi.waitFor(() => expect(market.status().warnings).toEqual([]), PATIENCE);
  });

  it('does not wait while the list of pairs is read again', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock);
    const market = marketOf(exchange, { clock, callTimeoutMs: 60_000 });
    await observationOf(market);
    exchange.faults.add({ kind: 'HANG' }, { path: '/api/v3/exchangeInfo' });
    clock.advance(3_600_000);
    for (let turn = 0; turn < 3; turn++) {
      expect((await observationOf(market)).frame.tickers).toHaveLength(28);
    }
    expect(paths(exchange.requests).filter((path) => path.endsWith('Info'))).toHaveLength(2);
  });

  it('goes on by our own clock where the exchange does not tell its time, and says so', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange({ now: () => clock.now() + 1_234 });
    exchange.faults.add({ kind: 'STATUS', status: 404, body: 'HTML' }, { path: '/api/v3/time' });
    const market = marketOf(exchange, { clock });
    expect((await observationOf(market)).frame.observedAt).toBe(NOON);
    expect(market.status()).toMatchObject({
      clockOffsetMs: null,
      warnings: [expect.stringMatching(/does not tell its time: HTTP 404/) as string],
    });
    exchange.faults.clear();
    clock.advance(60_000);
    expect((await observationOf(market)).frame.observedAt).toBe(NOON + 60_000 + 1_234);
    expect(market.status().warnings).toEqual([]);
  });

  it('leaves out a name that the exchange does not know, and finds the others', async () => {
    const clock = new ManualClock();
    const listings = new SimulatedMarket(7).listings();
    const unknown = { symbol: 'EURJPY', status: 'TRADING', baseAsset: 'EUR', quoteAsset: 'JPY' };
    const known = simulatedFeed(new SimulatedMarket(7), clock.now);
    let listed = [...listings, unknown];
    const exchange = await startExchange(clock, { feed: { ...known, listings: () => listed } });
    const market = marketOf(exchange, { clock });
    await market.start();
    listed = listings;
    expect((await observationOf(market)).frame.tickers).toHaveLength(28);
    const before = exchange.requests.length;
    expect((await observationOf(market)).frame.tickers).toHaveLength(28);
    expect(paths(exchange.requests.slice(before))).toEqual([TICKERS, TICKERS]);
  });
});

describe('ending', () => {
  it('an attempt leaves nothing under way, and no rejection that nobody hears', async () => {
    const unheard = vi.fn();
    process.on('unhandledRejection', unheard);
    const exchange = await startExchange();
    const market = marketOf(exchange);
    await observationOf(market);
    exchange.faults.add({ kind: 'HANG' });
    const attempt = new AbortController();
    const result = market.observe({ after: null, signal: attempt.signal });
    await vi.waitFor(() => expect(exchange.requests.length).toBeGreaterThan(4), PATIENCE);
    attempt.abort();
    expect(await result).toMatchObject({ ok: false, failure: { code: 'EXCHANGE_TIMEOUT' } });
    exchange.faults.clear();
    await observationOf(market);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unheard);
    expect(unheard).not.toHaveBeenCalled();
  });
});
