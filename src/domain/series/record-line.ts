import type { Asset } from '../asset.js';
import { quantOf } from '../quant.js';
import type { ChunkHead, LineEvaluation, LineEvaluator, LineRecord } from './evaluation.js';
import type { StrategyFigure } from './line.js';
import { codesOfMembers, nullCode } from './null-reasons.js';
import { NO_RUN } from './runs.js';

const NO_VALUE = nullCode('NO_VALUE');

/** A number that is stored with each turn. It is said of no price to be stale, and so is none of them. */
abstract class RecordLine implements LineEvaluator {
  readonly isOfRecords = true;
  readonly paths = null;

  /** @param assets that a turn's universe must have for it to have a value */
  constructor(readonly assets: readonly Asset[]) {}

  abstract valueOf(record: LineRecord): number | null;

  begin({ universes }: ChunkHead, records: readonly (LineRecord | null)[]): LineEvaluation {
    const nulls = codesOfMembers(universes, this.assets);
    const values = Float64Array.from(records, (record, index) => {
      const value = record === null || nulls[index] !== NO_RUN ? null : this.valueOf(record);
      if (value !== null && Number.isFinite(value)) return value;
      if (nulls[index] === NO_RUN) nulls[index] = NO_VALUE;
      return NaN;
    });
    return {
      wanted: [],
      needsAllColumns: false,
      wantsFrames: null,
      proceed: () => undefined,
      takeFrame: () => undefined,
      finish: () => ({ values, isStale: new Uint8Array(values.length), nulls, paths: null }),
    };
  }
}

/** The quant of an asset. */
export class QuantLine extends RecordLine {
  readonly #asset: Asset;

  constructor(asset: Asset) {
    super([asset]);
    this.#asset = asset;
  }

  valueOf({ quants }: LineRecord): number | null {
    return quantOf(quants, this.#asset);
  }
}

/** Where a cycle keeps each of the strategy's figures. */
export const AUX_FIELDS = {
  QUANT: 'quant',
  SHIFT: 'shift',
  GRT: 'grt',
  IMPRINT: 'imprint',
  LUGGAGE: 'luggage',
} as const satisfies Record<StrategyFigure, keyof LineRecord['aux']>;

/** One of the strategy's figures. */
export class StrategyLine extends RecordLine {
  readonly #figure: StrategyFigure;

  constructor(figure: StrategyFigure) {
    super([]);
    this.#figure = figure;
  }

  valueOf({ aux }: LineRecord): number | null {
    return aux[AUX_FIELDS[this.#figure]];
  }
}
