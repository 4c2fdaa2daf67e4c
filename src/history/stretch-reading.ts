import { isFinal, type SpanBuckets } from '../domain/series/buckets.js';
import type { LineValues } from '../domain/series/evaluation.js';
import { comparesTurns, type Line } from '../domain/series/line.js';
import type { Extent } from '../domain/series/moment.js';
import type { TimeRange } from '../domain/series/range.js';
import type { Span } from '../domain/series/span.js';
import { Stretches, StretchVisits, type Visit } from '../domain/series/stretch.js';
import type { Pace } from '../scheduling/slices.js';
import {
  bytesOf,
  keptKey,
  type KeptLine,
  type KeptMark,
  type KeptStretches,
  type StretchTurns,
} from './kept-stretches.js';
import { LineRuns } from './line-runs.js';
import type { LineSum } from './line-sum.js';
import type { FoundStretch, Segment } from './segments.js';
import type { TurnChunk } from './turn-chunk.js';

export interface StretchReadingOptions {
  readonly kept: KeptStretches;
  readonly mark: KeptMark;
  readonly lines: readonly Line[];
  readonly numeraire: string;
  readonly every: Span;
  readonly range: TimeRange;
  readonly extent: Extent;
  readonly buckets: SpanBuckets;
  /** By line. */
  readonly sums: readonly LineSum[];
}

/** Turns of a stretch as they are read, and the runs of those lines that they are read for. */
interface OpenVisit {
  readonly visit: Visit;
  readonly missing: readonly number[];
  readonly runs: readonly LineRuns[];
}

/** What may be kept once all is read. */
interface Candidate {
  readonly visit: Visit;
  readonly key: string;
  readonly line: KeptLine;
}

/** An answer's stretches: those of which something is kept, and those that are to be kept from it. */
export class StretchReading {
  readonly #options: StretchReadingOptions;
  readonly #stretches: Stretches;
  readonly #visits: StretchVisits;
  /** By line. */
  readonly #keys: readonly string[];
  #open: OpenVisit | null = null;
  #candidates: Candidate[] = [];
  #bytes = 0;

  constructor(options: StretchReadingOptions) {
    const { lines, numeraire, every } = options;
    this.#options = options;
    this.#stretches = new Stretches(every);
    this.#visits = new StretchVisits(this.#stretches);
    this.#keys = lines.map((line) => keptKey(line, numeraire, every));
  }

  /** The stretches all turns of which are among some, and of which something is kept. */
  async found(
    { first, last }: { readonly first: number; readonly last: number },
    pace: Pace,
  ): Promise<FoundStretch[]> {
    const { kept, range, lines, buckets } = this.#options;
    if (lines.length === 0 || range.from === range.to) return [];
    const found: FoundStretch[] = [];
    const end = this.#stretches.of(range.to - 1);
    for (let stretch = this.#stretches.of(range.from); stretch <= end; stretch++) {
      if (pace.isSpent) await pace.next();
      const own = this.#keys.map((key) => kept.find(`${key} ${stretch}`));
      const turns = own.find((line) => line !== null)?.turns;
      if (!turns) continue;
      const place = turns.firstBucket - buckets.first;
      const isIn = place >= 0 && place + turns.buckets.counts.length <= buckets.size;
      if (!isIn || turns.firstTurn < first || turns.lastTurn > last) continue;
      found.push({ turns, parts: own.map((line) => line?.part ?? null) });
    }
    return found;
  }

  /**
   * Adds the runs of a chunk's turns from an index on.
   * @param values by place among the lines that are read
   */
  add(
    { missing }: Segment,
    chunk: TurnChunk,
    from: number,
    places: Int32Array,
    values: readonly LineValues[],
  ): void {
    for (const { visit, start, end } of this.#visits.follow(chunk, from)) {
      if (this.#open?.visit !== visit) this.#begin(visit, missing);
      const [turns, own] = [chunk.turns.subarray(start, end), places.subarray(start, end)];
      this.#open?.runs.forEach((runs, at) => {
        const { nulls, paths } = values[at] as LineValues;
        const part = {
          nulls: nulls.subarray(start, end),
          paths: paths?.subarray(start, end) ?? null,
        };
        runs.add(turns, own, part);
      });
    }
  }

  /** All turns of a segment were added. */
  end({ last }: Segment): void {
    this.#close(last);
    this.#visits.interrupt();
  }

  /** Has what was read kept: all of it was read, and nothing was wrong with it. */
  keep(): void {
    const { kept, mark } = this.#options;
    for (const { visit, key, line } of this.#candidates) {
      if (!visit.isApart) kept.keep(mark, key, line);
    }
    this.#candidates = [];
  }

  #begin(visit: Visit, missing: readonly number[]): void {
    this.#close(visit.firstTurn - 1);
    const runs = missing.map((line) => new LineRuns(this.#sumOf(line).evaluator));
    this.#open = { visit, missing, runs };
  }

  /** @param through up to here no turn follows that was observed in another stretch */
  #close(through: number): void {
    const open = this.#open;
    if (!open) return;
    this.#open = null;
    const { visit, missing, runs } = open;
    missing.forEach((line, at) => this.#sumOf(line).addRuns(runs[at] as LineRuns));
    if (this.#isWhole(visit)) this.#offer(open, through);
  }

  /** Whether these are all turns of the stretch that there are, and will be. */
  #isWhole({ from, to, isApart }: Visit): boolean {
    const { range, extent } = this.#options;
    const isFromItsBegin = from >= range.from || range.from <= extent.start;
    return !isApart && isFromItsBegin && to <= range.to && isFinal(to, extent.now);
  }

  #offer({ visit, missing, runs }: OpenVisit, through: number): void {
    const { lines, kept } = this.#options;
    const [from, to] = this.#options.buckets.touched(visit);
    const turns = this.#turnsOf(visit, through, from, to);
    missing.forEach((line, at) => {
      // What a first turn that cannot be read was built upon depends on where an answer begins.
      if (comparesTurns(lines[line] as Line) && !visit.isFirstReadable) return;
      const part = this.#sumOf(line).part(from, to, runs[at] as LineRuns);
      const candidate = {
        visit,
        key: `${this.#keys[line]} ${visit.stretch}`,
        line: { turns, part },
      };
      this.#bytes += bytesOf(candidate.line);
      if (this.#bytes <= kept.room) this.#candidates.push(candidate);
    });
  }

  #turnsOf(visit: Visit, through: number, from: number, to: number): StretchTurns {
    const { buckets, kept } = this.#options;
    return {
      ...{ from: visit.from, to: visit.to, through },
      firstBucket: buckets.first + from,
      buckets: buckets.part(from, to),
      firstTurn: visit.firstTurn,
      lastTurn: visit.lastTurn,
      lastReadable: visit.lastReadable,
      universes: [...new Set([...visit.universes].map((each) => kept.universes.of(each)))],
    };
  }

  #sumOf(line: number): LineSum {
    return this.#options.sums[line] as LineSum;
  }
}
