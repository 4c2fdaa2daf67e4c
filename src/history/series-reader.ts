import type { Asset, Universe } from '../domain/asset.js';
import type { Cycle } from '../domain/cycle.js';
import { isFinal, SpanBuckets, TurnPoints, type Buckets } from '../domain/series/buckets.js';
import { isFault } from '../domain/series/fault.js';
import { evaluatorOf, isWindowLine, numeraireOf, type Line } from '../domain/series/line.js';
import type { Extent } from '../domain/series/moment.js';
import {
  chooseEvery,
  chooseMinutes,
  faultOfEvery,
  faultOfMaxPoints,
  rangeBetween,
  widened,
  type TimeRange,
} from '../domain/series/range.js';
import type { Span } from '../domain/series/span.js';
import type { Pace } from '../scheduling/slices.js';
import type { BackfillLayer, Layer } from './backfill/backfill-layer.js';
import { showsMinutes } from './backfill/shows-minutes.js';
import { BackfilledSums } from './backfill/backfilled-sums.js';
import type { CycleStore } from './cycle-store.js';
import type { KeptMark, KeptStretches } from './kept-stretches.js';
import { lastReadable } from './last-readable.js';
import { LineSum } from './line-sum.js';
import { LiveSeries, type LiveRequest } from './live-series.js';
import { excessOf, fittingPart, MOST_READS } from './series-checks.js';
import type { SeriesData, SeriesRequest } from './series-data.js';
import { SeriesFault } from './series-fault.js';
import { pastDamage } from './past-damage.js';
import { SeriesPass } from './series-pass.js';
import { isReadable, type StoredCycle } from './stored-cycle.js';
import { StretchReading } from './stretch-reading.js';
import { extentOf, type TimeExtent } from './time-extent.js';
import type { TurnChunks } from './turn-chunk.js';
import { WindowSeries } from './window-series.js';

export interface SeriesReaderOptions {
  readonly cycles: Pick<CycleStore, 'range'>;
  readonly chunks: TurnChunks;
  readonly extent: TimeExtent;
  /** The clock: what `now` means where nothing is stored, milliseconds since 1970. */
  readonly clock: () => number;
  /** What earlier answers have worked out; left out, nothing is kept. */
  readonly kept?: KeptStretches | null;
  /** What is shown where nothing was recorded; left out, nothing is. */
  readonly backfill?: BackfillLayer;
  /** How many prices one answer reads at most: turns times pairs. */
  readonly mostReads?: number;
}

/** The turns of a range; null where there is none. */
type Ends = { readonly first: StoredCycle; readonly last: StoredCycle } | null;

/** What is to be read. */
interface Plan {
  readonly every: Span | 'turn';
  readonly range: TimeRange;
  readonly ends: Ends;
  readonly lines: readonly Line[];
  readonly numeraire: Asset | null;
  /** What there is for the lines where nothing was recorded; null for nothing in the range. */
  readonly layer: Layer | null;
}

/** A plan on its way to an answer. */
interface Answer extends Plan {
  readonly extent: Extent;
  readonly mark: KeptMark | null;
  readonly buckets: Buckets;
}

type ReadLines = Pick<SeriesData, 'lines' | 'plan' | 'isBackfilled'>;

/** Reads lines over a range of time, all in one pass over the stored turns. */
export class SeriesReader {
  readonly #options: SeriesReaderOptions;

  constructor(options: SeriesReaderOptions) {
    this.#options = options;
  }

  /** @throws {SeriesFault} */
  read(request: SeriesRequest, pace: Pace): Promise<SeriesData> {
    return pastDamage(() => this.#read(request, pace));
  }

  async #read(request: SeriesRequest, pace: Pace): Promise<SeriesData> {
    const extent = await extentOf(this.#options.extent, this.#options.clock);
    const mark = this.#options.kept?.begin(extent.now) ?? null;
    const plan = await this.#plan(request, extent);
    const { every, range, ends, lines, numeraire } = plan;
    const isAny = ends !== null || plan.layer !== null;
    const room = ends ? ends.last.turn - ends.first.turn + 1 : 0;
    const buckets = every === 'turn' ? new TurnPoints(range, room) : new SpanBuckets(range, every);
    const read = await this.#readLines({ ...plan, buckets, extent, mark }, request.maxPoints, pace);
    const { starts, counts, firstTurns, lastTurns } = buckets;
    return {
      every,
      in: pricedIn(lines, numeraire),
      from: isAny ? range.from : null,
      to: isAny ? range.to : null,
      ...{ starts, counts, firstTurns, lastTurns },
      lastIsFinal: every === 'turn' || isFinal(range.to, extent.now),
      ...read,
    };
  }

  async #readLines(answer: Answer, maxPoints: number, pace: Pace): Promise<ReadLines> {
    const { ends, buckets } = answer;
    const lines = answer.lines.filter((line) => !isWindowLine(line));
    const windows = answer.lines.filter(isWindowLine);
    if (windows.length > 0 && lines.length > 0)
      throw new Error('lines of turns are another answer');
    if (windows.length > 0) {
      const numeraire = windows[0]?.in ?? answer.numeraire ?? '';
      const request = { ...answer, lines: windows, numeraire, maxPoints };
      return new WindowSeries(this.#options, request, pace).read();
    }
    if (ends) await this.#checkCost(answer, ends, maxPoints);
    const sums = lines.map((line) => {
      return new LineSum(line, evaluatorOf(line, answer.numeraire ?? ''), buckets);
    });
    const { chunks } = this.#options;
    const stretches = this.#stretches(answer, sums);
    const known: Universe = answer.layer?.assets ?? [];
    const pass = new SeriesPass({ chunks, lines, sums, buckets, known, stretches, pace });
    const cost = ends ? await pass.over(ends.first, ends.last) : pass.ofNothing();
    const isBackfilled = await this.#addBackfilled(answer, sums, pace);
    return { lines: sums.map((sum) => sum.data()), plan: cost, isBackfilled };
  }

  /** Null where there is nothing to add. */
  async #addBackfilled(
    { layer, every, lines, buckets, range }: Answer,
    sums: readonly LineSum[],
    pace: Pace,
  ): Promise<Uint8Array | null> {
    const { backfill, mostReads: most = MOST_READS } = this.#options;
    if (!backfill || !layer || every === 'turn' || !(buckets instanceof SpanBuckets)) return null;
    const { store } = backfill;
    const asked = { layer, store, lines, sums, buckets, every, range, most, pace };
    return new BackfilledSums(asked).add();
  }

