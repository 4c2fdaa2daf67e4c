import type { Universe } from '../domain/asset.js';
import { PairGraphs } from '../domain/rates/pair-graph.js';
import { SpanBuckets, type Buckets } from '../domain/series/buckets.js';
import type { LineValues } from '../domain/series/evaluation.js';
import { comparesTurns, type Line } from '../domain/series/line.js';
import type { Pace } from '../scheduling/slices.js';
import { placeOfTurn, placesFrom } from './chunk-places.js';
import { LinePass } from './line-pass.js';
import type { LineSum } from './line-sum.js';
import { segmentsOf, type Segment } from './segments.js';
import { KnownAssets } from './series-checks.js';
import type { ReadPlan } from './series-data.js';
import { turnBuiltUpon, type StoredCycle } from './stored-cycle.js';
import type { StretchReading } from './stretch-reading.js';
import { FREE, isFree, sumOf, type ReadCost, type TurnChunks } from './turn-chunk.js';

export interface SeriesPassOptions {
  readonly chunks: TurnChunks;
  readonly lines: readonly Line[];
  /** By line. */
  readonly sums: readonly LineSum[];
  readonly buckets: Buckets;
  /** Assets that are known beside those of the turns. */
  readonly known: Universe;
  /** What is kept of the buckets; null where nothing is. */
  readonly stretches: StretchReading | null;
  readonly pace: Pace;
}

/** Has the lines of an answer go through its turns, once: those of which nothing is kept are read. */
export class SeriesPass {
  readonly #options: SeriesPassOptions;
  readonly #graphs = new PairGraphs();
  readonly #known = new KnownAssets();
  #turns = 0;
  #cost: ReadCost = FREE;
  #fromKept = false;

  constructor(options: SeriesPassOptions) {
    this.#options = options;
    this.#known.addUniverse(options.known);
  }

  /** @throws {SeriesFault} where a line is of an asset that none of the turns has */
  async over(first: StoredCycle, last: StoredCycle): Promise<ReadPlan> {
    const { lines, stretches, pace } = this.#options;
    const turns = { first: first.turn, last: last.turn };
    const found = (await stretches?.found(turns, pace)) ?? [];
    let before: Segment | null = null;
    for (const segment of segmentsOf(turns, found, lines.length)) {
      await this.#take(segment);
      const from = this.#beginOf(segment, before, first);
      if (segment.missing.length > 0 || segment.found.length === 0) await this.#read(segment, from);
      before = segment;
      if (pace.isSpent) await pace.next();
    }
    this.#known.check(lines);
    stretches?.keep();
    return { ...this.#cost, turns: this.#turns, fromKept: this.#fromKept };
  }

  /**
   * Of a range without turns.
   * @throws {SeriesFault} as {@link over} does
   */
  ofNothing(): ReadPlan {
    this.#known.check(this.#options.lines);
    return { ...FREE, turns: 0, fromKept: false };
  }

  /** What is kept. */
  async #take({ found, missing }: Segment): Promise<void> {
    const { sums, buckets, pace } = this.#options;
    if (!(buckets instanceof SpanBuckets)) return;
    for (const { turns, parts } of found) {
      const place = turns.firstBucket - buckets.first;
      parts.forEach((part, line) => part && sums[line]?.take(place, part));
      if (missing.length === 0) {
        buckets.put(place, turns.buckets);
        for (const universe of turns.universes) this.#known.addUniverse(universe);
      }
      this.#fromKept = true;
      if (pace.isSpent) await pace.next();
    }
  }

  /** The first turn of a segment may be held against one before, which is in no bucket there. */
  #beginOf({ first, missing }: Segment, before: Segment | null, begin: StoredCycle): number {
    const isNew = (line: number) => before?.missing.includes(line) !== true;
    const { lines } = this.#options;
    const isToBeCompared = missing.some(
      (line) => isNew(line) && comparesTurns(lines[line] as Line),
    );
    if (!isToBeCompared) return first;
    return before ? (before.found.at(-1)?.turns.lastReadable ?? first) : turnBuiltUpon(begin);
  }

  /** @param from the turn to begin with */
  async #read(segment: Segment, from: number): Promise<void> {
    const { chunks, sums, buckets, stretches, pace } = this.#options;
    const own = segment.missing.map((line) => sums[line] as LineSum);
    const pass = new LinePass(
      own.map(({ evaluator }) => evaluator),
      pace,
      this.#graphs,
    );
    for await (const chunk of chunks.chunks(from, segment.last, pace)) {
      // Those before are there to be compared with, and may be all that a chunk has.
      const start = placeOfTurn(chunk.turns, segment.first);
      const places = placesFrom(buckets, chunk, start);
      this.#known.add(chunk, places);
      const values = await pass.over(chunk);
      for (const [at, sum] of own.entries()) {
        if (stretches) sum.addValues(places, values[at] as LineValues);
        else sum.add(chunk.turns, places, values[at] as LineValues);
        if (pace.isSpent) await pace.next();
      }
      stretches?.add(segment, chunk, start, places, values);
      this.#turns += chunk.turns.length;
      this.#cost = sumOf(this.#cost, chunk.cost);
      this.#fromKept ||= isFree(chunk.cost);
    }
    stretches?.end(segment);
  }
}
