import type { Asset, Pair } from '../asset.js';
import { indexAt, numberAt } from '../cells.js';
import type { FrameFigures } from '../frame-figures.js';
import type { MatrixKind } from '../matrix.js';
import { cellOf } from '../pair-table.js';
import type { TradePrice } from '../rates/trade-price.js';
import { CellRates, type CellRatesOfChunk } from './cell-rates.js';
import type {
  ChunkHead,
  LineEvaluation,
  LineEvaluator,
  LineValues,
  PathCodes,
} from './evaluation.js';
import type { LoadedPairs } from './loaded-pairs.js';
import { nullCode, type NullCodes } from './null-reasons.js';
import type { RateColumns } from './rate-columns.js';
import { NO_RUN } from './runs.js';

const NO_TURN_BEFORE = nullCode('NO_TURN_BEFORE');
const NO_VALUE_BEFORE = nullCode('NO_VALUE_BEFORE');
const NO_VALUE = nullCode('NO_VALUE');

/** The Δ% of the last turn that could be read: one that cannot be is not built upon. */
interface TurnBefore {
  readonly turn: number;
  readonly percent: number;
}

/** A cell of one of the matrices. */
export class CellLine implements LineEvaluator {
  readonly isOfRecords = false;
  readonly #kind: MatrixKind;
  readonly #rates: CellRates;
  #before: TurnBefore | null = null;

  /** @param trade ID_BENCHMARK: the price to trade at; null: at last prices */
  constructor(kind: MatrixKind, base: Asset, quote: Asset, trade: TradePrice | null = null) {
    this.#kind = kind;
    this.#rates = new CellRates(base, quote, trade);
  }

  begin(chunk: ChunkHead): LineEvaluation {
    const rates = this.#rates.begin(chunk);
    if (this.#kind === 'QUANTID') return new ScaledCell(chunk, this.#rates, rates);
    return new PlainCell(chunk, rates, (ofChunk) => this.#values(chunk, ofChunk));
  }

  get paths(): PathCodes {
    return this.#rates;
  }

  #values(chunk: ChunkHead, { rates, traded, nulls }: CellRatesOfChunk): Float64Array {
    switch (this.#kind) {
      case 'ID_DELTA':
        return deltaOf(rates);
      case 'ID_PERCENT':
        return percentOf(rates);
      case 'ID_PCT':
        return this.#sinceTurnBefore(chunk, percentOf(rates), nulls);
      // QUANTID does not come here.
      case 'QUANTID':
      case 'ID_BENCHMARK':
        return traded ?? rates.last;
    }
  }

  #sinceTurnBefore(
    { turns, previousTurns, universes }: ChunkHead,
    percent: Float64Array,
    nulls: NullCodes,
  ): Float64Array {
    return percent.map((now, index) => {
      const before = this.#before;
      const builtUpon = numberAt(previousTurns, index);
      const change = builtUpon === before?.turn ? now - before.percent : NaN;
      if (nulls[index] === NO_RUN) {
        if (Number.isNaN(builtUpon)) nulls[index] = NO_TURN_BEFORE;
        else if (Number.isNaN(change)) nulls[index] = NO_VALUE_BEFORE;
      }
      if (universes[index]) this.#before = { turn: numberAt(turns, index), percent: now };
      return change;
    });
  }
}

function deltaOf({ last, open }: RateColumns): Float64Array {
  return last.map((b, index) => b - numberAt(open, index));
}

function percentOf({ last, open }: RateColumns): Float64Array {
  return last.map((b, index) => 100 * (b / numberAt(open, index) - 1));
}

/** What follows from the rates of the cell alone. */
class PlainCell implements LineEvaluation {
  readonly #chunk: ChunkHead;
  readonly #rates: CellRatesOfChunk;
  readonly #valuesOf: (rates: CellRatesOfChunk) => Float64Array;

  constructor(
    chunk: ChunkHead,
    rates: CellRatesOfChunk,
    valuesOf: (rates: CellRatesOfChunk) => Float64Array,
  ) {
    this.#chunk = chunk;
    this.#rates = rates;
    this.#valuesOf = valuesOf;
  }

  get wanted(): readonly Pair[] {
    return this.#rates.wanted;
  }

  get needsAllColumns(): boolean {
    return this.#rates.needsAllColumns;
  }

  get wantsFrames(): Uint8Array | null {
    return this.#rates.wantsFrames;
  }

  proceed(loaded: LoadedPairs): void {
    this.#rates.proceed(loaded);
  }

  takeFrame(index: number, figures: FrameFigures): void {
    this.#rates.takeFrame(index, figures);
  }

  finish(): LineValues {
    return lineValues(this.#chunk, this.#rates, this.#valuesOf(this.#rates));
  }
}

/** A cell of QUANTID: its scale covers the whole universe. */
class ScaledCell implements LineEvaluation {
  readonly wantsFrames: Uint8Array;
  readonly #chunk: ChunkHead;
  readonly #cell: CellRates;
  readonly #rates: CellRatesOfChunk;
  readonly #values: Float64Array;

  constructor(chunk: ChunkHead, cell: CellRates, rates: CellRatesOfChunk) {
    this.#chunk = chunk;
    this.#cell = cell;
    this.#rates = rates;
    this.#values = new Float64Array(chunk.turns.length).fill(NaN);
    // What is known to be null already needs no frame; there is no pair to load before that is known.
    this.wantsFrames = Uint8Array.from(rates.nulls, (code) => (code > NO_RUN ? 0 : 1));
  }

  get wanted(): readonly Pair[] {
    return this.#rates.wanted;
  }

  get needsAllColumns(): boolean {
    return this.#rates.needsAllColumns;
  }

  proceed(loaded: LoadedPairs): void {
    this.#rates.proceed(loaded);
  }

  takeFrame(index: number, figures: FrameFigures): void {
    this.#rates.takeFrame(index, figures);
    const { base, quote } = this.#cell;
    this.#values[index] = cellOf(figures.matrix('QUANTID'), base, quote) ?? NaN;
  }

  finish(): LineValues {
    return lineValues(this.#chunk, this.#rates, this.#values);
  }
}

function lineValues(
  { staleAfterMs }: ChunkHead,
  { rates: { lag }, nulls, paths }: CellRatesOfChunk,
  values: Float64Array,
): LineValues {
  const isStale = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index++) {
    // The lag is NaN, and so never more, where there is no rate.
    if (Math.max(0, numberAt(lag, index)) > numberAt(staleAfterMs, index)) isStale[index] = 1;
    if (Number.isFinite(numberAt(values, index))) continue;
    values[index] = NaN;
    if (indexAt(nulls, index) === NO_RUN) nulls[index] = NO_VALUE;
  }
  return { values, isStale, nulls, paths };
}
