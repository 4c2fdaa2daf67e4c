import { beforeAll, describe, expect, it } from 'vitest';
import type { Pair } from '../../src/domain/asset.js';
import type { Cycle } from '../../src/domain/cycle.js';
import type { Line } from '../../src/domain/series/line.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import { BackfillLayer } from '../../src/history/backfill/backfill-layer.js';
import { DAY_MINUTES, dayOf } from '../../src/history/backfill/day-closes.js';
import { originsOf, type SeriesRequest } from '../../src/history/series-data.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import type { OpenDatabase } from '../../src/open-database.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { chain, START } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The hour of the first recorded turns, and a day before it and after it. */
const T = Math.floor(START / HOUR) * HOUR;
const FROM = T - 24 * HOUR;
const TO = T + 24 * HOUR;

const BTCUSDT = { symbol: 'BTCUSDT', base: 'BTC', quote: 'USDT' };
const ETHBTC = { symbol: 'ETHBTC', base: 'ETH', quote: 'BTC' };
const ETHEUR = { symbol: 'ETHEUR', base: 'ETH', quote: 'EUR' };
const EURUSDT = { symbol: 'EURUSDT', base: 'EUR', quote: 'USDT' };
const JPYEUR = { symbol: 'JPYEUR', base: 'JPY', quote: 'EUR' };
const PAIRS: readonly Pair[] = [BTCUSDT, ETHBTC, ETHEUR, EURUSDT, JPYEUR];

/** What a pair closed at; ETHBTC in every other minute alone, and nothing in the second hour. */
function closeOf({ symbol }: Pair, minute: number): number {
  if (minute >= FROM + HOUR && minute < FROM + 2 * HOUR) return NaN;
  const n = (minute - FROM) / MINUTE;
  if (symbol === 'ETHBTC' && n % 2 === 1) return NaN;
  return (
    { BTCUSDT: 40_000, ETHBTC: 0.06, ETHEUR: 2_000, EURUSDT: 1.1, JPYEUR: 0.006 }[symbol]! + n / 1e4
  );
}

/** A rate in a minute, worked out plainly: the listed pair, else the path of two legs that is first by names. */
function rateAt(base: string, quote: string, minute: number): number | null {
  const prices = PAIRS.flatMap((pair) => {
    const close = closeOf(pair, minute);
    return Number.isNaN(close) ? [] : [{ ...pair, close }];
  });
  const listed = (from: string, to: string) =>
    prices.flatMap((pair) => {
      if (pair.base === from && pair.quote === to) return [{ ...pair, rate: pair.close, to }];
      return pair.base === to && pair.quote === from ? [{ ...pair, rate: 1 / pair.close, to }] : [];
    });
  const [direct] = listed(base, quote);
  if (direct) return direct.rate;
  const [start, end] = base < quote ? [base, quote] : [quote, base];
  const assets = [...new Set(PAIRS.flatMap((pair) => [pair.base, pair.quote]))];
  const paths = assets.flatMap((middle) => {
    const [[first], [second]] = [listed(start, middle), listed(middle, end)];
    return first && second ? [{ names: `${first.symbol} ${second.symbol}`, middle }] : [];
  });
  const [best] = paths.sort((a, b) => (a.names < b.names ? -1 : 1));
  if (!best) return null;
  return listed(base, best.middle)[0]!.rate * listed(best.middle, quote)[0]!.rate;
}

const moment = (text: string) => parseMoment(text) as Moment;
const cell = (name: string): Line => {
  const [base = '', quote = ''] = name.split('/');
  return { kind: 'CELL', matrix: 'ID_BENCHMARK', base, quote };
};
const numbers = (list: Float64Array) => [...list].map((v) => (Number.isNaN(v) ? null : v));

const database = useDatabase();
let open: OpenDatabase;
beforeAll(async () => {
  open = await database.open();
  for (const pair of PAIRS) {
    for (let day = dayOf(FROM); day <= dayOf(TO - 1); day++) {
      const begin = day * 24 * HOUR;
      const from = Math.max(0, (FROM - begin) / MINUTE);
      const to = Math.min(DAY_MINUTES, (TO - begin) / MINUTE);
      const closes = Float64Array.from({ length: DAY_MINUTES }, (_, at) =>
        at >= from && at < to ? closeOf(pair, begin + at * MINUTE) : NaN,
      );
      await open.backfill.save({ pair, day, from, to, faults: 0, closes });
    }
  }
});

