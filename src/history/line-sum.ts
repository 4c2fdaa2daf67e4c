import { LineAggregates } from '../domain/series/aggregate.js';
import type { Buckets } from '../domain/series/buckets.js';
import type { LineEvaluator, LineValues, PathCodes } from '../domain/series/evaluation.js';
import type { Line } from '../domain/series/line.js';
import { nullReason } from '../domain/series/null-reasons.js';
import type { Run } from '../domain/series/runs.js';
import type { Pace } from '../scheduling/slices.js';
import type { LinePass } from './line-pass.js';
import { LineRuns, type PackedLineRuns } from './line-runs.js';
import type { PathSpan, SeriesLineData } from './series-data.js';
import type { TurnChunk } from './turn-chunk.js';

/** Adds what lines have at the turns of a chunk. @param places by index: the bucket that the turn is in */
export async function addChunk(
  sums: readonly LineSum[],
  chunk: TurnChunk,
  places: Int32Array,
  pass: LinePass,
  pace: Pace,
): Promise<void> {
  const values = await pass.over(chunk);
  for (const [at, sum] of sums.entries()) {
    sum.add(chunk.turns, places, values[at] as LineValues);
    if (pace.isSpent) await pace.next();
  }
}

/** What a line comes to in some buckets, to be used in another answer. */
export interface LinePart {
  /** See {@link LineAggregates.part}. */
  readonly aggregates: Float64Array;
  readonly runs: PackedLineRuns;
}

/** A line's part of an answer, as it grows chunk by chunk. */
export class LineSum {
  readonly #line: Line;
  readonly #buckets: Buckets;
  readonly #aggregates: LineAggregates;
  readonly #runs: LineRuns;

  constructor(
    line: Line,
    readonly evaluator: LineEvaluator,
    buckets: Buckets,
  ) {
    this.#line = line;
    this.#buckets = buckets;
    this.#aggregates = new LineAggregates(buckets.room);
    this.#runs = new LineRuns(evaluator);
  }

  add(turns: Float64Array, places: Int32Array, line: LineValues): void {
    this.addValues(places, line);
    this.#runs.add(turns, places, line);
  }

  /** The same without the runs, which are given to {@link addRuns}. */
  addValues(places: Int32Array, { values, isStale }: LineValues): void {
    this.#aggregates.add(places, values, isStale);
  }

  addRuns(runs: LineRuns): void {
    this.#runs.append(runs);
  }

  /** What was added of some buckets, by their places. @param runs those of their turns */
  part(from: number, to: number, runs: LineRuns): LinePart {
    return { aggregates: this.#aggregates.part(from, to), runs: runs.packed() };
  }

  /** Takes over buckets of which nothing was added. @param from the place of the first one */
  take(from: number, { aggregates, runs }: LinePart): void {
    this.#aggregates.put(from, aggregates);
    this.#runs.unpack(runs);
  }

  data(): SeriesLineData {
    const { size } = this.#buckets;
    const { nulls, paths } = this.#runs;
    const codes = this.evaluator.paths;
    return {
      line: this.#line,
      values: (of) => this.#aggregates.values(of, size),
      staleCounts: this.#aggregates.staleCounts.subarray(0, size),
      pathCount: paths?.count ?? null,
      paths: !paths || !codes ? [] : paths.list.map((run) => pathSpan(run, codes)),
      nullCount: nulls.count,
      nulls: nulls.list.map(({ fromTurn, toTurn, code }) => {
        return { fromTurn, toTurn, reason: nullReason(code) };
      }),
    };
  }
}

function pathSpan({ fromTurn, toTurn, code }: Run, codes: PathCodes): PathSpan {
  const { source, symbols } = codes.pathOf(code);
  return { fromTurn, toTurn, source, path: symbols };
}
