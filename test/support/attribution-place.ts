import { expect } from 'vitest';
import { CycleFigures, type Cycle } from '../../src/domain/cycle.js';
import { cellOf } from '../../src/domain/pair-table.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import {
  AttributionReader,
  type AttributionData,
  type AttributionRequest,
} from '../../src/history/attribution-reader.js';
import type { StoredCycle } from '../../src/history/stored-cycle.js';
import { CyclesInMemory } from './chunks-of.js';
import { historyOf, universeOf } from './history.js';

/** A moment as somebody writes it. */
export const moment = (text: string) => parseMoment(text) as Moment;
const PARTS = ['price', 'flow', 'unpriced'] as const;
/** How many turns there are. */
export const COUNT = 200;
/** So that a block ends among them. */
const FIRST = 1_990;

/** What is held: bought, sold, deposited and withdrawn, also where a block ends. */
function heldAt(at: number): Record<string, number> {
  return {
    USDT: at < 50 ? 1_000 : at < 120 ? 250 : 300,
    BTC: at < 90 ? 0.5 : 0.25,
    ETH: at >= 59 ? 2 : 0,
    BNB: at < 59 ? 3 : 0,
    DOGE: at < 50 || at >= 180 ? 0 : 8_000,
    OUTSIDE: 7,
  };
}

const sourceAt = (at: number) => (at < 150 ? 'PAPER' : 'ACCOUNT');

/** All turns. */
export const history = historyOf(universeOf(9), COUNT).map((cycle, at): Cycle => {
  const turn = FIRST + at;
  const isDogeLost = at >= 100 && at < 110;
  const tickers = cycle.frame.tickers.filter(
    ({ base, quote }) => !isDogeLost || (base !== 'DOGE' && quote !== 'DOGE'),
  );
  const balances = Object.entries(heldAt(at))
    .filter(([, amount]) => amount > 0)
    .map(([asset, amount]) => ({ asset, free: String(amount), locked: '0' }));
  const holdings = { source: sourceAt(at), balances } as const;
  const frame = { ...cycle.frame, tickers };
  return { ...cycle, turn, aux: { ...cycle.aux, turn }, frame, holdings };
});
const matrices = history.map((cycle) => new CycleFigures(cycle).matrix('ID_BENCHMARK'));

const ASSETS = Object.keys(heldAt(0));
type Parts = Record<(typeof PARTS)[number], number>;

/** By asset and bucket, by plain loops, over the turns at some places. */
export function defined(
  places: readonly number[],
  numeraire: string,
  bucketOf: (at: number) => number,
): Map<string, Parts> {
  const sums = new Map<string, Parts>();
  for (let n = 1; n < places.length; n++) {
    const [then, now] = [places[n - 1] as number, places[n] as number];
    for (const asset of ASSETS) {
      const [h0, h1] = [heldAt(then)[asset] as number, heldAt(now)[asset] as number];
      const b0 = cellOf(matrices[then]!, asset, numeraire) ?? null;
      const b1 = cellOf(matrices[now]!, asset, numeraire) ?? null;
      const change = h1 * (b1 ?? 0) - h0 * (b0 ?? 0);
      const key = `${asset} ${bucketOf(now)}`;
      const sum = sums.get(key) ?? { price: 0, flow: 0, unpriced: 0 };
      if (sourceAt(then) !== sourceAt(now)) sum.flow += change;
      else if (b0 === null || b1 === null) sum.unpriced += change;
      else {
        sum.price += h0 * (b1 - b0);
        sum.flow += (h1 - h0) * b1;
      }
      sums.set(key, sum);
    }
  }
  return sums;
}

/** What all that is held is worth at a turn. */
export function valueAt(at: number, numeraire: string): number {
  const held = Object.entries(heldAt(at));
  return held.reduce(
    (sum, [asset, amount]) => sum + amount * (cellOf(matrices[at]!, asset, numeraire) ?? 0),
    0,
  );
}

/** Holds an attribution against what is defined, and its sums against each other. */
export function expectDefined(
  data: AttributionData | null,
  expected: ReturnType<typeof defined>,
  bound: number,
): void {
  const totals = new Map<string, number>();
  for (const [asset, columns] of data!.assets) {
    data!.starts.forEach((start, at) => {
      const wanted = expected.get(`${asset} ${start}`);
      for (const part of PARTS) {
        const value = columns[part][at] as number;
        expect(Math.abs(value - (wanted?.[part] ?? 0))).toBeLessThanOrEqual(bound);
        totals.set(`${part} ${at}`, (totals.get(`${part} ${at}`) ?? 0) + value);
      }
      expected.delete(`${asset} ${start}`);
    });
  }
  for (const left of expected.values()) expect(left).toEqual({ price: 0, flow: 0, unpriced: 0 });
  let change = 0;
  for (const part of PARTS) {
    data!.total[part].forEach((total, at) => {
      expect(Math.abs(total - (totals.get(`${part} ${at}`) as number))).toBeLessThanOrEqual(bound);
      change += total;
    });
  }
  expect(Math.abs(change - (data!.endValue - data!.startValue))).toBeLessThanOrEqual(bound);
}

/** Asks for all turns as one. */
export const ALL: AttributionRequest = {
  ...{ in: 'BNB', from: moment('start'), to: moment('now') },
  every: null,
};
/** All places of turns. */
export const places = [...history.keys()];
/** When the turn at a place was observed. */
export const timeOf = (at: number): number => (history[at] as Cycle).frame.observedAt;

/** A reader of turns that are not in a database. */
export function inMemory(
  stored: readonly StoredCycle[],
  mostReads = 1e9,
  times: ReadonlyMap<number, number> = new Map(),
) {
  const store = new CyclesInMemory(stored, 7, times);
  return new AttributionReader({
    ...{ cycles: store, chunks: store, extent: store },
    ...{ clock: () => 0, mostReads, epoch: () => '', bytes: 0 },
  });
}