function read(
  names: readonly string[],
  request: Partial<SeriesRequest>,
  stored: readonly Cycle[] = chain(50),
  { mostReads = 1e9, lines = names.map(cell) }: { mostReads?: number; lines?: Line[] } = {},
) {
  const store = new CyclesInMemory(stored, 32);
  const reader = new SeriesReader({
    ...{ cycles: store, chunks: store, extent: store, clock: () => TO, mostReads },
    backfill: new BackfillLayer({ store: open.backfill, epoch: () => '' }),
  });
  const range = { from: { at: FROM }, to: { at: TO }, every: HOUR, maxPoints: 5_000 };
  return reader.read({ lines, ...range, ...request }, UNPACED);
}

describe('series over backfilled closes', () => {
  it('are those of direct, inverse and two-leg rates by names, where no turn is in a bucket', async () => {
    const names = ['BTC/USDT', 'USDT/BTC', 'ETH/USDT', 'EUR/BTC'];
    const data = await read(names, { every: 10 * MINUTE });
    expect(data).toMatchObject({ from: FROM, to: TO, lastIsFinal: false });
    expect(data.starts).toHaveLength(48 * 6);
    const origins = originsOf(data);
    data.starts.forEach((start, bucket) => {
      const isRecorded = (data.counts[bucket] ?? 0) > 0;
      data.lines.forEach((line, at) => {
        const [base = '', quote = ''] = names[at]!.split('/');
        const own = Array.from({ length: 10 }, (_, n) => rateAt(base, quote, start + n * MINUTE));
        const given = own.filter((rate) => rate !== null);
        const told = (['FIRST', 'LAST', 'MIN', 'MAX', 'COUNT'] as const).map(
          (of) => numbers(line.values(of))[bucket],
        );
        if (isRecorded) {
          // Recorded rates are of another magnitude.
          expect(told[1]).not.toBe(own.at(-1));
        } else if (given.length === 0) expect(told).toEqual([null, null, null, null, 0]);
        else {
          const ends = [given[0], given.at(-1), Math.min(...given), Math.max(...given)];
          expect(told).toEqual([...ends, given.length]);
        }
      });
      const isEmpty = start >= FROM + HOUR && start < FROM + 2 * HOUR;
      expect(origins[bucket]).toBe(isRecorded || isEmpty ? 'RECORDED' : 'BACKFILLED');
    });
    expect(origins.filter((origin) => origin === 'BACKFILLED')).toHaveLength(48 * 6 - 6 - 1);
    expect(numbers(data.firstTurns).filter((turn) => turn !== null)).toEqual([1]);
    // Paths and nulls are of turns.
    expect(data.lines.map(({ pathCount }) => pathCount)).toEqual([1, 1, 1, 0]);
  });

  it('leave recorded buckets bit for bit as they are', async () => {
    const around = { from: { at: T }, to: { at: T + HOUR }, every: 10_000 };
    const [plain, both] = await Promise.all([
      new SeriesReader({
        ...{ cycles: new CyclesInMemory(chain(50), 32), chunks: new CyclesInMemory(chain(50), 32) },
        ...{ extent: new CyclesInMemory(chain(50), 32), clock: () => TO },
      }).read({ lines: [cell('BTC/USDT')], ...around, maxPoints: 5_000 }, UNPACED),
      read(['BTC/USDT'], around),
    ]);
    plain.starts.forEach((start, at) => {
      if (plain.counts[at] === 0) return;
      const place = both.starts.indexOf(start);
      expect(both.counts[place]).toBe(plain.counts[at]);
      for (const of of ['LAST', 'MEAN', 'COUNT'] as const) {
        expect(both.lines[0]?.values(of)[place]).toBe(plain.lines[0]?.values(of)[at]);
      }
    });
  });

  it('are there without any turn, and longer paths and matrices of their own are not', async () => {
    const data = await read(['BTC/USDT', 'JPY/BTC', 'BTC/BTC'], {}, []);
    const [direct, threeLegs, identity] = data.lines.map((line) => numbers(line.values('COUNT')));
    expect(direct?.filter((count) => count === 60)).toHaveLength(47);
    expect(new Set(threeLegs)).toEqual(new Set([0]));
    expect(new Set(identity)).toEqual(new Set([0]));
    const others: Line[] = [
      { kind: 'CELL', matrix: 'ID_PERCENT', base: 'BTC', quote: 'USDT' },
      {
        ...(cell('BTC/USDT') as Line & { kind: 'CELL' }),
        trade: { kind: 'MID', feeBps: 0 } as never,
      },
      { kind: 'ASSET', figure: 'PRICE', asset: 'BTC', in: 'USDT' },
    ];
    for (const line of others) {
      const { from, starts } = await read([], {}, [], { lines: [line] });
      expect([from, starts.length]).toEqual([null, 0]);
    }
  });

  it('know the assets of the layer, and no others', async () => {
    await expect(read(['EUR/USDT'], {})).resolves.toMatchObject({ from: FROM });
    await expect(read(['XRP/USDT'], {})).rejects.toThrow('cells has XRP');
    await expect(read(['XRP/USDT'], {}, [])).rejects.toThrow('cells has XRP');
    // Where the layer has nothing, it changes nothing.
    const beside = {
      from: { at: START + 1000 },
      to: { at: START + 40_000 },
      every: 'turn',
    } as const;
    await expect(read(['BTC/USDT'], beside)).resolves.toMatchObject({ every: 'turn' });
  });

  it('are of minutes at the finest where nothing is said, and of turns where these are all', async () => {
    const finest = async (from: number, to: number, stored = chain(50)) =>
      (await read(['BTC/USDT'], { from: { at: from }, to: { at: to }, every: null }, stored)).every;
    expect(await finest(T - HOUR, T + HOUR)).toBe(MINUTE);
    expect(await finest(FROM, TO)).toBe(MINUTE);
    expect(await finest(T - HOUR, START + 40_000)).toBe(MINUTE);
    expect(await finest(START + 10_000, T + HOUR)).toBe(MINUTE);
    const later = chain(50).map((cycle): Cycle => {
      const observedAt = cycle.frame.observedAt + (cycle.turn > 25 ? 10 * MINUTE : 0);
      return { ...cycle, frame: { ...cycle.frame, observedAt } };
    });
    expect(await finest(START + 1000, START + 51_000 + 10 * MINUTE, later)).toBe(MINUTE);
    expect(await finest(START + 1000, START + 51_000)).toBe('turn');
    const turns = await read(['BTC/USDT'], { every: 'turn' });
    expect([turns.starts.length, originsOf(turns).includes('BACKFILLED')]).toEqual([50, false]);
    const { start } = { start: moment('start') };
    expect((await read(['BTC/USDT'], { from: start })).from).toBe(T);
  });

  it('have a close in the bucket in which its minute ends', async () => {
    const part = { from: { at: FROM }, to: { at: FROM + 4 * MINUTE }, every: 20_000 };
    const { lines } = await read(['BTC/USDT'], part);
    const closes = [0, 1, 2, 3].map((at) => closeOf(BTCUSDT, FROM + at * MINUTE));
    expect(numbers(lines[0]!.values('LAST'))).toEqual(
      closes.flatMap((close) => [null, null, close]),
    );
  });

  it('that take too many prices are refused with a part that fits, and that one is answered', async () => {
    const limits = { mostReads: 2 * DAY_MINUTES };
    const error = await read(['BTC/USDT'], {}, [], limits).catch((caught: Error) => caught);
    expect(error).toMatchObject({ argument: 'from', limit: { name: 'prices read' } });
    const fitting = moment(/from: (\S+) fits/.exec((error as Error).message)?.[1] ?? '');
    const part = await read(['BTC/USDT'], { from: fitting }, [], limits);
    expect(originsOf(part)).toContain('BACKFILLED');
  });
});
