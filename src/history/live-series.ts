import { numberAt } from '../domain/cells.js';
import { isFinal, touchedBuckets, type Buckets } from '../domain/series/buckets.js';
import { comparesTurns, evaluatorOf, type Line } from '../domain/series/line.js';
import { PairGraphs } from '../domain/rates/pair-graph.js';
import { countBuckets, faultOfEvery } from '../domain/series/range.js';
import { bucketOf, bucketStart, type Span } from '../domain/series/span.js';
import type { Pace } from '../scheduling/slices.js';
import { ChunkBuilder } from './chunk-builder.js';
import type { CycleRange, CycleStore } from './cycle-store.js';
import { unlessAway } from './database-unavailable.js';
import { LinePass } from './line-pass.js';
import { addChunk, LineSum } from './line-sum.js';
import { excessOf } from './series-checks.js';
import { frozen, type SeriesData } from './series-data.js';
import { SeriesFault } from './series-fault.js';
import { isReadable, turnBuiltUpon, type StoredCycle } from './stored-cycle.js';
import type { TimeExtent } from './time-extent.js';
import { FREE, isFree, sumOf, type TurnChunk, type TurnChunks } from './turn-chunk.js';
import { WholeChunk } from './whole-chunk.js';

export interface LiveRequest {
  readonly lines: readonly (Line & { readonly kind: 'CELL' })[];
  readonly every: Span | 'turn';
  /** While it is the same, so is what is stored of earlier turns. */
  readonly epoch: () => string;
}

interface LiveSeriesOptions {
  readonly cycles: Pick<CycleStore, 'range'>;
  readonly chunks: TurnChunks;
  readonly extent: TimeExtent;
  /** See {@link excessOf}. */
  readonly mostReads: number;
}

/** How many buckets may have changed since the turn that somebody begins after. */
export const LONGEST_TAIL = 5_000;

/** Lines up to a turn, in the buckets that were asked for. */
interface Standing {
  readonly epoch: string;
  readonly turn: number;
  /** The largest `observedAt` so far. */
  readonly newest: number;
  readonly buckets: Buckets;
  readonly sums: readonly LineSum[];
  readonly plan: SeriesData['plan'];
}

/** The same of one bucket, and what was told of it. */
interface Kept extends Standing {
  readonly data: SeriesData;
}

/**
 * Cells in buckets as they grow turn by turn. The bucket of the newest turn is kept as it stands: a turn
 * that falls into it, or into a later one, is added to what is there, and nothing is read.
 */
