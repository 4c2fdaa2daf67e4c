import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import type { Frame, Ticker } from '../../src/domain/frame.js';
import { AGGREGATES } from '../../src/domain/series/aggregate.js';
import type { Line } from '../../src/domain/series/line.js';
import { DAY, HOUR, SECOND } from '../../src/domain/series/span.js';
import { Stretches } from '../../src/domain/series/stretch.js';
import type { CycleRange } from '../../src/history/cycle-store.js';
import { keptKey, KeptStretches } from '../../src/history/kept-stretches.js';
import type { SeriesData, SeriesRequest } from '../../src/history/series-data.js';
import { SeriesFault } from '../../src/history/series-fault.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import {
  isReadable as isReadableCycle,
  UnreadableCycle,
  type StoredCycle,
} from '../../src/history/stored-cycle.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { historyOf, universeOf } from '../support/history.js';

const PLENTY = 2 ** 24;
/** Buckets begin here, and stretches of any span. */
const BEGIN = Math.ceil(1_700_000_000_000 / DAY) * DAY;

/** Spreads that overtake each other, so that the best path changes from turn to turn. */
function withBook(ticker: Ticker, turn: number): Ticker {
  const letters = [...ticker.symbol].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const half = (1 + ((Math.floor(turn / 3) * 7 + letters * 13) % 17)) / 100_000;
  return { ...ticker, bid: ticker.last * (1 - half), ask: ticker.last * (1 + half) };
}

const moving = (size: number, quantBase: string) =>
  historyOf(universeOf(size), 260).map((cycle) => {
    const tickers = cycle.frame.tickers.map((ticker) => withBook(ticker, cycle.turn));
    const config = { ...cycle.config, quantBase };
    return { ...cycle, config, frame: { ...cycle.frame, tickers } };
  });
const CYCLES = moving(5, 'USDT');
const OTHERS = moving(6, 'ETH');
const ONLY_OTHERS = universeOf(6)[5] as string;

/** The same prices at another time. */
function observedAt({ tickers, observedAt }: Frame, now: number, isStale: boolean): Frame {
  const later = now - observedAt - (isStale ? 70_000 : 0);
  const moved = tickers.map((each) => ({ ...each, closeTime: each.closeTime + later }));
  return { observedAt: now, tickers: moved };
}

const cell = (base: string, quote: string, matrix = 'ID_BENCHMARK'): Line & { kind: 'CELL' } => ({
  ...{ kind: 'CELL', base, quote },
  matrix: matrix as 'ID_BENCHMARK',
});
const DIRECT = cell('BTC', 'USDT');
const CROSS = cell('DOGE', 'ETH');
const LINES: readonly Line[] = [
  ...[DIRECT, CROSS, cell('USDT', 'BTC'), cell('BTC', 'BTC')],
  ...[cell('BTC', 'USDT', 'ID_PCT'), cell('ETH', 'DOGE', 'ID_PCT')],
  ...[cell('ETH', 'BTC', 'QUANTID'), cell('BTC', ONLY_OTHERS, 'ID_DELTA')],
  { ...DIRECT, trade: { price: 'MID' } },
  { ...CROSS, trade: { price: 'TAKE', feeBps: 0 } },
  { ...CROSS, trade: { price: 'TAKE', feeBps: 10 } },
  { kind: 'ASSET', figure: 'PRICE', asset: 'BTC', in: null },
  { kind: 'ASSET', figure: 'PRICE', asset: 'BTC', in: 'ETH' },
  { kind: 'ASSET', figure: 'STRENGTH', asset: 'DOGE', in: null },
  { kind: 'WALLET', in: null },
  { kind: 'BALANCE', asset: 'USDT', in: 'BTC' },
  { kind: 'BALANCE', asset: 'BTC', in: null },
  { kind: 'STRATEGY', figure: 'SHIFT' },
  { kind: 'CONSISTENCY', figure: 'MAX_BPS' },
];