  /** What is kept of the buckets; null where nothing is. */
  #stretches(answer: Answer, sums: readonly LineSum[]): StretchReading | null {
    const { kept } = this.#options;
    const { every, range, lines, numeraire, extent, mark, buckets } = answer;
    if (!kept || !mark || every === 'turn' || !(buckets instanceof SpanBuckets)) return null;
    const asked = { lines, numeraire: numeraire ?? '', every, range, extent };
    return new StretchReading({ ...asked, kept, mark, buckets, sums });
  }

  /** Cells as they grow turn by turn. */
  live(request: LiveRequest): LiveSeries {
    const { cycles, chunks, extent, mostReads = MOST_READS } = this.#options;
    return new LiveSeries({ cycles, chunks, extent, mostReads }, request);
  }

  /** @throws {SeriesFault} where an answer reads too many prices, with a part that fits */
  async #checkCost(plan: Plan, ends: NonNullable<Ends>, maxPoints: number): Promise<void> {
    const { lines, numeraire, range, every } = plan;
    const excess = excessOf(lines, numeraire, ends, this.#options.mostReads ?? MOST_READS);
    if (excess === null) return;
    const afterTurn = ends.last.turn - excess.fittingTurns;
    const asked = { ...range, afterTurn, order: 'OLDEST_FIRST', limit: 1 } as const;
    const [first] = await this.#options.cycles.range(asked);
    if (!first || !isReadable(first)) {
      throw new SeriesFault('from', 'take a shorter range', excess.limit);
    }
    const density = densityOf({ first, last: ends.last });
    const way = fittingPart(range, every, first.frame.observedAt, (part) =>
      chooseEvery(part, density, maxPoints),
    );
    throw new SeriesFault('from', way, excess.limit);
  }

  async #plan(request: SeriesRequest, extent: Extent): Promise<Plan> {
    const { from, to, maxPoints } = request;
    const ofPoints = faultOfMaxPoints(maxPoints);
    if (ofPoints) throw new SeriesFault('maxPoints', ofPoints.words);
    const layer = await this.#layerFor(request.lines);
    const asked = rangeBetween(from, to, extent, layer);
    if (isFault(asked)) throw new SeriesFault('from', asked.words);
    const within = await this.#ends(asked);
    const density = densityOf(within);
    const choose =
      layer && showsMinutes(layer, asked, within, density) ? chooseMinutes : chooseEvery;
    const every = request.every ?? choose(asked, density, maxPoints);
    const fault = faultOfEvery(every, asked, density, maxPoints);
    if (fault) throw new SeriesFault('every', fault.words);
    const range = widened(asked, every);
    const isWider = range.from < asked.from || range.to > asked.to;
    const ends = isWider ? await this.#ends(range) : within;
    const newest = ends && (await this.#newestReadable(ends.last, range));
    const lines = typeof request.lines === 'function' ? request.lines(newest) : request.lines;
    const numeraire = newest && newest.config.quantBase;
    const isInRange = layer !== null && layer.from < range.to && layer.to > range.from;
    return { every, range, ends, lines, numeraire, layer: isInRange ? layer : null };
  }

  async #layerFor(lines: SeriesRequest['lines']): Promise<Layer | null> {
    if (typeof lines === 'function') return null;
    return (await this.#options.backfill?.for(lines)) ?? null;
  }

  /** The clock may go back: ends are by turn, not by time. */
  async #ends({ from, to }: TimeRange): Promise<Ends> {
    if (from === to) return null;
    const { cycles } = this.#options;
    const [[first], [last]] = await Promise.all([
      cycles.range({ from, to, order: 'OLDEST_FIRST', limit: 1 }),
      cycles.range({ from, to, order: 'NEWEST_FIRST', limit: 1 }),
    ]);
    return first && last ? { first, last } : null;
  }

  /** Prices and balances go by it. */
  async #newestReadable(last: StoredCycle, range: TimeRange): Promise<Cycle | null> {
    return isReadable(last) ? last : lastReadable(this.#options.cycles, range);
  }
}

/** What prices of an answer are in: its lines agree on that. Null where there are none. */
function pricedIn(lines: readonly Line[], numeraire: Asset | null): Asset | null {
  const priced = lines.find((line) => numeraireOf(line) !== undefined);
  return priced ? (numeraireOf(priced) ?? numeraire) : null;
}

/** How dense the turns of a range are: by the newest one's interval, else by what lies between them. */
function densityOf(ends: Ends): { readonly turns: number; readonly intervalMs: number } {
  if (ends === null) return { turns: 0, intervalMs: NaN };
  const { first, last } = ends;
  const turns = last.turn - first.turn + 1;
  if (!isReadable(last)) return { turns, intervalMs: NaN };
  if (last.intervalMs !== null || !isReadable(first)) {
    return { turns, intervalMs: last.intervalMs ?? NaN };
  }
  const between = last.frame.observedAt - first.frame.observedAt;
  return { turns, intervalMs: between / (turns - 1) };
}
