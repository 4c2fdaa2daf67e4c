import { describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import {
  failureOf,
  ManualClock,
  marketOf,
  observationOf,
  startExchange,
} from '../support/exchange.js';

const database = useDatabase();

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
    const markets = [marketOf(exchange, { clock, limits }), marketOf(exchange, { clock, limits })];
    for (const market of markets) await observationOf(market);
    const codes: string[] = [];
    for (let turn = 0; codes.length === 0 && turn < 20; turn++) {
      for (const market of markets) {
        const result = await market.observe({ after: null, signal: new AbortController().signal });
        if (!result.ok) codes.push(result.failure.code);
      }
    }
    expect(new Set(codes)).toEqual(new Set(['EXCHANGE_RATE_LIMITED']));
    expect(exchange.requests.filter(({ path }) => path.includes('ticker')).length).toBeLessThan(30);
    clock.advance(60_000);
    for (const market of markets) await observationOf(market);
  });

  it('keeps the longer of two silences, whichever is told last', async () => {
    const { exchangeLimits: limits } = await database.open();
    const code = 'EXCHANGE_BANNED';
    await limits.tell({ id: 'longer', leftMs: 2_000_000, code, message: 'long' });
    await limits.tell({ id: 'shorter', leftMs: 1_000_000, code, message: 'short' });
    const { silence } = await limits.reserve(3, 7);
    expect(silence).toMatchObject({ id: 'longer', code, message: 'long' });
    expect(silence?.leftMs).toBeGreaterThan(1_000_000);
    expect(silence?.leftMs).toBeLessThanOrEqual(2_000_000);
    expect(await limits.reserve(4, 7)).toMatchObject({ usedWeight: 7 });
    expect(await limits.reserve(4, 8)).toMatchObject({ usedWeight: 4 });
  });
});
