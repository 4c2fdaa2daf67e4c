import type { Asset } from '../domain/asset.js';
import type { Buckets } from '../domain/series/buckets.js';
import { NOWHERE, SpanBuckets } from '../domain/series/buckets.js';
import {
  evaluatorOf,
  figureOfLine,
  lengthOfWindow,
  priceLine,
  type WindowLength,
  type WindowLine,
} from '../domain/series/line.js';
import { chooseEvery, type TimeRange } from '../domain/series/range.js';
import { bucketOf, bucketStart, formatSpan, type Span } from '../domain/series/span.js';
import { BYTES_OF_A_PRICE, WindowCourse } from '../domain/window/window-course.js';
import { assetsOfFigures } from '../domain/window/window-figures.js';
import { FEWEST_RETURNS } from '../domain/window/window-matrix.js';
import type { Pace } from '../scheduling/slices.js';
import type { CycleStore } from './cycle-store.js';
import { LinePass } from './line-pass.js';
import { SeenTurns } from './seen-turns.js';
import { fittingPart, KnownAssets, MOST_READS, pairsRead } from './series-checks.js';
import type { ReadPlan, SeriesLineData } from './series-data.js';
import { SeriesFault, type ExceededLimit } from './series-fault.js';
import { isReadable, type StoredCycle } from './stored-cycle.js';
import { FREE, isFree, sumOf, type ReadCost, type TurnChunks } from './turn-chunk.js';
import { WindowAnswer } from './window-answer.js';
import { MOST_BYTES, WindowWork } from './window-work.js';

/** What a bucket takes beside its prices. */
const BYTES_OF_A_BUCKET = 40;
/** Where a range has to be shorter, its buckets are not to be turns. */
const COARSE = { turns: Infinity, intervalMs: NaN };

export interface WindowSeriesOptions {
  readonly cycles: Pick<CycleStore, 'range'>;
  readonly chunks: TurnChunks;
  /** How many prices one answer reads at most: turns times pairs. */
  readonly mostReads?: number;
  /** How many returns its windows are made of at most. */
  readonly mostReturns?: number;
}

/** The turns of a range. */
interface Ends {
  readonly first: StoredCycle;
  readonly last: StoredCycle;
}

/** Lines over one window. */
export interface WindowSeriesRequest {
  readonly lines: readonly WindowLine[];
  readonly numeraire: Asset;
  readonly every: Span | 'turn';
  readonly range: TimeRange;
  /** Null where the range has no turn. */
  readonly ends: Ends | null;
  readonly maxPoints: number;
  /** The points of the answer. */
  readonly buckets: Buckets;
}

interface WindowSeriesData {
  readonly lines: readonly SeriesLineData[];
  readonly plan: ReadPlan;
}

/** Which buckets an answer is made of: from the one before the first return on. */
interface Reach extends WindowLength {
  readonly first: number;
  readonly count: number;
  /** How many of them are before those that turns of the answer are in. */
  readonly before: number;
}

/**
 * Reads lines over a window: each turn sees what its cycle says. Their prices are read in one pass, from the
 * bucket before the first return on; windows are worked out as they are asked for. Nothing is kept of them: what
 * takes long is the reading of turns, which other answers leave in memory too.
 */
export class WindowSeries {
  readonly #options: WindowSeriesOptions;
  readonly #request: WindowSeriesRequest;
  readonly #reach: Reach;
  readonly #assets: readonly Asset[];
  readonly #pace: Pace;

  constructor(options: WindowSeriesOptions, request: WindowSeriesRequest, pace: Pace) {
    this.#options = options;
    this.#request = request;
    this.#pace = pace;
    this.#reach = reachOf(lengthOfAll(request.lines), request.range);
    this.#assets = assetsOfFigures(request.lines.map(figureOfLine));
  }