/** Stored turns that change, and two readers of them: one with what is kept, one without. */
class Place {
  stored: StoredCycle[] = [];
  /** When turns that cannot be read were observed. */
  readonly times = new Map<number, number>();
  epoch = 'first';
  now = BEGIN;
  /** Which turns were read, and which pairs of them. */
  reads: { first: number; last: number }[] = [];
  loads: string[] = [];
  /** Once it is known from when to when there are turns; once it is known which; and while these are read. */
  before: () => void = () => undefined;
  between: () => Promise<unknown> = () => Promise.resolve();
  meanwhile: () => void = () => undefined;
  readonly kept: KeptStretches;
  readonly plain: SeriesReader;
  readonly keeping: SeriesReader;

  constructor(bytes = PLENTY, chunkSize = 7) {
    this.kept = new KeptStretches({ epoch: () => this.epoch, bytes });
    const memory = () => new CyclesInMemory(this.stored, chunkSize, this.times);
    const cycles = {
      range: async (range: CycleRange) => {
        const found = await memory().range(range);
        await this.between();
        return found;
      },
    };
    const extent = {
      observed: async () => {
        const observed = await memory().observed();
        this.before();
        return observed;
      },
    };
    const clock = () => BEGIN;
    this.plain = new SeriesReader({
      cycles,
      extent,
      clock,
      chunks: { chunks: (first, last) => memory().chunks(first, last) },
    });
    const chunks = { chunks: (first: number, last: number) => this.#chunks(memory(), first, last) };
    this.keeping = new SeriesReader({ cycles, extent, clock, chunks, kept: this.kept });
  }

  async *#chunks(memory: CyclesInMemory, first: number, last: number) {
    this.reads.push({ first, last });
    for await (const chunk of memory.chunks(first, last)) {
      yield chunk;
      this.meanwhile();
    }
    this.loads.push(...memory.loads);
  }

  get latest(): number {
    return this.stored.at(-1)?.turn ?? 0;
  }

  /** The next turn, some milliseconds after the one before. */
  store(
    step: number,
    { skipped = 0, from = CYCLES, isReadable = true, isTimed = true } = {},
  ): StoredCycle {
    const turn = this.latest + 1 + skipped;
    this.now += step;
    const cycle = from[(turn - 1) % from.length] as Cycle;
    const isBuiltUpon = turn % 3 > 0;
    const stored = isReadable
      ? {
          ...cycle,
          turn,
          previousTurn: isBuiltUpon
            ? (this.stored.findLast(isReadableCycle)?.turn ?? null)
            : turn - 1,
          frame: observedAt(cycle.frame, this.now, turn % 11 === 0),
        }
      : new UnreadableCycle(turn, 'damaged');
    if (!isReadable && isTimed) this.times.set(turn, this.now);
    this.stored = [...this.stored, stored];
    return stored;
  }

  grow(turns: number, step = SECOND): void {
    for (let n = 0; n < turns; n++) this.kept.add(this.store(step));
  }

  read(request: Partial<SeriesRequest> = {}, reader = this.keeping): Promise<SeriesData> {
    this.reads = [];
    this.loads = [];
    const [from, to] = [
      { anchor: 'start', offsetMs: 0 } as const,
      { anchor: 'now', offsetMs: 0 } as const,
    ];
    return reader.read(
      { lines: [DIRECT], from, to, every: SECOND, maxPoints: 20_000, ...request },
      UNPACED,
    );
  }

  /** Asks both readers. @returns what was read for the one that keeps */
  async compare(request: Partial<SeriesRequest> = {}): Promise<SeriesData['plan'] | null> {
    const plain = await told(this.read(request, this.plain));
    const keeping = await told(this.read(request));
    expect(keeping.answer).toEqual(plain.answer);
    return keeping.plan;
  }
}

/** All of an answer, or why there is none. */
async function told(reading: Promise<SeriesData>) {
  try {
    const { plan, lines, ...rest } = await reading;
    const answer = {
      ...rest,
      lines: lines.map((line) => ({
        ...line,
        values: AGGREGATES.map((of) => [...line.values(of)]),
      })),
    };
    return { answer, plan };
  } catch (error) {
    if (!(error instanceof SeriesFault)) throw error;
    return { answer: error.words, plan: null };
  }
}

