import { LineAggregates } from '../domain/series/aggregate.js';
import type { Buckets } from '../domain/series/buckets.js';
import type { LineEvaluator, LineValues, PathCodes } from '../domain/series/evaluation.js';
import type { Line } from '../domain/series/line.js';
import { nullReason } from '../domain/series/null-reasons.js';
import { Runs } from '../domain/series/runs.js';
import type { Pace } from '../scheduling/slices.js';
import type { LinePass } from './line-pass.js';
import type { SeriesLineData } from './series-data.js';
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

/** A line's part of an answer, as it grows chunk by chunk. */
export class LineSum {
  readonly #line: Line;
  readonly #buckets: Buckets;
  readonly #aggregates: LineAggregates;
  readonly #nulls = new Runs();
  readonly #paths: Runs | null;

  constructor(
    line: Line,
    readonly evaluator: LineEvaluator,
    buckets: Buckets,
  ) {
    this.#line = line;
    this.#buckets = buckets;
    this.#aggregates = new LineAggregates(buckets.room);
    this.#paths = evaluator.paths ? new Runs() : null;
  }

  add(turns: Float64Array, places: Int32Array, line: LineValues): void {
    const { values, isStale, nulls, paths } = line;
    this.#aggregates.add(places, values, isStale);
    this.#nulls.add(turns, places, nulls);
    if (paths) this.#paths?.add(turns, places, paths);
  }

  data(): SeriesLineData {
    const { size } = this.#buckets;
    return {
      line: this.#line,
      values: (of) => this.#aggregates.values(of, size),
      staleCounts: this.#aggregates.staleCounts.subarray(0, size),
      pathCount: this.#paths?.count ?? null,
      paths: (this.#paths?.list ?? []).map(({ fromTurn, toTurn, code }) => {
        const { source, symbols } = (this.evaluator.paths as PathCodes).pathOf(code);
        return { fromTurn, toTurn, source, path: symbols };
      }),
      nullCount: this.#nulls.count,
      nulls: this.#nulls.list.map(({ fromTurn, toTurn, code }) => {
        return { fromTurn, toTurn, reason: nullReason(code) };
      }),
    };
  }
}
