import { indexAt, numberAt } from '../cells.js';
import { isPrice } from '../frame.js';
import type { PairColumns } from './frame-columns.js';
import type { NullCodes } from './null-reasons.js';

/** Rates at some turns; every column is by index, and NaN where there is no rate. */
export class RateColumns {
  readonly #length: number;
  #pair: PairColumns | null = null;
  #last: Float64Array | null = null;
  #open: Float64Array | null = null;
  #lag: Float64Array | null = null;

  /** @param length how many turns there are */
  constructor(length: number) {
    this.#length = length;
  }

  /** B. */
  get last(): Float64Array {
    return this.#pair?.last ?? (this.#last ??= noneOf(this.#length));
  }

  /** A. */
  get open(): Float64Array {
    return this.#pair?.open ?? (this.#open ??= noneOf(this.#length));
  }

  /** The age of the oldest leg, milliseconds; may be below 0. */
  get lag(): Float64Array {
    return this.#pair?.lag ?? (this.#lag ??= noneOf(this.#length));
  }

  /** All of them are those of one pair: what nobody asks for is not even unpacked, nothing is written. */
  takeOver(pair: PairColumns): void {
    this.#pair = pair;
  }

  write(index: number, last: number, open: number, lag: number): void {
    this.last[index] = last;
    this.open[index] = open;
    this.lag[index] = lag;
  }
}

function noneOf(length: number): Float64Array {
  return new Float64Array(length).fill(NaN);
}

/**
 * Whether a pair has a price at every turn, and the rate is still to be found at each. With the last
 * price, a frame has the open one, too.
 */
export function isWholeWith({ last }: PairColumns, nulls: NullCodes, pending: number): boolean {
  for (let index = 0; index < last.length; index++) {
    if (indexAt(nulls, index) !== pending || !isPrice(numberAt(last, index))) return false;
  }
  return true;
}
