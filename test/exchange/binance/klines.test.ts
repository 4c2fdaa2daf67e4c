import { describe, expect, it, onTestFinished } from 'vitest';
import { KlinesReading } from '../../../src/exchange/binance/klines.js';
import { MalformedAnswerError } from '../../../src/exchange/binance/parse.js';
import { ReplayedSource } from '../../../src/exchange/replayed/source.js';
import { SimulatedMarket } from '../../../src/exchange/simulated/market.js';
import { SimulatedSource } from '../../../src/exchange/simulated/source.js';
import { intervalNamed, type KlineInterval } from '../../../src/exchange/served/intervals.js';
import { knownKlines } from '../../../src/exchange/served/known-klines.js';
import type { MinuteRange } from '../../../src/market/close-source.js';
import { ManualClock, marketOf, NOON, startExchange } from '../../support/exchange.js';
import { keptLogger } from '../../support/logs.js';
import { folderWith, minuteCandle } from '../../support/recordings.js';

const MINUTE = 60_000;
/** The hour of minutes that are over then. */
const TO = Math.floor(NOON / MINUTE) * MINUTE;
const HOUR: MinuteRange = { from: TO - 60 * MINUTE, to: TO };
const { signal } = new AbortController();

/** What is read of some klines of the first minutes of a range. */
function read(...rows: readonly unknown[]) {
  const reading = new KlinesReading(HOUR);
  for (const row of rows) reading.add(row);
  return reading.done(true);
}

const kline = (minute: number, close: unknown = '2.5') => [
  HOUR.from + minute * MINUTE,
  ...['1', '3', '1', close, '7', HOUR.from + minute * MINUTE + 59_999, '9', 3, '4', '5', '0'],
];

describe('klines', () => {
  it('are the closes of their minutes, in order of time', () => {
    expect(read(kline(1, '2.50000000'), kline(0, '0.00001234'))).toEqual({
      closes: [
        { minute: HOUR.from, close: 0.00001234 },
        { minute: HOUR.from + MINUTE, close: 2.5 },
      ],
      faultCount: 0,
      faults: [],
    });
  });

  it.each([
    ['null', null, 'kline 2 is null, not a list'],
    ['an object', { close: '1' }, 'kline 2 is {"close":"1"}, not a list'],
    ['an empty list', [], 'kline 2 begins at nothing, which is no minute'],
    [
      'one off the minute',
      [HOUR.from + 1],
      `kline 2 begins at ${HOUR.from + 1}, which is no minute`,
    ],
    [
      'words for a price',
      kline(2, 'twelve'),
      'kline of 2026-01-31T11:02:00.000Z closes at "twelve"',
    ],
    ['a price below zero', kline(2, '-1'), 'kline of 2026-01-31T11:02:00.000Z closes at "-1"'],
    ['zero', kline(2, '0.00'), 'kline of 2026-01-31T11:02:00.000Z closes at "0.00"'],
    ['a minute not asked for', kline(60), 'kline of 2026-01-31T12:00:00.000Z was not asked for'],
    ['one that is there twice', kline(0, '9'), 'kline of 2026-01-31T11:00:00.000Z is there twice'],
  ])('with %s among them lose that one, and name it', (_, odd, words) => {
    expect(read(kline(0, '2'), odd, kline(1, '3'))).toEqual({
      closes: [
        { minute: HOUR.from, close: 2 },
        { minute: HOUR.from + MINUTE, close: 3 },
      ],
      faultCount: 1,
      faults: [words],
    });
  });

  it('that are no list are no answer, and of many faults some are told', () => {
    expect(() => new KlinesReading(HOUR).done(false)).toThrow(MalformedAnswerError);
    const { closes, faultCount, faults } = read(...Array.from({ length: 30 }, () => 'x'));
    expect({ closes, faultCount, told: faults.length }).toEqual({
      closes: [],
      faultCount: 30,
      told: 10,
    });
  });
});

