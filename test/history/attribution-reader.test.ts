import { describe, expect, it } from 'vitest';
import type { Asset } from '../../src/domain/asset.js';
import { CycleFigures, type Cycle } from '../../src/domain/cycle.js';
import { cellOf } from '../../src/domain/pair-table.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import { MINUTE } from '../../src/domain/series/span.js';
import {
  AttributionReader,
  type AttributionData,
  type AttributionRequest,
} from '../../src/history/attribution-reader.js';
import { SeriesFault } from '../../src/history/series-fault.js';
import { UnreadableCycle, type StoredCycle } from '../../src/history/stored-cycle.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { useDatabase } from '../support/database.js';
import { historyOf, universeOf } from '../support/history.js';
import { sealedPlace } from '../support/sealed.js';

const moment = (text: string) => parseMoment(text) as Moment;
const PARTS = ['price', 'flow', 'unpriced'] as const;
const COUNT = 200;
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

const history = historyOf(universeOf(9), COUNT).map((cycle, at): Cycle => {
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

/** By plain loops, over the turns at some places. */
function defined(
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

function valueAt(at: number, numeraire: string): number {
  const held = Object.entries(heldAt(at));
  return held.reduce(
    (sum, [asset, amount]) => sum + amount * (cellOf(matrices[at]!, asset, numeraire) ?? 0),
    0,
  );
}

function expectDefined(
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

const ALL: AttributionRequest = {
  ...{ in: 'BNB', from: moment('start'), to: moment('now') },
  every: null,
};
const places = [...history.keys()];
const timeOf = (at: number): number => (history[at] as Cycle).frame.observedAt;
const bucketOf = (at: number): number => Math.floor(timeOf(at) / MINUTE) * MINUTE;

function inMemory(
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

describe('the attribution of a range', () => {
  const database = useDatabase();

  it('is that of an independent program, from documents and from blocks', async () => {
    const place = await sealedPlace(database, history);
    const { cycles, ages, chunks } = place.open;
    const observed = () => ages.observedWithin(1, 9_999);
    const reader = new AttributionReader({
      ...{ cycles, chunks, extent: { observed }, clock: () => 0, epoch: () => '', bytes: 0 },
    });
    const told = async () => {
      const whole = await reader.read(ALL, UNPACED);
      const bound = 1e-12 * COUNT * valueAt(0, 'BNB');
      const start = timeOf(0);
      expectDefined(
        whole,
        defined(places, 'BNB', () => start),
        bound,
      );
      expect(whole?.startValue).toBeCloseTo(valueAt(0, 'BNB'), 9);
      expect(whole?.endValue).toBeCloseTo(valueAt(COUNT - 1, 'BNB'), 9);
      expect(whole?.assets.get('DOGE')?.unpriced[0]).not.toBe(0);
      const minutes = await reader.read({ ...ALL, every: MINUTE }, UNPACED);
      expect(minutes?.starts.length).toBeGreaterThan(3);
      expectDefined(minutes, defined(places, 'BNB', bucketOf), bound);
      const turns = await reader.read({ ...ALL, every: 'turn' }, UNPACED);
      expect(turns?.starts).toHaveLength(COUNT - 1);
      expectDefined(turns, defined(places, 'BNB', timeOf), bound);
      return [whole, minutes, turns];
    };
    const before = await told();
    await place.sealAll();
    expect((await place.known()).blocks).toBeGreaterThan(0);
    expect(await told()).toEqual(before);
  });

  it('begins with the last turn at or before it, and ends with the last before its end', async () => {
    const [from, to] = [timeOf(40), timeOf(70)];
    const request = { ...ALL, from: { at: from + 1 }, to: { at: to } };
    const data = await inMemory(history).read(request, UNPACED);
    const part = places.slice(40, 70);
    expectDefined(
      data,
      defined(part, 'BNB', () => from + 1),
      1e-9,
    );
    expect(data?.startValue).toBeCloseTo(valueAt(40, 'BNB'), 9);
    const none = await inMemory(history).read({ ...request, to: { at: from + 1 } }, UNPACED);
    expect(none?.startValue).toBe(none?.endValue);
    const early = await inMemory(history).read({ ...ALL, to: { at: timeOf(0) } }, UNPACED);
    expect(early?.endValue).toBe(early?.startValue);
  });

  it('passes over what cannot be read, at its ends too', async () => {
    const lost = new Set([0, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, COUNT - 1]);
    const stored = history.map((cycle, at) =>
      lost.has(at) ? new UnreadableCycle(cycle.turn, 'a test') : cycle,
    );
    const left = places.filter((at) => !lost.has(at));
    const data = await inMemory(stored).read(ALL, UNPACED);
    expectDefined(
      data,
      defined(left, 'BNB', () => timeOf(1)),
      1e-9,
    );
  });

  it.each<[string, Asset | null]>([
    ['in what is asked for', 'BNB'],
    ['in the quant base of the newest turn that can be read', null],
  ])('passes over however many cannot be read at its ends: %s', async (_words, numeraire) => {
    const isLost = (at: number) => at < 60 || at >= 140;
    const stored = history.map((cycle, at) =>
      isLost(at) ? new UnreadableCycle(cycle.turn, 'a test') : cycle,
    );
    const times = new Map(history.map(({ turn, frame }) => [turn, frame.observedAt]));
    // Those before the range, at its begin, and at its end.
    for (const from of [{ at: timeOf(40) }, moment('start')]) {
      const data = await inMemory(stored, 1e9, times).read(
        { ...ALL, in: numeraire, from },
        UNPACED,
      );
      const begin = 'at' in from ? from.at : timeOf(0);
      const left = places.filter((at) => !isLost(at));
      expectDefined(
        data,
        defined(left, numeraire ?? 'USDT', () => begin),
        numeraire === null ? 1e-6 : 1e-9,
      );
    }
    // The last turn that can be read before the range is far before it.
    const late = { ...ALL, in: numeraire, from: { at: timeOf(190) } };
    const data = await inMemory(stored, 1e9, times).read(late, UNPACED);
    expect(data?.startValue).toBeCloseTo(valueAt(139, numeraire ?? 'USDT'), 6);
    expect(data?.endValue).toBe(data?.startValue);
  });

  it('is refused where it reads too much, has too many buckets, or an asset that nothing has', async () => {
    const faultOf = async (request: Partial<AttributionRequest>, mostReads?: number) => {
      const read = inMemory(history, mostReads).read({ ...ALL, ...request }, UNPACED);
      const fault = await read.then(
        () => null,
        (error: unknown) => error,
      );
      expect(fault).toBeInstanceOf(SeriesFault);
      return (fault as SeriesFault).argument;
    };
    expect(await faultOf({ in: 'NOBODY' })).toBe('in');
    expect(await faultOf({}, 500)).toBe('from');
    expect(await faultOf({ every: 1 })).toBe('every');
    expect(await faultOf({ from: moment('now'), to: moment('start') })).toBe('from');
    expect(await inMemory([]).read(ALL, UNPACED)).toBeNull();
  });
});
