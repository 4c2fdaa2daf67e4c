import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/exchange/served/faults.js';
import {
  failureOf,
  ManualClock,
  marketOf,
  NOON,
  observationOf,
  startExchange,
} from '../../support/exchange.js';
import { TICKERS, timeoutFor } from '../../support/binance-paths.js';

describe('a failing exchange', () => {
  const silentFor = (ms: number): Fault => ({
    kind: 'STATUS',
    status: 418,
    body: 'JSON',
    bannedUntil: NOON + ms,
  });

  it.each<[string, Fault, string]>([
    ['hangs', { kind: 'HANG' }, 'EXCHANGE_TIMEOUT'],
    ['resets connections', { kind: 'RESET' }, 'EXCHANGE_UNREACHABLE'],
    ['cuts answers off', { kind: 'CUT_OFF' }, 'EXCHANGE_UNREACHABLE'],
    ['truncates JSON', { kind: 'TRUNCATED' }, 'EXCHANGE_BAD_RESPONSE'],
    ['answers with pages', { kind: 'HTML' }, 'EXCHANGE_BAD_RESPONSE'],
    ['answers in another shape', { kind: 'MALFORMED' }, 'EXCHANGE_BAD_RESPONSE'],
    ['is down', { kind: 'STATUS', status: 500, body: 'JSON' }, 'EXCHANGE_ERROR'],
    ['is down behind a proxy', { kind: 'STATUS', status: 502, body: 'HTML' }, 'EXCHANGE_ERROR'],
    ['forbids', { kind: 'STATUS', status: 403, body: 'HTML' }, 'EXCHANGE_ERROR'],
  ])('that %s is said to, and is read again once it is back', async (_name, fault, code) => {
    const exchange = await startExchange();
    const market = marketOf(exchange, { callTimeoutMs: timeoutFor(fault) });
    await observationOf(market);
    exchange.faults.add(fault, { path: TICKERS });
    expect((await failureOf(market)).code).toBe(code);
    exchange.faults.clear();
    expect((await observationOf(market)).frame.tickers).toHaveLength(28);
  });

  it.each<[string, Fault, string, number]>([
    ['bans until a time', silentFor(90_000), 'EXCHANGE_BANNED', 90_000],
    ['bans', { kind: 'STATUS', status: 418, body: 'NONE' }, 'EXCHANGE_BANNED', 120_000],
    [
      'bans for a while',
      { kind: 'STATUS', status: 418, body: 'NONE', retryAfter: '7' },
      'EXCHANGE_BANNED',
      7_000,
    ],
    ['limits', { kind: 'STATUS', status: 429, body: 'NONE' }, 'EXCHANGE_RATE_LIMITED', 60_000],
    [
      'limits in words',
      { kind: 'STATUS', status: 429, body: 'JSON' },
      'EXCHANGE_RATE_LIMITED',
      60_000,
    ],
  ])('that %s is not called until the time is over', async (_name, fault, code, silentMs) => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock);
    const market = marketOf(exchange, { clock });
    await observationOf(market);
    exchange.faults.add(fault);
    expect(await failureOf(market)).toMatchObject({ code, retryInMs: silentMs });
    exchange.faults.clear();
    const calls = exchange.requests.length;
    clock.advance(silentMs - 1);
    expect(await failureOf(market)).toMatchObject({ code, retryInMs: 1 });
    expect(market.status().bannedUntil).toBe(NOON + silentMs);
    expect(exchange.requests.length).toBe(calls);
    clock.advance(1);
    await observationOf(market);
    expect(market.status().bannedUntil).toBeNull();
  });

  it('is not asked for more than it allows in a minute', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock, { weightLimit: 32 });
    const market = marketOf(exchange, { clock });
    await observationOf(market);
    await observationOf(market);
    const calls = exchange.requests.length;
    expect(await failureOf(market)).toMatchObject({
      code: 'EXCHANGE_RATE_LIMITED',
      message: '29 of 32 request weight are used this minute, 4 more are needed',
      retryInMs: 40_000,
    });
    expect(exchange.requests.length).toBe(calls);
    clock.advance(40_000);
    await observationOf(market);
  });

  it('does not fail a start, and is listed as soon as it is back', async () => {
    const exchange = await startExchange();
    exchange.faults.add({ kind: 'RESET' });
    const market = marketOf(exchange);
    await market.start();
    expect(market.status().weightPerTurn).toBe(4);
    exchange.faults.clear();
    expect((await observationOf(market)).frame.tickers).toHaveLength(28);
  });

  it('that is nowhere is said to be unreachable', async () => {
    const exchange = await startExchange();
    await exchange.stop();
    expect(await failureOf(marketOf(exchange))).toEqual({
      code: 'EXCHANGE_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it.each<[string, Fault, number]>([
    ['lacks symbols', { kind: 'MISSING_SYMBOLS', keep: 3 }, 6],
    ['has symbols that nobody asked for', { kind: 'EXTRA_SYMBOLS' }, 28],
    ['has zeros', { kind: 'ZEROS' }, 0],
    ['has prices of two days ago', { kind: 'FROZEN', at: NOON - 2 * 86_400_000 }, 0],
    ['has numbers for text', { kind: 'WRONG_TYPES' }, 0],
  ])('whose answer %s gives what is valid of it', async (_name, fault, valid) => {
    const exchange = await startExchange();
    exchange.faults.add(fault, { path: TICKERS });
    const { frame } = await observationOf(marketOf(exchange));
    expect(frame.tickers).toHaveLength(valid);
  });
});
