import { expect } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import type { Frame, Ticker } from '../../src/domain/frame.js';
import { AGGREGATES } from '../../src/domain/series/aggregate.js';
import type { Line } from '../../src/domain/series/line.js';
import { DAY, SECOND } from '../../src/domain/series/span.js';
import type { CycleRange } from '../../src/history/cycle-store.js';
import { KeptStretches } from '../../src/history/kept-stretches.js';
import type { SeriesData, SeriesRequest } from '../../src/history/series-data.js';
import { SeriesFault } from '../../src/history/series-fault.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import {
  isReadable as isReadableCycle,
  UnreadableCycle,
  type StoredCycle,
} from '../../src/history/stored-cycle.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from './chunks-of.js';
import { historyOf, universeOf } from './history.js';

/** More bytes than anything here takes. */
export const PLENTY = 2 ** 24;
/** Buckets begin here, and stretches of any span. */
export const BEGIN = Math.ceil(1_700_000_000_000 / DAY) * DAY;

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
/** What turns are made of. */
export const CYCLES = moving(5, 'USDT');
/** The same with one asset more, and another quant base. */
export const OTHERS = moving(6, 'ETH');
/** The asset that only these have. */
export const ONLY_OTHERS = universeOf(6)[5] as string;

/** The same prices at another time. */
function observedAt({ tickers, observedAt }: Frame, now: number, isStale: boolean): Frame {
  const later = now - observedAt - (isStale ? 70_000 : 0);
  const moved = tickers.map((each) => ({ ...each, closeTime: each.closeTime + later }));
  return { observedAt: now, tickers: moved };
}

/** A cell of a matrix, as a line. */
export const cell = (
  base: string,
  quote: string,
  matrix = 'ID_BENCHMARK',
): Line & { kind: 'CELL' } => ({
  ...{ kind: 'CELL', base, quote },
  matrix: matrix as 'ID_BENCHMARK',
});
/** Of a listed pair. */
export const DIRECT = cell('BTC', 'USDT');
/** Of a rate over two pairs. */
export const CROSS = cell('DOGE', 'ETH');

/** Stored turns that change, and two readers of them: one with what is kept, one without. */
export class Place {
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
export async function told(reading: Promise<SeriesData>) {
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