const step = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(500, SECOND, 1_500) },
  { weight: 2, arbitrary: fc.constantFrom(30_000, 100_000) },
  { weight: 1, arbitrary: fc.integer({ min: -60_000, max: 0 }) },
);
const turn = fc.record({
  step,
  skipped: fc.oneof({ weight: 15, arbitrary: fc.constant(0) }, fc.nat(3)),
  isReadable: fc.oneof({ weight: 15, arbitrary: fc.constant(true) }, fc.boolean()),
  isTimed: fc.boolean(),
  isOther: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.boolean()),
  isAnnounced: fc.oneof({ weight: 40, arbitrary: fc.constant(true) }, fc.boolean()),
});
const span = fc.constantFrom(SECOND, 2 * SECOND, 3 * SECOND, 7 * SECOND);
const offset = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 120_000 }));
const question = fc.record({
  lines: fc.subarray([...LINES], { minLength: 1, maxLength: 5 }),
  every: fc.oneof({ weight: 4, arbitrary: span }, fc.constant('turn' as const)),
  after: offset,
  before: offset,
});
const events = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ turns: fc.array(turn, { minLength: 1, maxLength: 60 }) }) },
    { weight: 6, arbitrary: fc.record({ question }) },
    { weight: 1, arbitrary: fc.record({ purged: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ takenBack: fc.nat(30) }) },
  ),
  { minLength: 6, maxLength: 24 },
);

async function happen(
  place: Place,
  event: typeof events extends fc.Arbitrary<(infer T)[]> ? T : never,
) {
  if ('turns' in event) {
    for (const [at, { step, isOther, isAnnounced, ...how }] of event.turns.entries()) {
      const stored = place.store(step, { ...how, from: isOther ? OTHERS : CYCLES });
      // Some are not announced themselves; before anybody reads, the last one is.
      if (isAnnounced || at === event.turns.length - 1) place.kept.add(stored);
    }
  } else if ('question' in event) {
    const { lines, every, after, before } = event.question;
    const from = { anchor: 'start', offsetMs: after } as const;
    const to = { anchor: 'now', offsetMs: -before } as const;
    await place.compare({ lines, every, from, to });
    await place.compare({ lines: lines.slice(-2), every });
    await place.compare({ lines: [DIRECT, ...lines], every, from, to });
  } else if ('purged' in event) {
    place.stored = place.stored.slice(event.purged);
    place.epoch += 'p';
  } else {
    place.stored = place.stored.slice(0, Math.max(0, place.stored.length - event.takenBack));
    place.epoch += 't';
  }
}

