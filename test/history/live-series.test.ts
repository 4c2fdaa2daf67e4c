import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { AGGREGATES } from '../../src/domain/series/aggregate.js';
import type { Line } from '../../src/domain/series/line.js';
import type { Moment } from '../../src/domain/series/moment.js';
import { SECOND, type Span } from '../../src/domain/series/span.js';
import type { CycleRange } from '../../src/history/cycle-store.js';
import type { LiveSeries } from '../../src/history/live-series.js';
import type { SeriesData } from '../../src/history/series-data.js';
import { SeriesFault } from '../../src/history/series-fault.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { START } from '../support/cycles.js';
import { historyOf, universeOf } from '../support/history.js';

type Cell = Line & { readonly kind: 'CELL' };

const UNIVERSE = universeOf(6);
const COUNT = 60;
const cell = (base: string, quote: string, matrix: Cell['matrix']): Cell => ({
  ...{ kind: 'CELL', base, quote },
  matrix,
});
const LINES = [
  cell('BTC', 'USDT', 'ID_BENCHMARK'),
  cell('BNB', 'ETH', 'ID_PCT'),
  cell('ETH', 'BTC', 'QUANTID'),
];

let cycles: readonly Cycle[];
beforeAll(() => {
  cycles = historyOf(UNIVERSE, COUNT);
});

/** Stored turns to which more are added; counts how often turns are read. */
class Growing {
  stored: Cycle[] = [];
  epoch = 'first';
  reads = 0;
  readonly reader: SeriesReader;

  constructor(chunkSize = 7) {
    const memory = () => new CyclesInMemory(this.stored, chunkSize);
    this.reader = new SeriesReader({
      cycles: {
        range: ({ beforeTurn = Infinity, ...range }: CycleRange) => {
          const before = this.stored.filter(({ turn }) => turn < beforeTurn);
          return new CyclesInMemory(before, chunkSize).range(range);
        },
      },
      chunks: {
        chunks: (first, last) => {
          this.reads++;
          return memory().chunks(first, last);
        },
      },
      extent: { observed: () => memory().observed() },
      clock: () => START,
    });
  }

  live(every: Span | 'turn'): LiveSeries {
    return this.reader.live({ lines: LINES, every, epoch: () => this.epoch });
  }

  whole(every: Span | 'turn'): Promise<SeriesData> {
    const [from, to]: [Moment, Moment] = [
      { anchor: 'start', offsetMs: 0 },
      { anchor: 'now', offsetMs: 0 },
    ];
    return this.reader.read({ lines: LINES, from, to, every, maxPoints: 20_000 }, UNPACED);
  }
}

type Buckets = Map<string, unknown[]>;

/** By where each bucket begins, all that is said of it; of those with a turn. */
function bucketsOf(data: SeriesData): Buckets {
  const { starts, counts, firstTurns, lastTurns, lines } = data;
  const columns = [counts, firstTurns, lastTurns].concat(
    lines.flatMap((line) => [line.staleCounts, ...AGGREGATES.map((of) => line.values(of))]),
  );
  const found: Buckets = new Map();
  starts.forEach((start, at) => {
    // Of two turns of one moment, each is a point.
    const key = data.every === 'turn' ? `${start} ${firstTurns[at]}` : String(start);
    if (counts[at] !== 0)
      found.set(
        key,
        columns.map((column) => column[at]),
      );
  });
  return found;
}

const join = (all: Buckets, data: SeriesData): void =>
  bucketsOf(data).forEach((bucket, start) => all.set(start, bucket));

/** The turns with other times: from each to the next so many milliseconds. */
function atTimes(steps: readonly number[]): Cycle[] {
  let at = START;
  return cycles.map((cycle, index) => {
    at += steps[index % steps.length] ?? SECOND;
    return { ...cycle, frame: { ...cycle.frame, observedAt: at } };
  });
}

const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 3_000 }) },
    { weight: 1, arbitrary: fc.constant(40_000) },
    { weight: 1, arbitrary: fc.integer({ min: -15_000, max: 0 }) },
  ),
  { minLength: COUNT, maxLength: COUNT },
);
const every = fc.constantFrom<Span | 'turn'>('turn', SECOND, 5 * SECOND, 60 * SECOND);
/** Before which turns the listener loses its connection, and how many turns it misses then. */
const breaks = fc.dictionary(
  fc.integer({ min: 2, max: COUNT }).map(String),
  fc.integer({ min: 1, max: 12 }),
  {
    maxKeys: 4,
  },
);