describe('the past of an exchange', () => {
  it('is what its minutes closed at, the last that is not over not among them', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock);
    const market = marketOf(exchange, { clock });
    await market.start();
    expect(market.past.exchangeTime()).toBe(NOON);
    const result = await market.past.closes('BTCUSDT', HOUR, signal);
    const simulated = new SimulatedMarket(7);
    expect(result).toEqual({
      ok: true,
      faultCount: 0,
      faults: [],
      closes: Array.from({ length: 60 }, (_, at) => {
        const minute = HOUR.from + at * MINUTE;
        const { lastPrice = '' } = simulated.ticker('BTCUSDT', minute + MINUTE - 1) ?? {};
        return { minute, close: Number(lastPrice) };
      }),
    });
    const query = exchange.requests.at(-1)?.query ?? '';
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
      ...{ symbol: 'BTCUSDT', interval: '1m', limit: '1000' },
      ...{ startTime: String(HOUR.from), endTime: String(HOUR.to - 1) },
    });
    const one = await market.past.closes('BTCUSDT', HOUR, signal, 1);
    expect(one).toMatchObject({ ok: true, closes: [{ minute: HOUR.from }] });
  });

  it('loses klines that make no sense, and the others stand', async () => {
    const exchange = await startExchange();
    exchange.faults.add({ kind: 'WRONG_TYPES' }, { path: '/api/v3/klines' });
    const result = await marketOf(exchange).past.closes('BTCUSDT', HOUR, signal);
    expect(result).toMatchObject({ ok: true, faultCount: 5 });
    expect(result.ok && result.closes).toHaveLength(55);
  });

  it('of a symbol that it does not know is not to be had, which is no failure of the exchange', async () => {
    const market = marketOf(await startExchange());
    expect(await market.past.closes('NONE', HOUR, signal)).toMatchObject({
      ok: false,
      isUnknown: true,
      failure: { code: 'EXCHANGE_ERROR', message: '-1121: Invalid symbol.' },
    });
  });

  it('takes half of the weight that is allowed, so that turns have the rest', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock, { weightLimit: 200 });
    const market = marketOf(exchange, { clock });
    await market.start();
    let calls = 0;
    let last = await market.past.closes('BTCUSDT', HOUR, signal, 1);
    for (; last.ok; calls++) last = await market.past.closes('BTCUSDT', HOUR, signal, 1);
    expect(last).toMatchObject({
      failure: { code: 'EXCHANGE_RATE_LIMITED', retryInMs: TO + MINUTE - NOON },
      isUnknown: false,
    });
    expect(market.status().usedWeight).toBeLessThanOrEqual(100);
    expect(market.status().usedWeight).toBeGreaterThan(90);
    const result = await market.observe({ after: null, signal });
    expect(result.ok).toBe(true);
    clock.advance(MINUTE);
    expect(await market.past.closes('BTCUSDT', HOUR, signal, 1)).toMatchObject({ ok: true });
  });

  it.each([
    ['429 with Retry-After', 429, { retryAfter: '90' }, 90_000],
    ['418 with the end of a ban', 418, { bannedUntil: NOON + 200_000 }, 200_000],
  ])('is silent for as long as a %s says', async (_, status, told, ms) => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock);
    const market = marketOf(exchange, { clock });
    await market.start();
    exchange.faults.add({ kind: 'STATUS', status, body: 'JSON', ...told }, { times: 1 });
    const silent = { ok: false, failure: { retryInMs: ms }, isUnknown: false };
    expect(await market.past.closes('BTCUSDT', HOUR, signal)).toMatchObject(silent);
    const calls = exchange.requests.length;
    expect(await market.past.closes('ETHUSDT', HOUR, signal)).toMatchObject(silent);
    expect(exchange.requests).toHaveLength(calls);
    clock.advance(ms + 1);
    expect(await market.past.closes('BTCUSDT', HOUR, signal)).toMatchObject({ ok: true });
  });

  it('is what a recording has, as far as it has been played', async () => {
    const prices = ['11', '9.5', '12.25', '10', '10.75'];
    const rows = prices.map((price, at) => minuteCandle(HOUR.from + at * MINUTE, price));
    const source = new ReplayedSource({
      ...{ path: folderWith({ 'BTCUSDT.csv': rows }), speed: 'step' },
      ...{ universe: ['USDT', 'BTC'], paperWallet: [], clock: new ManualClock() },
      log: keptLogger(),
    });
    onTestFinished(() => source.stop());
    await source.start({ after: HOUR.from + 3 * MINUTE });
    const now = source.past.exchangeTime();
    expect(now).toBe(HOUR.from + 3 * MINUTE + 1);
    const over = { from: HOUR.from - 5 * MINUTE, to: HOUR.from + 3 * MINUTE };
    expect(await source.past.closes('BTCUSDT', over, signal)).toMatchObject({
      ok: true,
      closes: [11, 9.5, 12.25].map((close, at) => ({ minute: HOUR.from + at * MINUTE, close })),
    });
  });

  it('that nothing is known of for years holds nobody else up, and is given up with whoever asked', async () => {
    let othersCame = false;
    setImmediate(() => (othersCame = true));
    const feed = { now: () => NOON, tickers: () => [] };
    const interval = intervalNamed('1s') as KlineInterval;
    const query = { symbol: 'BTCUSDT', interval, from: 0, to: null, limit: 1 };
    expect(await knownKlines(feed, query, 0, () => othersCame)).toEqual([]);
    expect(othersCame).toBe(true);
  });

  it('is told by an exchange of our own, too', async () => {
    const clock = new ManualClock();
    const source = new SimulatedSource({
      universe: ['USDT', 'BTC'],
      paperWallet: [],
      clock,
      log: keptLogger(),
    });
    onTestFinished(() => source.stop());
    await source.start({ after: null });
    const result = await source.past.closes('BTCUSDT', HOUR, signal);
    expect(result.ok && result.closes).toHaveLength(60);
  });
});