  /** @throws {SeriesFault} where too much would be read or worked out, with what fits */
  async read(): Promise<WindowSeriesData> {
    const { lines, numeraire, range, ends, maxPoints, buckets } = this.#request;
    const { every: step, first, count } = this.#reach;
    this.#checkMemory();
    const course = new WindowCourse(this.#assets.length, count, (bytes) => {
      if (bytes > MOST_BYTES) throw this.#tooMuchMemory(bytes, NOWHERE);
    });
    const seen = new SeenTurns();
    const plan = ends
      ? await this.#pass(ends, course, seen)
      : { ...FREE, turns: 0, fromKept: false };
    const window = { every: step, length: this.#reach.length, lag: this.#reach.lag };
    const answer = new WindowAnswer({
      ...{ lines, numeraire, window, seen, course, buckets },
      work: new WindowWork(this.#assets, lines, window, course),
      returnsOfWindow: WindowWork.returnsOf(this.#assets.length, lines.length, window),
      mostReturns: this.#options.mostReturns,
      fitting: {
        every: (points) => formatSpan(chooseEvery(range, COARSE, Math.min(points, maxPoints))),
        part: (open) => this.#fittingPart(bucketStart(first + open, step)),
      },
    });
    await answer.workOutLast(this.#pace);
    return { lines: answer.lines(), plan };
  }

  async #pass(ends: Ends, course: WindowCourse, seen: SeenTurns): Promise<ReadPlan> {
    const { lines, numeraire, range, buckets } = this.#request;
    const { every, first, count } = this.#reach;
    const beginning = { from: bucketStart(first, every), to: range.to } as const;
    const [begin = ends.first] = await this.#options.cycles.range({
      ...beginning,
      order: 'OLDEST_FIRST',
      limit: 1,
    });
    await this.#checkReads(begin, ends);
    const reach = { from: bucketStart(first, every), to: bucketStart(first + count, every) };
    const within = new SpanBuckets(reach, every);
    const evaluators = this.#assets.map((asset) =>
      evaluatorOf(priceLine(asset, numeraire), numeraire),
    );
    const pass = new LinePass(evaluators, this.#pace);
    const known = new KnownAssets();
    let [turns, cost, fromKept]: [number, ReadCost, boolean] = [0, FREE, false];
    const chunks = this.#options.chunks.chunks(begin.turn, ends.last.turn, this.#pace);
    for await (const chunk of chunks) {
      const windows = course.add(within.add(chunk), await pass.over(chunk));
      const places = buckets.add(chunk);
      known.add(chunk, places);
      seen.add(chunk, places, windows);
      turns += chunk.turns.length;
      cost = sumOf(cost, chunk.cost);
      fromKept ||= isFree(chunk.cost);
      if (this.#pace.isSpent) await this.#pace.next();
    }
    known.check(lines);
    return { ...cost, turns, fromKept };
  }

  #checkMemory(): void {
    const { count, before } = this.#reach;
    const ofBucket = this.#assets.length * BYTES_OF_A_PRICE + BYTES_OF_A_BUCKET;
    if (count * ofBucket <= MOST_BYTES) return;
    const fitting = Math.floor(MOST_BYTES / ofBucket) - before;
    throw this.#tooMuchMemory(count * ofBucket, count - fitting);
  }

  /** @param open the first bucket that turns of an answer may be in; {@link NOWHERE} where nobody knows */
  #tooMuchMemory(found: number, open: number): SeriesFault {
    const limit = { name: 'bytes of prices', allowed: MOST_BYTES, found };
    if (open === NOWHERE) return new SeriesFault('from', 'take a shorter range', limit);
    const { first, every } = this.#reach;
    const way = this.#fittingPart(bucketStart(first + open, every));
    return new SeriesFault('from', way, limit);
  }

  async #checkReads(begin: StoredCycle, ends: Ends): Promise<void> {
    const { mostReads = MOST_READS } = this.#options;
    const { lines, numeraire, range } = this.#request;
    const pairs = pairsRead(lines, numeraire, ends);
    const found = (ends.last.turn - begin.turn + 1) * pairs;
    if (found <= mostReads) return;
    const limit = { name: 'prices read', allowed: mostReads, found };
    const afterTurn = ends.last.turn - Math.floor(mostReads / pairs);
    const within = { afterTurn, to: range.to, order: 'OLDEST_FIRST', limit: 1 } as const;
    const [since] = await this.#options.cycles.range(within);
    if (!since || !isReadable(since)) throw new SeriesFault('from', 'take a shorter range', limit);
    throw this.#tooManyReads(limit, since.frame.observedAt);
  }

  /** @param since observedAt of the first turn that may be read */
  #tooManyReads(limit: ExceededLimit, since: number): SeriesFault {
    const { range } = this.#request;
    const { every, before, first, lag } = this.#reach;
    const whole = bucketOf(since - 1, every) + 1;
    const from = bucketStart(whole + before, every);
    if (from < range.to) return new SeriesFault('from', this.#fittingPart(from), limit);
    // Seen from the first turns of the range.
    const length = first + before - whole - lag - 1;
    if (length < FEWEST_RETURNS) {
      return new SeriesFault('over', 'take a shorter one, and a shorter range', limit);
    }
    return new SeriesFault('over', `${formatSpan(length * every)} fits`, limit);
  }

  #fittingPart(since: number): string {
    const { range, every, maxPoints } = this.#request;
    return fittingPart(range, every, since, (part) => chooseEvery(part, COARSE, maxPoints));
  }
}

/** Lines of one answer are over one window. */
function lengthOfAll(lines: readonly WindowLine[]): WindowLength {
  const windows = new Map(
    lines.map((line) => [JSON.stringify([line.in, lengthOfWindow(line)]), line]),
  );
  const [line, other] = windows.values();
  if (!line || other) throw new Error('lines over several windows are several answers');
  return lengthOfWindow(line);
}

function reachOf(window: WindowLength, range: TimeRange): Reach {
  const { every, length, lag } = window;
  // The first return looks at the bucket before it.
  const before = length + lag + 1;
  const first = bucketOf(range.from, every) - before;
  return { ...window, first, before, count: bucketOf(range.to - 1, every) - first + 1 };
}
