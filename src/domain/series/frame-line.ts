import type { Asset } from '../asset.js';
import { numberAt } from '../cells.js';
import type { FrameFigures } from '../frame-figures.js';
import type { ChunkHead, LineEvaluation, LineEvaluator, LineValues } from './evaluation.js';
import type { ConsistencyFigure } from './line.js';
import { codesOfMembers, nullCode, type NullCodes } from './null-reasons.js';
import { NO_RUN } from './runs.js';

const NO_VALUE = nullCode('NO_VALUE');

/** A number that follows from the whole frame of each turn. */
abstract class FrameLine implements LineEvaluator {
  readonly isOfRecords = false;
  readonly paths = null;

  /** @param assets that a turn's universe must have for it to have a value */
  constructor(readonly assets: readonly Asset[]) {}

  abstract valueOf(figures: FrameFigures): number | null;
  /** The age of the oldest price that it is made of, milliseconds. */
  abstract ageOf(figures: FrameFigures): number;

  begin(chunk: ChunkHead): LineEvaluation {
    return new FrameLineOfChunk(this, chunk);
  }
}

/** How an asset moved against the mean of all others. */
export class StrengthLine extends FrameLine {
  readonly #asset: Asset;

  constructor(asset: Asset) {
    super([asset]);
    this.#asset = asset;
  }

  valueOf({ strengths, universe }: FrameFigures): number | null {
    return strengths[universe.indexOf(this.#asset)] ?? null;
  }

  ageOf({ provenance: { ages }, universe }: FrameFigures): number {
    const from = universe.indexOf(this.#asset) * universe.length;
    const row = ages.cells.subarray(from, from + universe.length);
    return row.reduce((oldest, age) => (age > oldest ? age : oldest), 0);
  }
}

/** How far the frame is from one price for each pair. */
export class ConsistencyLine extends FrameLine {
  readonly #figure: ConsistencyFigure;

  constructor(figure: ConsistencyFigure) {
    super([]);
    this.#figure = figure;
  }

  valueOf({ consistency: { medianBps, maxBps } }: FrameFigures): number | null {
    return this.#figure === 'MEDIAN_BPS' ? medianBps : maxBps;
  }

  ageOf({ frame: { observedAt, tickers } }: FrameFigures): number {
    return Math.max(0, ...tickers.map(({ closeTime }) => observedAt - closeTime));
  }
}

class FrameLineOfChunk implements LineEvaluation {
  readonly wanted = [];
  readonly needsAllColumns = false;
  readonly wantsFrames: Uint8Array;
  readonly #line: FrameLine;
  readonly #chunk: ChunkHead;
  readonly #values: Float64Array;
  readonly #isStale: Uint8Array;
  readonly #nulls: NullCodes;

  constructor(line: FrameLine, chunk: ChunkHead) {
    const { length } = chunk.turns;
    this.#line = line;
    this.#chunk = chunk;
    this.#values = new Float64Array(length).fill(NaN);
    this.#isStale = new Uint8Array(length);
    this.#nulls = codesOfMembers(chunk.universes, line.assets);
    this.wantsFrames = Uint8Array.from(this.#nulls, (code) => (code === NO_RUN ? 1 : 0));
  }

  proceed(): void {
    // It wants no pairs, but frames.
  }

  takeFrame(index: number, figures: FrameFigures): void {
    if (this.wantsFrames[index] === 0) return;
    const value = this.#line.valueOf(figures) ?? NaN;
    if (!Number.isFinite(value)) {
      this.#nulls[index] = NO_VALUE;
      return;
    }
    this.#values[index] = value;
    const isStale = this.#line.ageOf(figures) > numberAt(this.#chunk.staleAfterMs, index);
    this.#isStale[index] = isStale ? 1 : 0;
  }

  finish(): LineValues {
    return { values: this.#values, isStale: this.#isStale, nulls: this.#nulls, paths: null };
  }
}
