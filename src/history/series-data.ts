import type { Asset } from '../domain/asset.js';
import type { Cycle } from '../domain/cycle.js';
import type { RateSource } from '../domain/rates/rates.js';
import { AGGREGATES, type Aggregate } from '../domain/series/aggregate.js';
import type { Line } from '../domain/series/line.js';
import type { Moment } from '../domain/series/moment.js';
import type { NullReason } from '../domain/series/null-reasons.js';
import type { Span } from '../domain/series/span.js';
import type { Pace } from '../scheduling/slices.js';
import type { ReadCost } from './turn-chunk.js';

export interface SeriesRequest {
  /** Which lines; or what says it by the newest turn in the range that can be read, null where there is none. */
  readonly lines: readonly Line[] | ((newest: Cycle | null) => readonly Line[]);
  readonly from: Moment;
  readonly to: Moment;
  /** How long a bucket is; null where it is to be chosen. */
  readonly every: Span | 'turn' | null;
  /** How many points the answer has at most. */
  readonly maxPoints: number;
}

/** Neighbouring turns at which a rate was found along the same path. */
export interface PathSpan {
  readonly fromTurn: number;
  readonly toTurn: number;
  readonly source: RateSource;
  /** The symbols of the legs, from base to quote. */
  readonly path: readonly string[];
}

/** Neighbouring turns at which a line has no value for the same reason. */
export interface NullSpan {
  readonly fromTurn: number;
  readonly toTurn: number;
  readonly reason: NullReason;
}

/** A line of an answer; columns are by bucket. */
export interface SeriesLineData {
  readonly line: Line;
  /** NaN where there is none. */
  values(of: Aggregate): Float64Array;
  readonly staleCounts: Float64Array;
  /** How many runs of turns along one path there are; null for what is no rate. */
  readonly pathCount: number | null;
  /** The first of them; none for what is no rate. */
  readonly paths: readonly PathSpan[];
  readonly nullCount: number;
  readonly nulls: readonly NullSpan[];
  /**
   * Where only LAST is worked out at first: has the rest worked out, which is not there before.
   * @throws {SeriesFault} where that is too much
   */
  readonly complete?: (pace: Pace) => Promise<void>;
}

/** What was read for an answer. */
export interface ReadPlan extends ReadCost {
  readonly turns: number;
  /** Whether any of it was at hand. */
  readonly fromKept: boolean;
}

/** Lines over a range, in buckets: every column is by bucket. */
export interface SeriesData {
  readonly every: Span | 'turn';
  /** The asset that prices are in where a line leaves it out; null where none does. */
  readonly in: Asset | null;
  /** The range, widened to whole buckets, milliseconds since 1970; null where no cycle is stored in it. */
  readonly from: number | null;
  readonly to: number | null;
  readonly starts: Float64Array;
  /** How many turns are in each. */
  readonly counts: Float64Array;
  /** By their numbers; NaN where there is none. */
  readonly firstTurns: Float64Array;
  readonly lastTurns: Float64Array;
  /** Whether the last bucket can get no more turns. */
  readonly lastIsFinal: boolean;
  /** By bucket: 1 where it is of backfilled closes, and of no turn; null or left out where none is. */
  readonly isBackfilled?: Uint8Array | null;
  readonly lines: readonly SeriesLineData[];
  readonly plan: ReadPlan;
}

export const SERIES_ORIGINS = ['RECORDED', 'BACKFILLED'] as const;
export type SeriesOrigin = (typeof SERIES_ORIGINS)[number];

/** Where each bucket has its values from; an empty one is as recorded. */
export function originsOf({ starts, isBackfilled }: SeriesData): SeriesOrigin[] {
  return Array.from(starts, (_, at) => (isBackfilled?.[at] === 1 ? 'BACKFILLED' : 'RECORDED'));
}

/** As it is at the moment, whatever is added later. */
export function frozen(data: SeriesData): SeriesData {
  const { starts, counts, firstTurns, lastTurns, lines } = data;
  return {
    ...data,
    starts: starts.slice(),
    counts: counts.slice(),
    firstTurns: firstTurns.slice(),
    lastTurns: lastTurns.slice(),
    lines: lines.map((line): SeriesLineData => {
      const values = new Map<Aggregate, Float64Array>(
        AGGREGATES.map((of) => [of, line.values(of).slice()]),
      );
      return {
        ...line,
        staleCounts: line.staleCounts.slice(),
        values: (of) => values.get(of) as Float64Array,
      };
    }),
  };
}
