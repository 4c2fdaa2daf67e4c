import { indexAt, numberAt } from '../cells.js';
import { NOWHERE } from './buckets.js';

/** What is made of the values of a line in a bucket, in turn order. */
export const AGGREGATES = ['LAST', 'FIRST', 'MIN', 'MAX', 'MEAN', 'COUNT'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/** A line's values in buckets, added chunk by chunk: the values themselves are not kept. */
export class LineAggregates {
  /** By bucket: how many of its turns have a value. */
  readonly count: Float64Array;
  /** By bucket: at how many of its turns that have a value the line was stale. */
  readonly staleCounts: Float64Array;
  readonly #first: Float64Array;
  readonly #last: Float64Array;
  readonly #least: Float64Array;
  readonly #most: Float64Array;
  readonly #sum: Float64Array;
  readonly #columns: readonly Float64Array[];

  /** @param room how many buckets there are at most */
  constructor(room: number) {
    this.count = new Float64Array(room);
    this.staleCounts = new Float64Array(room);
    this.#first = new Float64Array(room).fill(NaN);
    this.#last = new Float64Array(room).fill(NaN);
    this.#least = new Float64Array(room).fill(NaN);
    this.#most = new Float64Array(room).fill(NaN);
    this.#sum = new Float64Array(room);
    this.#columns = [
      ...[this.count, this.staleCounts],
      ...[this.#first, this.#last, this.#least, this.#most, this.#sum],
    ];
  }

  /**
   * Adds the values of some turns, which come in order over all calls.
   * @param places by index: the bucket that the turn is in
   * @param values by index; NaN where there is none
   * @param isStale by index: 1 where it is
   */
  add(places: Int32Array, values: Float64Array, isStale: Uint8Array): void {
    for (let index = 0; index < places.length; index++) {
      const bucket = indexAt(places, index);
      if (bucket === NOWHERE) continue;
      const value = numberAt(values, index);
      if (Number.isNaN(value)) continue;
      if (isStale[index] === 1) this.staleCounts[bucket] = numberAt(this.staleCounts, bucket) + 1;
      const before = numberAt(this.count, bucket);
      this.count[bucket] = before + 1;
      this.#sum[bucket] = numberAt(this.#sum, bucket) + value;
      this.#last[bucket] = value;
      if (before === 0) {
        this.#first[bucket] = this.#least[bucket] = this.#most[bucket] = value;
      } else if (value < numberAt(this.#least, bucket)) this.#least[bucket] = value;
      else if (value > numberAt(this.#most, bucket)) this.#most[bucket] = value;
    }
  }

  /**
   * By bucket; NaN where none of its turns has a value, and where the mean leaves the range of a
   * double.
   * @param size how many buckets there are
   */
  values(of: Aggregate, size: number): Float64Array {
    return this.#all(of).subarray(0, size);
  }

  /** What is known of some buckets, to be put where another one begins. */
  part(from: number, to: number): Float64Array {
    const part = new Float64Array(this.#columns.length * (to - from));
    this.#columns.forEach((column, at) => part.set(column.subarray(from, to), at * (to - from)));
    return part;
  }

  /** Buckets of which nothing was added here become what is known of them. */
  put(from: number, part: Float64Array): void {
    const size = part.length / this.#columns.length;
    this.#columns.forEach((column, at) =>
      column.set(part.subarray(at * size, (at + 1) * size), from),
    );
  }

  #all(of: Aggregate): Float64Array {
    switch (of) {
      case 'FIRST':
        return this.#first;
      case 'LAST':
        return this.#last;
      case 'MIN':
        return this.#least;
      case 'MAX':
        return this.#most;
      case 'COUNT':
        return this.count;
      case 'MEAN':
        return this.#sum.map((sum, bucket) => {
          const mean = sum / numberAt(this.count, bucket);
          return Number.isFinite(mean) ? mean : NaN;
        });
    }
  }
}
