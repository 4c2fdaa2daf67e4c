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
    for (let index = 0; index < places.length;) {
      const bucket = indexAt(places, index);
      if (bucket === NOWHERE) index++;
      else index = this.#addTo(bucket, index, places, values, isStale);
    }
  }

  /** Those from an index on that are in one bucket. @returns where they end */
  #addTo(
    bucket: number,
    from: number,
    places: Int32Array,
    values: Float64Array,
    isStale: Uint8Array,
  ): number {
    let count = numberAt(this.count, bucket);
    let stale = numberAt(this.staleCounts, bucket);
    let sum = numberAt(this.#sum, bucket);
    let last = numberAt(this.#last, bucket);
    let least = numberAt(this.#least, bucket);
    let most = numberAt(this.#most, bucket);
    let index = from;
    for (; index < places.length && indexAt(places, index) === bucket; index++) {
      const value = numberAt(values, index);
      if (Number.isNaN(value)) continue;
      if (isStale[index] === 1) stale++;
      if (count++ === 0) this.#first[bucket] = least = most = value;
      else if (value < least) least = value;
      else if (value > most) most = value;
      sum += value;
      last = value;
    }
    this.count[bucket] = count;
    this.staleCounts[bucket] = stale;
    this.#sum[bucket] = sum;
    this.#last[bucket] = last;
    this.#least[bucket] = least;
    this.#most[bucket] = most;
    return index;
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
