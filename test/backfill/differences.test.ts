import { expect, it } from 'vitest';
import { Differences } from '../../src/backfill/differences.js';
import type { Cycle } from '../../src/domain/cycle.js';
import { DAY_MINUTES } from '../../src/history/backfill/day-closes.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { chain } from '../support/cycles.js';
import {
  closeOf,
  DaysInMemory,
  FIRST_DAY,
  MIDNIGHT,
  MINUTE,
  PAIRS,
} from '../support/scripted-past.js';

const DAY = DAY_MINUTES * MINUTE;

/** Turns at some moments that saw some prices of BTCUSDT and ETHBTC. */
function turnsAt(seen: readonly (readonly [at: number, btc: number, eth: number])[]): Cycle[] {
  return chain(seen.length).map((cycle, index) => {
    const [observedAt, btc, eth] = seen[index] as readonly [number, number, number];
    const prices: Readonly<Record<string, number>> = { BTCUSDT: btc, ETHBTC: eth };
    const tickers = cycle.frame.tickers
      .filter(({ symbol }) => !Number.isNaN(prices[symbol] ?? NaN))
      .map((ticker) => ({ ...ticker, last: prices[ticker.symbol] as number }));
    return { ...cycle, frame: { observedAt, tickers } };
  });
}

async function compared(cycles: readonly Cycle[], closes: DaysInMemory, lastDay = 1) {
  const store = new CyclesInMemory(cycles, 2);
  const range = { from: MIDNIGHT + MINUTE, to: MIDNIGHT + (lastDay + 1) * DAY };
  const options = { cycles: store, chunks: store, store: closes, pairs: PAIRS, range };
  const days: number[] = [];
  const tally = await new Differences({ ...options, pace: UNPACED }).run((day) => {
    days.push(day - FIRST_DAY);
    return day - FIRST_DAY < lastDay;
  });
  return { ...tally, days };
}

it('closes are held against the last turn up to the end of their minute, and the largest difference is named', async () => {
  const closes = new DaysInMemory();
  for (const pair of PAIRS) {
    for (const day of [FIRST_DAY, FIRST_DAY + 1]) {
      const column = Float64Array.from({ length: DAY_MINUTES }, (_, at) =>
        at === 9 ? NaN : closeOf(pair.symbol, day * DAY + at * MINUTE),
      );
      await closes.save({ pair, day, from: 0, to: DAY_MINUTES, faults: 0, closes: column });
    }
  }
  const [btc, eth] = PAIRS.map(({ symbol }) => (at: number) => {
    return closeOf(symbol, MIDNIGHT + at * MINUTE);
  }) as [(at: number) => number, (at: number) => number];
  const moment = (minute: number, seconds: number) => MIDNIGHT + minute * MINUTE + seconds * 1000;
  const cycles = turnsAt([
    // Before the range.
    [moment(0, 30), 1, 1],
    // An earlier turn of a minute does not count.
    [moment(3, 10), 1, 1],
    [moment(3, 50), btc(3), eth(3) * 1.001],
    // At the very end of one, the last of them at midnight.
    [moment(6, 0), btc(5), eth(5)],
    // Without a close; and without a price of one pair.
    [moment(9, 5), 1, 1],
    [moment(20, 59), NaN, eth(20) * 0.99],
    [moment(1440, 0), btc(1439) * 1.002, eth(1439)],
  ]);
  const { different, compared: count, largest, days } = await compared(cycles, closes);
  expect([count, different, days]).toEqual([7, 3, [0, 1]]);
  expect(largest).toEqual({
    ...{ symbol: 'ETHBTC', minute: moment(20, 0), close: eth(20), recorded: eth(20) * 0.99 },
    bps: 1e4 * Math.abs(eth(20) / (eth(20) * 0.99) - 1),
  });
  expect(await compared([], closes)).toMatchObject({ compared: 0, different: 0, largest: null });
  expect((await compared(cycles, closes, 0)).days).toEqual([0]);
});
