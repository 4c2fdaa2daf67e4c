import { mongoose } from '@typegoose/typegoose';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BinanceMarketOptions } from '../../src/exchange/binance/market.js';
import { unlessAway } from '../../src/history/database-unavailable.js';
import type { ExchangeLimitsStore } from '../../src/market/market-port.js';
import { useDatabase } from '../support/database.js';
import {
  failureOf,
  ManualClock,
  marketOf,
  NOON,
  observationOf,
  startExchange,
} from '../support/exchange.js';

const database = useDatabase();

/**
 * Asked again where a busy machine did not answer in time: that each instance goes by its own count
 * then is no matter of these tests.
 */
function answeringAlways(limits: ExchangeLimitsStore): ExchangeLimitsStore {
  const reserve: ExchangeLimitsStore['reserve'] = (weight, minute) =>
    unlessAway(limits.reserve(weight, minute), () => reserve(weight, minute));
  return { reserve, publish: (silence) => limits.publish(silence) };
}

describe('what the exchange allows', () => {
  it('is a ban that a restarted server and other instances keep without a call', async () => {
    const { exchangeLimits: limits } = await database.open();
    const clock = new ManualClock();
    const exchange = await startExchange(clock);
    const until = clock.now() + 5 * 60_000;
    exchange.faults.add({ kind: 'STATUS', status: 418, body: 'JSON', bannedUntil: until });
    const first = marketOf(exchange, { clock, limits });
    expect(await failureOf(first)).toMatchObject({
      code: 'EXCHANGE_BANNED',
      retryInMs: 5 * 60_000,
    });
    exchange.faults.clear();
    // The ban is told beside the answer.
    await expect
      .poll(async () => (await limits.reserve(0, 0)).silence?.code)
      .toBe('EXCHANGE_BANNED');
    const calls = exchange.requests.length;

    const second = marketOf(exchange, { clock, limits });
    await second.start();
    expect(await failureOf(second)).toMatchObject({ code: 'EXCHANGE_BANNED' });
    const bannedFor = (second.status().bannedUntil ?? 0) - clock.now();
    expect(bannedFor).toBeGreaterThan(4 * 60_000);
    expect(bannedFor).toBeLessThanOrEqual(5 * 60_000);
    expect(exchange.requests).toHaveLength(calls);
    clock.advance(5 * 60_000 + 1);
    await observationOf(second);
  });

  it('is one budget of weight for all instances, anew each minute', async () => {
    const { exchangeLimits: limits } = await database.open();
    const clock = new ManualClock();
    const exchange = await startExchange(clock, { weightLimit: 60 });
    const outcomes: string[] = [];
    const options: Partial<BinanceMarketOptions> = {
      clock,
      limits: answeringAlways(limits),
      onCall: ({ outcome }) => outcomes.push(outcome),
    };
    const markets = [marketOf(exchange, options), marketOf(exchange, options)];
    for (const market of markets) await observationOf(market);
    const codes: string[] = [];
    for (let turn = 0; codes.length === 0 && turn < 20; turn++) {
      for (const market of markets) {
        const result = await market.observe({ after: null, signal: new AbortController().signal });
        if (!result.ok) codes.push(result.failure.code);
      }
    }
    expect(new Set(codes)).toEqual(new Set(['EXCHANGE_RATE_LIMITED']));
    // The exchange itself was never asked for more than it allows.
    expect(new Set(outcomes)).toEqual(new Set(['OK']));
    clock.advance(60_000);
    for (const market of markets) await observationOf(market);
  });

  it('keeps the longer of two silences, whichever is told last', async () => {
    const { exchangeLimits: limits } = await database.open();
    const code = 'EXCHANGE_BANNED';
    await limits.publish({ id: 'longer', leftMs: 2_000_000, code, message: 'long' });
    await limits.publish({ id: 'shorter', leftMs: 1_000_000, code, message: 'short' });
    const { silence } = await limits.reserve(3, 7);
    expect(silence).toMatchObject({ id: 'longer', code, message: 'long' });
    expect(silence?.leftMs).toBeGreaterThan(1_000_000);
    expect(silence?.leftMs).toBeLessThanOrEqual(2_000_000);
    expect(await limits.reserve(4, 7)).toMatchObject({ usedWeight: 7 });
    expect(await limits.reserve(4, 8)).toMatchObject({ usedWeight: 4 });
  });

  it('is a ban of the same length for instances whose clocks are days apart', async () => {
    const { exchangeLimits: limits } = await database.open();
    const told = new ManualClock();
    const exchange = await startExchange(told);
    const banned = { kind: 'STATUS', status: 418, body: 'JSON' } as const;
    exchange.faults.add({ ...banned, bannedUntil: told.now() + 10 * 60_000 });
    await failureOf(marketOf(exchange, { clock: told, limits }));
    exchange.faults.clear();
    await expect.poll(async () => (await limits.reserve(0, 0)).silence?.code).toBeDefined();
    for (const days of [-2, 2]) {
      const clock = new ManualClock(NOON + days * 86_400_000);
      const market = marketOf(exchange, { clock, limits });
      const failure = await failureOf(market);
      expect(failure.code).toBe('EXCHANGE_BANNED');
      expect(failure.retryInMs).toBeGreaterThan(9 * 60_000);
      expect(failure.retryInMs).toBeLessThanOrEqual(10 * 60_000);
      clock.advance(10 * 60_000);
      await observationOf(market);
    }
  });

  it('is a ban that a database whose clock is set back cannot prolong', async () => {
    const name = `limits_${process.pid}`;
    const { exchangeLimits: limits } = await database.open(name);
    const connection = await mongoose
      .createConnection(database.engine.uri, { dbName: name })
      .asPromise();
    onTestFinished(() => connection.close());
    const clock = new ManualClock();
    const exchange = await startExchange(clock);
    const market = marketOf(exchange, { clock, limits });
    await limits.publish({ id: 'a', leftMs: 120_000, code: 'EXCHANGE_BANNED', message: 'banned' });
    // As its end seems to be once the database's clock is a day behind.
    await connection
      .collection<{ _id: string }>('config')
      .updateOne(
        { _id: 'exchange' },
        { $set: { 'silence.until': new Date(Date.now() + 86_400_000) } },
      );
    expect((await failureOf(market)).retryInMs).toBe(120_000);
    clock.advance(119_999);
    expect((await failureOf(market)).retryInMs).toBe(1);
    clock.advance(1);
    await observationOf(market);
  });
});
