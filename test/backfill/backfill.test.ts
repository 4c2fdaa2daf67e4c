import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backfill, type BackfillFault } from '../../src/backfill/backfill.js';
import { missingMinutes } from '../../src/backfill/missing-minutes.js';
import { ExchangeAwayError, StoppedError } from '../../src/backfill/patient-source.js';
import type { ClosesResult } from '../../src/market/close-source.js';
import type { ExchangeFailure } from '../../src/market/market-port.js';
import {
  closeOf,
  DaysInMemory,
  FIRST_DAY,
  MIDNIGHT,
  MINUTE,
  PAIRS,
  ScriptedPast,
} from '../support/scripted-past.js';

const DAY = 1440 * MINUTE;
const away: ClosesResult = {
  ok: false,
  failure: { code: 'EXCHANGE_UNREACHABLE', message: 'no connection' },
  isUnknown: false,
};

/** A backfill, and what it has told. */
function prepared(
  days: DaysInMemory,
  source: ScriptedPast,
  range = { from: MIDNIGHT, to: MIDNIGHT + 2 * DAY },
  signal = new AbortController().signal,
) {
  const faults: BackfillFault[] = [];
  const waits: (readonly [ExchangeFailure['code'], number])[] = [];
  const pauses: number[] = [];
  let done = 0;
  const work = new Backfill({
    ...{ store: days, source, pairs: PAIRS, range, signal },
    wait: (ms) => Promise.resolve(void pauses.push(ms)),
    onWait: ({ code }, ms) => waits.push([code, ms]),
    onFault: (fault) => faults.push(fault),
    onDone: (count) => (done = count),
  });
  return { work, faults, waits, pauses, done: () => done };
}

/** By name of day and pair, what is stored, and whether it is what the exchange has. */
function told({ stored }: DaysInMemory) {
  return [...stored.values()].map(({ pair, day, from, to, faults, closes }) => ({
    what: `${day - FIRST_DAY} ${pair.symbol}`,
    ...{ from, to, faults },
    isRight: closes.every((close, at) => {
      const is = at >= from && at < to ? closeOf(pair.symbol, day * DAY + at * MINUTE) : NaN;
      return Object.is(close, is);
    }),
  }));
}

describe('what is missing of a day', () => {
  const minutes = fc
    .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
    .map(([a, b]) => ({ from: Math.min(a, b - 1), to: Math.max(a + 1, b) }));

  it('and what is there are together one stretch that holds what was asked for', () => {
    fc.assert(
      fc.property(minutes, minutes, (wanted, there) => {
        const { whole, parts, keepsStored } = missingMinutes(wanted, { ...there, faults: 0 });
        expect(keepsStored).toBe(true);
        const covered = new Set<number>();
        let count = 0;
        for (const { from, to } of [there, ...parts]) {
          for (let at = from; at < to; at++, count++) covered.add(at);
        }
        expect(count).toBe(covered.size);
        expect(covered.size).toBe(whole.to - whole.from);
        expect(whole.from).toBe(Math.min(wanted.from, there.from));
        expect(whole.to).toBe(Math.max(wanted.to, there.to));
      }),
    );
  });

  it('is all of it where some of what is there could not be read', () => {
    const there = { from: 10, to: 20, faults: 1 };
    const whole = { from: 5, to: 20 };
    expect(missingMinutes({ from: 5, to: 15 }, there)).toEqual({
      ...{ whole, parts: [whole], keepsStored: false },
    });
  });
});

