import ccxt from 'ccxt';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Cycle } from '../../../src/domain/cycle.js';
import { PastClock } from '../../../src/exchange/past/clock.js';
import { PastFeed } from '../../../src/exchange/past/feed.js';
import { startExchangeServer } from '../../../src/exchange/served/exchange-server.js';
import { DatabaseUnavailableError } from '../../../src/history/database-unavailable.js';
import { CyclesInMemory } from '../../support/chunks-of.js';
import { chain, START, UNIVERSE } from '../../support/cycles.js';
import { useDatabase } from '../../support/database.js';
import { ManualClock, marketOf, observationOf } from '../../support/exchange.js';
import { ageAll, cyclesAt, sealedPlace } from '../../support/sealed.js';

const SECOND = 1_000;
const timeOf = ({ frame }: Cycle): number => frame.observedAt;

type Stored = ConstructorParameters<typeof PastFeed>[0];

/** Some stored cycles as an exchange, from one turn on. */
async function serve(stored: Stored, cycles: readonly Cycle[], { fromTurn = 1, speed = 1 } = {}) {
  const clock = new ManualClock();
  const played = cycles.filter(({ turn }) => turn >= fromTurn).map(timeOf);
  const stretch = { from: played[0] ?? 0, to: played.at(-1) ?? 0 };
  const past = new PastClock(stretch, speed, clock);
  const errors: unknown[] = [];
  const server = await startExchangeServer({
    feed: new PastFeed(stored, past),
    weightLimit: 1e7,
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => server.stop());
  const get = async (path: string) => {
    const response = await fetch(`${server.url}/api/v3/${path}`);
    return { status: response.status, body: await response.json() };
  };
  return {
    ...server,
    clock,
    past,
    errors,
    get,
    ask: async (path: string) => (await get(path)).body,
  };
}

function inMemory(cycles: readonly Cycle[], chunkSize = 4): Stored {
  const stored = new CyclesInMemory(cycles, chunkSize);
  return { cycles: stored, chunks: stored };
}

/** The same cycle without one of its pairs. */
function without(cycle: Cycle, symbol: string): Cycle {
  const tickers = cycle.frame.tickers.filter((ticker) => ticker.symbol !== symbol);
  return { ...cycle, frame: { ...cycle.frame, tickers } };
}

const database = useDatabase();

describe('stored cycles as an exchange', () => {
  it('are read by ccxt as it comes: markets, tickers, the book, candles; also of sealed blocks alone', async () => {
    const cycles = cyclesAt([...Array(9).keys()].map((n) => n + 2_045));
    const place = await sealedPlace(database, cycles);
    await place.sealAll();
    expect(await ageAll(place)).toBeGreaterThan(0);
    const { url, requests } = await serve(place.open, cycles, { fromTurn: 2_053 });
    const exchange = new ccxt.binance({
      options: { fetchMarkets: { types: ['spot'] } },
      urls: { api: { public: `${url}/api/v3` } },
    });
    const markets = await exchange.loadMarkets();
    expect(Object.keys(markets).sort()).toEqual(['BTC/USDT', 'ETH/BTC', 'ETH/USDT']);
    expect(markets['ETH/BTC']).toMatchObject({
      base: 'ETH',
      quote: 'BTC',
      active: true,
      spot: true,
    });

    const latest = cycles.at(-1)?.frame.tickers[0];
    if (!latest) throw new Error('no ticker');
    const { last, bid, ask, open, quoteVolume, closeTime: timestamp } = latest;
    const tickers = await exchange.fetchTickers();
    expect(Object.keys(tickers)).toHaveLength(3);
    expect(tickers['BTC/USDT']).toMatchObject({ last, bid, ask, open, quoteVolume, timestamp });
    expect((await exchange.fetchTicker('BTC/USDT')).last).toBe(last);
    expect((await exchange.fetchBidsAsks(['BTC/USDT']))['BTC/USDT']).toMatchObject({ bid, ask });
    expect((await exchange.fetchLastPrices())['BTC/USDT']).toMatchObject({ price: last });
    expect(await exchange.fetchTime()).toBe(START + 2_053 * SECOND);

    const candles = await exchange.fetchOHLCV('BTC/USDT', '1s');
    const seen = cycles.map(({ frame }) => [frame.observedAt, frame.tickers[0]?.last]);
    expect(candles.map(([time, , , , close, volume]) => [time, close, volume])).toEqual(
      seen.map((row) => [...row, 0]),
    );
    const since = START + 2_047 * SECOND;
    const some = await exchange.fetchOHLCV('BTC/USDT', '1s', since, 2);
    expect(some.map(([time]) => time)).toEqual([since, since + SECOND]);
    await expect(exchange.publicGetTicker24hr({ symbol: 'NOPE' })).rejects.toThrow(ccxt.BadSymbol);
    await expect(exchange.fetchTrades('BTC/USDT')).rejects.toThrow(
      'This operation is not supported',
    );
    // It asked nothing of anybody else, and nothing that is not known here but the trades.
    expect(new Set(requests.map(({ path }) => path.replace('/api/v3/', '')))).toEqual(
      new Set([
        ...['exchangeInfo', 'ticker/24hr', 'ticker/bookTicker', 'ticker/price', 'time', 'klines'],
        'aggTrades',
      ]),
    );
  });

  it('are observed by Dynamics as they were, bit for bit', async () => {
    const cycles = chain(3);
    const { url, past } = await serve(inMemory(cycles), cycles);
    const market = marketOf({ url }, { universe: UNIVERSE });
    await market.start();
    const { frame } = await observationOf(market);
    expect(frame.tickers).toEqual(cycles[0]?.frame.tickers);
    expect(past.now()).toBe(START + SECOND);
  });

  it('play their time: it begins with the first request, goes as fast as it is told to, and ends', async () => {
    const cycles = chain(200);
    const { ask, clock, past } = await serve(inMemory(cycles), cycles, { fromTurn: 2, speed: 10 });
    const lastPrice = async () =>
      ((await ask('ticker/price?symbol=BTCUSDT')) as { price: string }).price;
    const priceAt = (turn: number) => String(61_000 + turn * 10);
    clock.advance(60_000);
    expect(past.isOver).toBe(false);
    expect(await ask('time')).toEqual({ serverTime: START + 2 * SECOND });
    clock.advance(199);
    expect(await lastPrice()).toBe(priceAt(3));
    clock.advance(1);
    expect(await lastPrice()).toBe(priceAt(4));
    // Beyond what was read ahead.
    clock.advance(15_000);
    expect(await lastPrice()).toBe(priceAt(154));
    expect(past.isOver).toBe(false);
    clock.advance(60_000);
    expect(await lastPrice()).toBe(priceAt(200));
    expect(await ask('time')).toEqual({ serverTime: START + 200 * SECOND });
    expect(past.isOver).toBe(true);
  });

  it('know the candles before their beginning, and none of what comes later', async () => {
    const cycles = chain(20);
    const { ask, clock } = await serve(inMemory(cycles), cycles, { fromTurn: 5 });
    const closes = async (query = '') =>
      ((await ask(`klines?symbol=BTCUSDT&interval=1s${query}`)) as string[][]).map((row) =>
        Number(row[4]),
      );
    const prices = (turns: number) => [...Array(turns).keys()].map((n) => 61_010 + n * 10);
    expect(await closes()).toEqual(prices(5));
    expect(await closes(`&startTime=0&endTime=${START + 99 * SECOND}`)).toEqual(prices(5));
    clock.advance(3 * SECOND);
    expect(await closes()).toEqual(prices(8));
    expect(await closes('&limit=2')).toEqual(prices(8).slice(-2));
    expect(await closes(`&endTime=${START + 2 * SECOND}`)).toEqual(prices(2));
    expect(await closes(`&startTime=${START + 9 * SECOND}`)).toEqual([]);
  });

  it('say that a symbol that the present turn does not have is in a break', async () => {
    const cycles = chain(3).map((cycle) => (cycle.turn === 2 ? without(cycle, 'ETHBTC') : cycle));
    const { ask, get, clock } = await serve(inMemory(cycles), cycles);
    const trading = async () =>
      ((await ask('exchangeInfo')) as { symbols: { symbol: string; status: string }[] }).symbols
        .filter(({ status }) => status === 'TRADING')
        .map(({ symbol }) => symbol);
    expect(await trading()).toEqual(['BTCUSDT', 'ETHBTC', 'ETHUSDT']);
    clock.advance(SECOND);
    expect(await trading()).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(await ask('ticker/price?symbol=ETHBTC')).toMatchObject({ symbol: 'ETHBTC' });
    expect(await get('ticker/24hr?symbol=ETHBTC&symbolStatus=TRADING')).toMatchObject({
      status: 400,
      body: { code: -1220 },
    });
    clock.advance(SECOND);
    expect(await trading()).toHaveLength(3);
  });

  it.each([
    ['klines', 400, -1102],
    ['klines?symbol=BTCUSDT', 400, -1102],
    ['klines?symbol=BTCUSDT&interval=7m', 400, -1120],
    ['klines?symbol=NOPE&interval=1m', 400, -1121],
    ['klines?symbol=B%20T&interval=1m', 400, -1100],
    ['klines?symbol=BTCUSDT&interval=1m&limit=x', 400, -1100],
    ['klines?symbol=BTCUSDT&interval=1m&limit=0', 400, -1130],
    ['klines?symbol=BTCUSDT&interval=1m&startTime=-1', 400, -1100],
    ['ticker/price?symbol=NOPE', 400, -1121],
    ['ticker/bookTicker?symbols=nope', 400, -1100],
    ['account', 401, -2014],
    ['depth?symbol=BTCUSDT', 404, -1020],
  ])('answer %s with %d and the code %d, as Binance does', async (path, status, code) => {
    const cycles = chain(2);
    const { get } = await serve(inMemory(cycles), cycles);
    const msg = expect.any(String) as string;
    expect(await get(path)).toEqual({ status, body: { code, msg } });
  });

  it('answer with an error while the database is away, and go on when it is back', async () => {
    const cycles = chain(3);
    const stored = inMemory(cycles);
    let isAway = true;
    const { get, errors } = await serve(
      {
        ...stored,
        cycles: {
          range: (range) => {
            if (isAway) return Promise.reject(new DatabaseUnavailableError('away'));
            return stored.cycles.range(range);
          },
        },
      },
      cycles,
    );
    expect(await get('ping')).toMatchObject({ status: 503, body: { code: -1001 } });
    expect(errors).toHaveLength(1);
    isAway = false;
    expect(await get('ticker/price?symbol=BTCUSDT')).toMatchObject({ status: 200 });
  });
});