describe('stretches that are kept', () => {
  it('change no answer, whatever is asked, stored, purged and taken back, wherever the clock goes', async () => {
    const sizes = fc.constantFrom(5_000, 100_000, PLENTY);
    const property = fc.asyncProperty(
      events,
      sizes,
      fc.constantFrom(1, 7, 64),
      async (all, bytes, chunkSize) => {
        const place = new Place(bytes, chunkSize);
        for (const event of all) await happen(place, event);
        expect(place.kept.bytes).toBeLessThanOrEqual(bytes);
      },
    );
    await fc.assert(property, { numRuns: 80, seed: 18 });
  });

  it('take no reading the second time, in whatever the same buckets are asked for again', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(24 * 4 + 1);
    const past = { to: { at: BEGIN + 24 * 4 * SECOND }, lines: [DIRECT, CROSS] };
    const first = await place.compare(past);
    expect(first).toMatchObject({ turns: 24 * 4, fromKept: false });
    expect(place.reads).toEqual([{ first: 1, last: 24 * 4 }]);
    const nothing = { turns: 0, blocks: 0, documents: 0, bytes: 0, fromKept: true };
    expect(await place.compare(past)).toEqual(nothing);
    expect(place.reads).toEqual([]);
    // One of the lines, and a part of the stretches.
    const part = { at: BEGIN + 24 * SECOND };
    expect(await place.compare({ ...past, from: part, lines: [CROSS] })).toEqual(nothing);
  });

  it('are read for what is new alone: a longer range, and a further line', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(24 * 4 + 1);
    await place.compare({ to: { at: BEGIN + 24 * 2 * SECOND } });
    expect(await place.compare()).toMatchObject({ turns: 24 * 2 + 1, fromKept: true });
    expect(place.reads).toEqual([{ first: 24 * 2 + 1, last: 24 * 4 + 1 }]);
    const to = { at: BEGIN + 24 * 4 * SECOND };
    await place.compare({ to, lines: [DIRECT, cell('ETH', 'USDT')] });
    expect(place.reads).toEqual([{ first: 1, last: 24 * 4 }]);
    expect(new Set(place.loads)).toEqual(new Set(['ETHUSDT']));
    await place.compare({
      to,
      lines: [cell('BTC', 'USDT', 'ID_PCT')],
      from: { at: BEGIN + 24 * SECOND },
    });
    // The turn before is held against.
    await place.compare({ to, lines: [cell('BTC', 'USDT', 'ID_PCT')] });
    expect(place.reads).toEqual([{ first: 1, last: 24 }]);
  });

  it('of a day are not mixed up where they are of other spans', async () => {
    const place = new Place();
    place.now = BEGIN - HOUR;
    place.grow(49, HOUR);
    for (const every of [HOUR, 2 * HOUR, DAY, HOUR]) await place.compare({ every });
    expect(await place.compare({ every: DAY })).toMatchObject({ turns: 1, fromKept: true });
  });

  it('know the assets of their turns', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    for (let n = 0; n < 24; n++) place.kept.add(place.store(SECOND, { from: OTHERS }));
    place.grow(1);
    const lines = [cell('BTC', ONLY_OTHERS)];
    expect(await place.compare({ lines })).toMatchObject({ turns: 25 });
    expect(await place.compare({ lines })).toMatchObject({ turns: 1 });
  });

  it('may begin and end where nothing is stored', async () => {
    const place = new Place();
    place.now = BEGIN + 9 * SECOND;
    place.grow(10);
    place.grow(1, 60 * SECOND);
    expect(await place.compare()).toMatchObject({ turns: 11 });
    expect(await place.compare()).toMatchObject({ turns: 1, fromKept: true });
  });

  it('that begin with a turn that cannot be read say nothing of changes since the turn before', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(23);
    // What follows is built upon the turn before both.
    place.kept.add(place.store(SECOND, { isReadable: false }));
    place.kept.add(place.store(SECOND, { isReadable: false }));
    place.grow(24);
    const lines = [cell('BTC', 'USDT', 'ID_PCT')];
    await place.compare({ lines });
    await place.compare({ lines, from: { at: BEGIN + 24 * SECOND } });
    expect(await place.compare({ lines: [DIRECT] })).toMatchObject({ turns: 49 });
    expect(await place.compare({ lines: [DIRECT] })).toMatchObject({ turns: 1 });
    expect(await place.compare({ lines })).toMatchObject({ turns: 27 });
  });

  it('are kept for each span apart, and not for one point a turn', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(97);
    await place.compare();
    for (const every of ['turn', 2 * SECOND] as const) {
      expect(await place.compare({ every })).toMatchObject({ turns: 97, fromKept: false });
    }
    expect(await place.compare({ every: 2 * SECOND })).toMatchObject({ turns: 1, fromKept: true });
    expect(await place.compare({ every: 'turn' })).toMatchObject({ turns: 97, fromKept: false });
  });

  it('are not those of the newest turns, into which more may fall', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(24);
    await place.compare();
    expect(place.kept.bytes).toBe(0);
    place.grow(1);
    await place.compare();
    expect(place.kept.bytes).toBeGreaterThan(0);
  });

  it('are forgotten where the clock goes back into them', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(24 * 3 + 1);
    await place.compare();
    place.grow(1, -40 * SECOND);
    place.grow(1, 50 * SECOND);
    expect(await place.compare()).toMatchObject({ turns: 24 + 3, fromKept: true });
    // Of those that lie apart nothing is kept.
    expect(await place.compare()).toMatchObject({ turns: 24 + 3, fromKept: true });
  });

  it.each<[string, (place: Place) => void]>([
    ['turns are purged', (place) => (place.epoch = 'second')],
    ['the clock goes back into them', (place) => place.grow(1, -40 * SECOND)],
    [
      'a turn is announced that cannot be read',
      (place) => place.kept.add(place.store(SECOND, { isReadable: false })),
    ],
    [
      'turns before an announced one were not announced',
      (place) => {
        place.store(-40 * SECOND);
        place.kept.add(place.store(41 * SECOND));
      },
    ],
  ])('are not kept of what was read while %s', async (_, change) => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(24 * 3 + 1);
    let changes = 0;
    place.meanwhile = () => {
      if (changes++ === 1) change(place);
    };
    await place.read();
    expect(changes).toBeGreaterThan(2);
    expect(place.kept.bytes).toBe(0);
    place.meanwhile = () => undefined;
    await place.compare();
  });

  it('are not kept of what was read while the clock goes back to before all that is stored', async () => {
    const place = new Place();
    place.now = BEGIN + 9 * SECOND;
    place.grow(20);
    place.before = () => {
      place.grow(1, -25 * SECOND);
      place.before = () => undefined;
    };
    await place.read();
    place.grow(1, 60 * SECOND);
    await place.compare();
    await place.compare();
  });

  it('with later turns than an answer has are not for that one', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(24);
    place.grow(25, 25 * SECOND);
    const request = { to: { at: BEGIN + 5 * 24 * SECOND } };
    const { answer } = await told(place.read(request, place.plain));
    place.between = async () => {
      place.between = () => Promise.resolve();
      // Into a stretch that had no turn, and on; and somebody else reads that.
      place.grow(1, BEGIN + 30 * SECOND - place.now);
      place.grow(1, 1_000 * SECOND);
      await place.read(request);
    };
    const late = await told(place.read(request));
    expect(late.answer).toEqual(answer);
    expect(await place.compare(request)).toMatchObject({ fromKept: true });
  });

  it('share a universe that each answer has read for itself', async () => {
    const place = new Place();
    place.now = BEGIN - SECOND;
    place.grow(25);
    const stretch = new Stretches(SECOND).of(BEGIN);
    const universesOf = async (line: Line) => {
      place.stored = place.stored.map((cycle) =>
        isReadableCycle(cycle) ? { ...cycle, universe: [...cycle.universe] } : cycle,
      );
      await place.read({ lines: [line] });
      return place.kept.find(`${keptKey(line, 'USDT', SECOND)} ${stretch}`)?.turns.universes;
    };
    const universes = await universesOf(DIRECT);
    expect(universes).toHaveLength(1);
    expect((await universesOf(CROSS))?.[0]).toBe(universes?.[0]);
  });

  it('take no more memory than they may: those that were asked for last stay', async () => {
    const place = new Place(12_000);
    place.now = BEGIN - SECOND;
    place.grow(24 * 10 + 1);
    await place.compare();
    const { bytes } = place.kept;
    expect(bytes).toBeGreaterThan(6_000);
    expect(bytes).toBeLessThanOrEqual(12_000);
    // Of one answer the first ones that fit: they do not take each other's place.
    const first = { from: { at: BEGIN }, to: { at: BEGIN + 24 * SECOND } };
    expect(await place.compare(first)).toMatchObject({ turns: 0 });
    const last = { from: { at: BEGIN + 24 * 9 * SECOND }, to: { at: BEGIN + 24 * 10 * SECOND } };
    await place.compare({ ...last, lines: [CROSS] });
    expect(await place.compare({ ...last, lines: [CROSS] })).toMatchObject({ turns: 0 });
  });
});
