import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cycle } from '../../../src/domain/cycle.js';
import { PastCandles } from '../../../src/exchange/past/candles.js';
import { intervalNamed } from '../../../src/exchange/served/intervals.js';
import type { Kline, KlineQuery } from '../../../src/exchange/served/klines.js';
import { CyclesInMemory } from '../../support/chunks-of.js';
import { chain } from '../../support/cycles.js';

const DAY = 86_400_000;
const NAMES = ['1s', '1m', '3m', '1h', '12h', '1d', '3d', '1w', '1M'];
const CYCLES = chain(40);

function interval(name: string) {
  const found = intervalNamed(name);
  if (!found) throw new Error(`no interval ${name}`);
  return found;
}

/** A cycle at another time, without its first pair where it is to have no price of it. */
function at(turn: number, observedAt: number, isQuoted: boolean): Cycle {
  const cycle = CYCLES[turn - 1] as Cycle;
  const tickers = cycle.frame.tickers.filter(({ symbol }) => isQuoted || symbol !== 'BTCUSDT');
  return { ...cycle, frame: { observedAt, tickers } };
}

/** All candles of what was seen up to a moment, worked out plainly. */
function allCandles(cycles: readonly Cycle[], { interval }: KlineQuery, now: number): Kline[] {
  const byOpen = new Map<number, number[]>();
  for (const { frame } of cycles) {
    const price = frame.tickers.find(({ symbol }) => symbol === 'BTCUSDT')?.last;
    if (price === undefined || frame.observedAt > now) continue;
    const opens = interval.openOf(frame.observedAt);
    byOpen.set(opens, [...(byOpen.get(opens) ?? []), price]);
  }
  return [...byOpen]
    .sort(([a], [b]) => a - b)
    .map(([openTime, prices]) => ({
      openTime,
      closeTime: interval.shifted(openTime, 1) - 1,
      open: String(prices[0]),
      high: String(Math.max(...prices)),
      low: String(Math.min(...prices)),
      close: String(prices.at(-1)),
    }));
}

describe('candles of stored turns', () => {
  const steps = fc.array(
    fc.record({
      step: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 40 * DAY })),
      isQuoted: fc.boolean(),
    }),
    { minLength: 1, maxLength: CYCLES.length, size: 'max' },
  );

  it('are those of every turn in their time, the first or the last of them, and none of later turns', () =>
    fc.assert(
      fc.asyncProperty(
        steps,
        fc.constantFrom(...NAMES),
        fc.integer({ min: 1, max: 4 }),
        fc.option(fc.nat(1_000)),
        fc.option(fc.nat(1_000)),
        fc.nat(1_000),
        async (turns, name, limit, fromPart, toPart, nowPart) => {
          let time = Date.UTC(2024, 1, 27);
          const begin = time;
          const cycles = turns.map(({ step, isQuoted }, n) => at(n + 1, (time += step), isQuoted));
          const moment = (part: number | null) =>
            part === null ? null : begin + Math.round(((time - begin) * part) / 1_000);
          const now = moment(nowPart) ?? time;
          const query: KlineQuery = {
            ...{ symbol: 'BTCUSDT', interval: interval(name), limit },
            ...{ from: moment(fromPart), to: moment(toPart) },
          };
          const stored = new CyclesInMemory(cycles, 3);
          const reader = new PastCandles({ cycles: stored, chunks: stored });
          const { from, to } = query;
          const within = allCandles(cycles, query, now).filter(
            ({ openTime }) => openTime >= (from ?? -Infinity) && openTime <= (to ?? Infinity),
          );
          const asked = from === null ? within.slice(-limit) : within.slice(0, limit);
          expect(await reader.read(query, now, () => false)).toEqual(asked);
        },
      ),
      { numRuns: 300 },
    ));

  it('are read no further once nobody waits for them', async () => {
    const stored = new CyclesInMemory(CYCLES, 2);
    const reader = new PastCandles({ cycles: stored, chunks: stored });
    const query = { symbol: 'BTCUSDT', interval: interval('1s'), from: 0, to: null, limit: 100 };
    await reader.read(query, Infinity, () => true);
    expect(stored.loads).toEqual(['BTCUSDT']);
  });
});

describe('intervals', () => {
  it('open as those of Binance do: weeks on Mondays, months on their first day', () => {
    const moment = Date.UTC(2026, 0, 31, 12, 34, 56, 789);
    const opens = (name: string) => new Date(interval(name).openOf(moment)).toISOString();
    expect(opens('1s')).toBe('2026-01-31T12:34:56.000Z');
    expect(opens('15m')).toBe('2026-01-31T12:30:00.000Z');
    expect(opens('1w')).toBe('2026-01-26T00:00:00.000Z');
    expect(opens('1M')).toBe('2026-01-01T00:00:00.000Z');
    expect(new Date(interval('1M').shifted(moment, 1)).toISOString()).toMatch(/^2026-02-01/);
    expect(new Date(interval('1M').shifted(moment, -2)).toISOString()).toMatch(/^2025-11-01/);
  });

  it.each(['7m', '1y', '2M', '', '1'])('%j is none of them', (name) => {
    expect(intervalNamed(name)).toBeNull();
  });
});