describe('a backfill', () => {
  it('stores each day of each pair, and reads nothing twice', async () => {
    const [days, source] = [new DaysInMemory(), new ScriptedPast()];
    const range = { from: MIDNIGHT + 60 * MINUTE, to: MIDNIGHT + DAY + 30 * MINUTE };
    const first = prepared(days, source, range);
    await first.work.run();
    expect(told(days)).toEqual([
      ...['0 BTCUSDT', '0 ETHBTC'].map((what) => ({
        ...{ what, from: 60, to: 1440, faults: 0, isRight: true },
      })),
      ...['1 BTCUSDT', '1 ETHBTC'].map((what) => ({
        ...{ what, from: 0, to: 30, faults: 0, isRight: true },
      })),
    ]);
    expect(first.work.tally).toEqual({
      ...{ read: 4, there: 0, failed: 0, closes: 2 * 1410, faults: 0 },
    });
    expect(first.done()).toBe(Backfill.size({ pairs: PAIRS, range }));
    source.calls.length = 0;

    const longer = { from: MIDNIGHT, to: MIDNIGHT + DAY + 90 * MINUTE };
    const again = prepared(days, source, longer);
    await again.work.run();
    expect(told(days).every(({ isRight }) => isRight)).toBe(true);
    // One call for each pair says since when there is anything.
    expect(source.calls.map(({ minutes }) => minutes).sort()).toEqual([1, 1, 60, 60, 60, 60]);
    const third = prepared(days, source, longer);
    await third.work.run();
    expect(third.work.tally).toMatchObject({ read: 0, there: 4, closes: 0 });
  });

  it('that is broken off at any moment goes on to the same, and only what was under way is read again', async () => {
    const [whole, plain] = [new DaysInMemory(), new ScriptedPast(400)];
    await prepared(whole, plain).work.run();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
        async (kills) => {
          const [days, source] = [new DaysInMemory(), new ScriptedPast(400)];
          for (const calls of kills) {
            const stop = new AbortController();
            const from = source.calls.length;
            source.instead = (_, call) => {
              if (call - from < calls) return null;
              stop.abort();
              return away;
            };
            const range = { from: MIDNIGHT, to: MIDNIGHT + 2 * DAY };
            const { work } = prepared(days, source, range, stop.signal);
            // With few days left it may be done before.
            await work.run().catch((error) => expect(error).toBeInstanceOf(StoppedError));
          }
          source.instead = () => null;
          await prepared(days, source).work.run();
          const inOrder = (each: DaysInMemory) =>
            told(each).sort((a, b) => a.what.localeCompare(b.what));
          expect(inOrder(days)).toEqual(inOrder(whole));
          // At each end at most the days under way, and one call for each pair.
          const most = plain.calls.length + kills.length * (4 * 4 + PAIRS.length + 4);
          expect(source.calls.length).toBeLessThanOrEqual(most);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('begins where a pair does, and passes over one that the exchange does not know', async () => {
    const [days, source] = [new DaysInMemory(), new ScriptedPast()];
    source.listedSince.set('BTCUSDT', MIDNIGHT + DAY + 100 * MINUTE);
    const unknown = { code: 'EXCHANGE_ERROR', message: '-1121: Invalid symbol.' } as const;
    source.instead = (symbol) =>
      symbol === 'ETHBTC' ? { ok: false, failure: unknown, isUnknown: true } : null;
    const { work, faults, done } = prepared(days, source);
    await work.run();
    expect(told(days)).toEqual([
      { what: '1 BTCUSDT', from: 100, to: 1440, faults: 0, isRight: true },
    ]);
    expect(faults).toEqual([{ symbol: 'ETHBTC', day: null, words: '-1121: Invalid symbol.' }]);
    expect(source.calls.filter(({ symbol }) => symbol === 'ETHBTC')).toHaveLength(1);
    expect(done()).toBe(4);
  });

  it('loses klines that make no sense, names them, and asks for them again the next time', async () => {
    const [days, source] = [new DaysInMemory(), new ScriptedPast()];
    let isOdd = true;
    source.instead = (symbol, call) => {
      if (!isOdd || symbol !== 'BTCUSDT' || call < PAIRS.length) return null;
      return { ok: true, closes: [], faultCount: 12, faults: ['kline 1 is "x", not a list'] };
    };
    const range = { from: MIDNIGHT, to: MIDNIGHT + 600 * MINUTE };
    const first = prepared(days, source, range);
    await first.work.run();
    expect(first.faults.map(({ symbol, day, words }) => [symbol, day, words])).toEqual([
      ['BTCUSDT', '2024-10-04', 'kline 1 is "x", not a list'],
      ['BTCUSDT', '2024-10-04', 'and 11 more'],
    ]);
    expect(first.work.tally).toMatchObject({ read: 2, faults: 12, closes: 600 });
    isOdd = false;
    const second = prepared(days, source, range);
    await second.work.run();
    expect(second.work.tally).toMatchObject({ read: 1, there: 1, faults: 0, closes: 600 });
    expect(told(days).every(({ isRight, faults }) => isRight && faults === 0)).toBe(true);
  });

  it('waits as long as the exchange wants silence, however often, and tells why', async () => {
    const [days, source] = [new DaysInMemory(), new ScriptedPast()];
    source.instead = (_, call) => {
      const code = call < 8 ? 'EXCHANGE_BANNED' : 'EXCHANGE_RATE_LIMITED';
      const failure = { code, message: 'too much', retryInMs: 90_000 + call } as const;
      return call < 10 ? { ok: false, failure, isUnknown: false } : null;
    };
    const { work, waits, pauses } = prepared(days, source);
    await work.run();
    expect(waits).toHaveLength(10);
    expect(waits[0]).toEqual(['EXCHANGE_BANNED', 90_000]);
    expect(pauses).toEqual(waits.map(([, ms]) => ms));
    expect(told(days)).toHaveLength(4);
  });

  it('tries again where a call fails, and ends where the exchange stays away: what is stored stays', async () => {
    const [days, source] = [new DaysInMemory(), new ScriptedPast()];
    source.instead = (_, call) => (call % 3 === 0 ? away : null);
    await prepared(days, source).work.run();
    expect(told(days).every(({ isRight }) => isRight)).toBe(true);

    const begun = new DaysInMemory();
    source.instead = () => (begun.stored.size > 0 ? away : null);
    const { work, pauses } = prepared(begun, source);
    await expect(work.run()).rejects.toThrow(ExchangeAwayError);
    expect(begun.stored.size).toBeGreaterThan(0);
    expect(pauses.slice(0, 2)).toEqual([500, 500]);
  });

  it('leaves out days that are answered with nonsense, and ends where that is all there is', async () => {
    const [days, source] = [new DaysInMemory(), new ScriptedPast()];
    const nonsense: ClosesResult = {
      ok: false,
      failure: { code: 'EXCHANGE_BAD_RESPONSE', message: 'klines: not a list' },
      isUnknown: false,
    };
    source.instead = (symbol, call) =>
      symbol === 'BTCUSDT' && call >= PAIRS.length ? nonsense : null;
    const { work, faults } = prepared(days, source);
    await work.run();
    expect(work.tally).toMatchObject({ read: 2, failed: 2 });
    expect(faults.map(({ words }) => words)).toEqual(['klines: not a list', 'klines: not a list']);
    expect(told(days).map(({ what }) => what)).toEqual(['0 ETHBTC', '1 ETHBTC']);

    source.instead = () => nonsense;
    const long = { from: MIDNIGHT, to: MIDNIGHT + 20 * DAY };
    await expect(prepared(days, source, long).work.run()).rejects.toThrow(
      '12 days in a row could not be read',
    );
  });
});