describe('a series as it grows', () => {
  it('joined over breaks is the series of the whole, wherever the clock goes', async () => {
    await fc.assert(
      fc.asyncProperty(steps, every, breaks, async (apart, span, missed) => {
        const growing = new Growing();
        const all: Buckets = new Map();
        let live = growing.live(span);
        let away = 0;
        let last = 0;
        for (const cycle of atTimes(apart)) {
          growing.stored = [...growing.stored, cycle];
          if (away === 0) away = missed[String(cycle.turn)] ?? 0;
          if (away > 0 && --away > 0 && cycle.turn < COUNT) continue;
          if (cycle.turn > last + 1) {
            live = growing.live(span);
            join(all, await live.tail(last, cycle.turn, UNPACED));
          } else join(all, await live.at(cycle, UNPACED));
          last = cycle.turn;
        }
        expect(all).toEqual(bucketsOf(await growing.whole(span)));
      }),
      { numRuns: 60 },
    );
  });

  it('reads nothing for a turn that follows the one before it, and nothing changes what was told', async () => {
    const growing = new Growing();
    const live = growing.live(5 * SECOND);
    growing.stored = cycles.slice(0, 3);
    const told = [await live.at(cycles[2] as Cycle, UNPACED)];
    const { reads } = growing;
    const before = bucketsOf(told[0] as SeriesData);
    for (const cycle of cycles.slice(3)) {
      growing.stored = cycles.slice(0, cycle.turn);
      expect(live.follows(cycle)).toBe(true);
      told.push(await live.at(cycle, UNPACED));
    }
    expect(growing.reads).toBe(reads);
    expect(bucketsOf(told[0] as SeriesData)).toEqual(before);
    expect(told.map(({ starts }) => starts.length)).toEqual(told.map(() => 1));
  });

  it('holds a turn against the one that it builds upon, where no turn is stored between', async () => {
    const growing = new Growing();
    const built = { ...(cycles[30] as Cycle), previousTurn: 29 };
    growing.stored = [...cycles.slice(0, 29), built];
    const [live, whole] = [
      await growing.live('turn').at(built, UNPACED),
      await growing.whole('turn'),
    ];
    const [change] = live.lines[1]?.values('LAST') ?? [];
    expect(change).not.toBeNaN();
    expect(change).toBe(whole.lines[1]?.values('LAST').at(-1));
  });

  it('reads anew once what is stored of earlier turns has changed', async () => {
    const growing = new Growing();
    const live = growing.live(60 * SECOND);
    growing.stored = cycles.slice(0, 10);
    await live.at(cycles[9] as Cycle, UNPACED);
    growing.epoch = 'second';
    growing.stored = cycles.slice(4, 11);
    expect(live.follows(cycles[10] as Cycle)).toBe(false);
    const { firstTurns } = await live.at(cycles[10] as Cycle, UNPACED);
    expect([...firstTurns]).toEqual([5]);
  });

  it('says that a bucket is final where a turn observed at or past its end is stored', async () => {
    const growing = new Growing();
    const live = growing.live(5 * SECOND);
    // The last one goes back into the first bucket.
    const [one, two, three] = atTimes([5_000, 5_000, -4_000]) as [Cycle, Cycle, Cycle];
    const finals: boolean[] = [];
    for (const cycle of [one, two, three]) {
      growing.stored = [...growing.stored, cycle];
      finals.push((await live.at(cycle, UNPACED)).lastIsFinal);
    }
    expect(finals).toEqual([false, false, true]);
  });

  it('refuses more buckets than one answer has, and what reads too many prices', async () => {
    const growing = new Growing();
    growing.stored = atTimes([200 * 60 * SECOND]);
    const [first, last] = [growing.stored[0] as Cycle, growing.stored[COUNT - 1] as Cycle];
    await expect(growing.live(SECOND).check(first, last)).resolves.toBeUndefined();
    const many = { ...last, turn: 6_000 };
    await expect(growing.live(SECOND).check(first, many)).rejects.toMatchObject({
      argument: 'every',
      words: expect.stringMatching(/fits/) as string,
    });
    await expect(growing.live('turn').check(first, many)).rejects.toBeInstanceOf(SeriesFault);
    const far = { ...last, turn: 100_000_000 };
    await expect(growing.live(86_400 * SECOND).check(first, far)).rejects.toMatchObject({
      limit: { name: 'prices read' },
    });
  });
});