export class LiveSeries {
  readonly #options: LiveSeriesOptions;
  readonly #request: LiveRequest;
  readonly #graphs = new PairGraphs();
  #kept: Kept | null = null;
  /** One at a time: each goes on from what the one before has left. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: LiveSeriesOptions, request: LiveRequest) {
    this.#options = options;
    this.#request = request;
  }

  /**
   * Looks whether what follows a turn can be told.
   * @param first the one after it; the newest where there is none
   * @throws {SeriesFault} where that is too much
   */
  async check(first: StoredCycle, latest: StoredCycle): Promise<void> {
    if (!isReadable(first) || !isReadable(latest)) return;
    const { every, lines } = this.#request;
    const range = { from: first.frame.observedAt, to: latest.frame.observedAt + 1 };
    const turns = latest.turn - first.turn + 1;
    const density = { turns, intervalMs: latest.intervalMs ?? NaN };
    const isMany = every === 'turn' || Math.min(turns, countBuckets(range, every)) > LONGEST_TAIL;
    const fault = isMany ? faultOfEvery(every, range, density, LONGEST_TAIL) : null;
    if (fault) throw new SeriesFault('every', fault.words);
    if (every === 'turn') return;
    const from = bucketStart(bucketOf(range.from, every), every);
    const begin = await unlessAway(
      this.#first({ from, to: range.to, beforeTurn: latest.turn + 1 }),
      () => null,
    );
    const ends = { first: begin ?? first, last: latest };
    const excess = excessOf(lines, null, ends, this.#options.mostReads);
    if (excess) {
      throw new SeriesFault('after', 'a later turn or a finer every fits', excess.limit);
    }
  }

  /** Whether a turn follows what is kept, so that its bucket takes no reading. */
  follows(stored: StoredCycle): boolean {
    const kept = this.#kept;
    return kept?.turn === stored.turn - 1 && this.#canGoOn(kept, stored);
  }

  /** The bucket that a turn fell into, as it stood with that turn; of no bucket where nobody knows when it was. */
  at(stored: StoredCycle, pace: Pace): Promise<SeriesData> {
    const done = this.#last.then(() => this.#at(stored, pace));
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Every bucket with a turn after one, whole, as they stood with a later turn. */
  async tail(after: number, through: number, pace: Pace): Promise<SeriesData> {
    return this.#told(await this.#read(after, through, pace));
  }

  async #at(stored: StoredCycle, pace: Pace): Promise<SeriesData> {
    const { turn } = stored;
    const kept = this.#kept;
    const epoch = this.#request.epoch();
    if (kept?.turn === turn && kept.epoch === epoch) return kept.data;
    // What fails half-way is not gone on from.
    this.#kept = null;
    const goesOn = kept?.turn === turn - 1 && this.#canGoOn(kept, stored) && isReadable(stored);
    const standing = goesOn
      ? await this.#goOn(kept, stored, pace)
      : await this.#read(turn - 1, turn, pace);
    const data = frozen(this.#told(standing));
    if (this.#request.epoch() === epoch && standing.buckets.size === 1) {
      this.#kept = { ...standing, epoch, data };
    }
    return data;
  }

  /** Into a bucket of which nothing is known but that it is empty, or into the one that is kept. */
  #canGoOn(kept: Kept, stored: StoredCycle): boolean {
    if (!isReadable(stored) || kept.epoch !== this.#request.epoch()) return false;
    const { every } = this.#request;
    const { observedAt } = stored.frame;
    if (every === 'turn' || this.#isIn(kept.buckets, observedAt)) return true;
    return bucketStart(bucketOf(observedAt, every), every) > kept.newest;
  }

  #isIn({ starts }: Buckets, observedAt: number): boolean {
    const { every } = this.#request;
    return every !== 'turn' && bucketStart(bucketOf(observedAt, every), every) === starts[0];
  }

  async #goOn(kept: Kept, cycle: Exclude<StoredCycle, Error>, pace: Pace): Promise<Standing> {
    const builder = new ChunkBuilder(1);
    builder.add(cycle);
    const chunk = new WholeChunk(builder.build(), FREE);
    const { every, lines } = this.#request;
    const { observedAt } = cycle.frame;
    const isSame = this.#isIn(kept.buckets, observedAt);
    const buckets = isSame ? kept.buckets : touchedBuckets([observedAt], every);
    const sums = isSame
      ? kept.sums
      : lines.map((line, at) => new LineSum(line, (kept.sums[at] as LineSum).evaluator, buckets));
    await this.#add(chunk, buckets, sums, pace);
    const newest = Math.max(kept.newest, observedAt);
    const plan = { ...FREE, turns: 1, fromKept: true };
    return { ...kept, turn: cycle.turn, newest, buckets, sums, plan };
  }

  async #read(after: number, through: number, pace: Pace): Promise<Standing> {
    const { every, lines, epoch } = this.#request;
    const { chunks, extent } = this.#options;
    const [begun, observed] = [epoch(), await extent.observed()];
    const times = await this.#timesOf(after + 1, through, pace);
    const buckets = touchedBuckets(times, every);
    const sums = lines.map((line) => new LineSum(line, evaluatorOf(line, ''), buckets));
    let first = after + 1;
    if (every !== 'turn' && buckets.size > 0) {
      const { starts, size } = buckets;
      const [from, last] = [numberAt(starts, 0), numberAt(starts, size - 1)];
      const found = await this.#first({ from, to: last + every, beforeTurn: through + 1 });
      first = Math.min(first, found?.turn ?? first);
    }
    let turns = 0;
    let cost = FREE;
    let fromKept = false;
    if (lines.some(comparesTurns)) {
      // The turn before is in no bucket: the first one is held against it.
      const pass = this.#passOf(sums, pace);
      const before = await this.#turnBefore(first);
      for await (const chunk of chunks.chunks(before, first - 1, pace)) await pass.over(chunk);
    }
    for await (const chunk of chunks.chunks(first, through, pace)) {
      await this.#add(chunk, buckets, sums, pace);
      turns += chunk.turns.length;
      cost = sumOf(cost, chunk.cost);
      fromKept ||= isFree(chunk.cost);
    }
    const newest = times.reduce((a, b) => Math.max(a, b), observed?.last ?? -Infinity);
    const plan = { ...cost, turns, fromKept };
    return { epoch: begun, turn: through, newest, buckets, sums, plan };
  }

  /** When turns were observed; those of which nobody knows are left out. */
  async #timesOf(first: number, last: number, pace: Pace): Promise<number[]> {
    const times: number[] = [];
    for await (const { observedAt } of this.#options.chunks.chunks(first, last, pace)) {
      for (const time of observedAt) if (!Number.isNaN(time)) times.push(time);
    }
    return times;
  }

  async #turnBefore(turn: number): Promise<number> {
    const first = this.#first({ afterTurn: turn - 1, beforeTurn: turn + 1 });
    const stored = await unlessAway(first, () => null);
    return stored ? turnBuiltUpon(stored) : turn - 1;
  }

  async #first(range: Omit<CycleRange, 'order' | 'limit'>): Promise<StoredCycle | null> {
    const asked = { ...range, order: 'OLDEST_FIRST', limit: 1 } as const;
    return (await this.#options.cycles.range(asked))[0] ?? null;
  }

  #passOf(sums: readonly LineSum[], pace: Pace): LinePass {
    const evaluators = sums.map(({ evaluator }) => evaluator);
    return new LinePass(evaluators, pace, this.#graphs);
  }

  async #add(
    chunk: TurnChunk,
    buckets: Buckets,
    sums: readonly LineSum[],
    pace: Pace,
  ): Promise<void> {
    await addChunk(sums, chunk, buckets.add(chunk), this.#passOf(sums, pace), pace);
  }

  #told({ buckets, sums, newest, plan }: Standing): SeriesData {
    const { every } = this.#request;
    const { size, starts, counts, firstTurns, lastTurns } = buckets;
    const last = size === 0 ? NaN : numberAt(starts, size - 1) + (every === 'turn' ? 1 : every);
    return {
      every,
      in: null,
      from: size === 0 ? null : numberAt(starts, 0),
      to: size === 0 ? null : last,
      ...{ starts, counts, firstTurns, lastTurns },
      lastIsFinal: every === 'turn' || isFinal(last, newest + 1),
      lines: sums.map((sum) => sum.data()),
      plan,
    };
  }
}
