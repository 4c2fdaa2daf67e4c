import type { Pair } from '../asset.js';
import type { Cycle } from '../cycle.js';
import type { FrameFigures } from '../frame-figures.js';
import type { RateSource } from '../rates/rates.js';
import type { TurnColumns } from './frame-columns.js';
import type { LoadedPairs } from './loaded-pairs.js';
import type { NullCodes } from './null-reasons.js';

/** Some turns, and which pairs any of their frames has, ordered by symbol. */
export interface ChunkHead extends TurnColumns {
  readonly listed: readonly Pair[];
}

/** What of a stored cycle beside its frame a line can be made of. */
export type LineRecord = Pick<Cycle, 'aux' | 'quants' | 'holdings'>;

/** How a rate was found: its source, and the symbols along its path. */
export interface RatePath {
  readonly source: RateSource;
  readonly symbols: readonly string[];
}

/** The paths along which a rate is found, by codes that are the same in every chunk. */
export interface PathCodes {
  pathOf(code: number): RatePath;
  codeOf(path: RatePath): number;
}

/** A line at each of some turns, by index. */
export interface LineValues {
  /** NaN where there is none; never infinite. */
  readonly values: Float64Array;
  /** 1 where what it is made of has a price that is stale; it counts only where there is a value. */
  readonly isStale: Uint8Array;
  readonly nulls: NullCodes;
  /** Codes of the paths in use, by {@link LineEvaluator.paths}; null for what has none. */
  readonly paths: Int32Array | null;
}

/** Evaluates a line chunk by chunk, oldest first. */
export interface LineEvaluator {
  /** Whether it is made of what stored cycles have beside their frames. */
  readonly isOfRecords: boolean;
  /** The paths of a rate; null for what is none. */
  readonly paths: PathCodes | null;
  /** @param records by index; null where the turn cannot be read; empty unless it is of records */
  begin(chunk: ChunkHead, records: readonly (LineRecord | null)[]): LineEvaluation;
}

/**
 * The evaluation of a line over one chunk. It goes on from what is cheap to load to what is dear: some
 * pairs, then more of them, then whole frames.
 */
export interface LineEvaluation {
  /** The pairs whose columns are to be loaded before it can go on; empty once there are none. */
  readonly wanted: readonly Pair[];
  /** Whether it needs every column of these: to unpack those of many pairs takes long. */
  readonly needsAllColumns: boolean;
  /** Goes on with the pairs that it wanted. */
  proceed(loaded: LoadedPairs): void;
  /** After that, by index: 1 where it is to be given the figures of the whole frame; null: nowhere. */
  readonly wantsFrames: Uint8Array | null;
  takeFrame(index: number, figures: FrameFigures): void;
  finish(): LineValues;
}
