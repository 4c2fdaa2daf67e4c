import { numberAt } from '../cells.js';
import type { TurnColumns } from './frame-columns.js';
import type { TimeRange } from './range.js';
import { bucketOf, bucketStart, type Span } from './span.js';

/** The place of a turn that is in no bucket of the answer. */
export const NOWHERE = -1;

/** The points of an answer, and which turns are in each. */
export interface Buckets {
  /** How many there are so far. */
  readonly size: number;
  /** How many there can be. */
  readonly room: number;
  /** By bucket: its start, milliseconds since 1970; for one point a turn, the turn's `observedAt`. */
  readonly starts: Float64Array;
  /** By bucket: how many turns are in it. */
  readonly counts: Float64Array;
  /** By bucket: the first and the last turn in it, by their numbers; NaN where there is none. */
  readonly firstTurns: Float64Array;
  readonly lastTurns: Float64Array;
  /**
   * Adds some turns, which come in order over all calls.
   * @returns by index: the bucket that it is in, or {@link NOWHERE}
   */
  add(columns: Pick<TurnColumns, 'turns' | 'observedAt'>): Int32Array;
}

/** The buckets of a span that a range touches, each turn in that of its `observedAt`. */
export class SpanBuckets implements Buckets {
  readonly size: number;
  readonly starts: Float64Array;
  readonly counts: Float64Array;
  readonly firstTurns: Float64Array;
  readonly lastTurns: Float64Array;
  readonly #span: Span;
  readonly #first: number;

  /** @param range of whole buckets */
  constructor({ from, to }: TimeRange, span: Span) {
    this.#span = span;
    this.#first = bucketOf(from, span);
    this.size = Math.round((to - from) / span);
    this.starts = new Float64Array(this.size).map((_, n) => bucketStart(this.#first + n, span));
    this.counts = new Float64Array(this.size);
    this.firstTurns = new Float64Array(this.size).fill(NaN);
    this.lastTurns = new Float64Array(this.size).fill(NaN);
  }

  get room(): number {
    return this.size;
  }

  add({ turns, observedAt }: Pick<TurnColumns, 'turns' | 'observedAt'>): Int32Array {
    const places = new Int32Array(turns.length);
    for (let index = 0; index < places.length; index++) {
      const bucket = bucketOf(numberAt(observedAt, index), this.#span) - this.#first;
      const isIn = bucket >= 0 && bucket < this.size;
      places[index] = isIn ? bucket : NOWHERE;
      if (!isIn) continue;
      const before = numberAt(this.counts, bucket);
      this.counts[bucket] = before + 1;
      if (before === 0) this.firstTurns[bucket] = numberAt(turns, index);
      this.lastTurns[bucket] = numberAt(turns, index);
    }
    return places;
  }
}

/** Some buckets of a span, wherever they lie, each turn in that of its `observedAt`. */
class ChosenBuckets implements Buckets {
  readonly size: number;
  readonly starts: Float64Array;
  readonly counts: Float64Array;
  readonly firstTurns: Float64Array;
  readonly lastTurns: Float64Array;
  readonly #span: Span;
  readonly #places: ReadonlyMap<number, number>;

  /** @param buckets which, in order of time, each once */
  constructor(buckets: readonly number[], span: Span) {
    this.#span = span;
    this.#places = new Map(buckets.map((bucket, place) => [bucket, place]));
    this.size = buckets.length;
    this.starts = Float64Array.from(buckets, (bucket) => bucketStart(bucket, span));
    this.counts = new Float64Array(this.size);
    this.firstTurns = new Float64Array(this.size).fill(NaN);
    this.lastTurns = new Float64Array(this.size).fill(NaN);
  }

  get room(): number {
    return this.size;
  }

  add({ turns, observedAt }: Pick<TurnColumns, 'turns' | 'observedAt'>): Int32Array {
    return Int32Array.from(turns, (turn, index) => {
      const place = this.#places.get(bucketOf(numberAt(observedAt, index), this.#span));
      if (place === undefined) return NOWHERE;
      if (this.counts[place] === 0) this.firstTurns[place] = turn;
      this.counts[place] = numberAt(this.counts, place) + 1;
      this.lastTurns[place] = turn;
      return place;
    });
  }
}

/** One point for each turn of a range, in turn order. */
export class TurnPoints implements Buckets {
  readonly room: number;
  readonly #range: TimeRange;
  readonly #starts: Float64Array;
  readonly #turns: Float64Array;
  #size = 0;

  /** @param room how many turns there are at most */
  constructor(range: TimeRange, room: number) {
    this.#range = range;
    this.room = room;
    this.#starts = new Float64Array(room);
    this.#turns = new Float64Array(room);
  }

  get size(): number {
    return this.#size;
  }

  get starts(): Float64Array {
    return this.#starts.subarray(0, this.#size);
  }

  get counts(): Float64Array {
    return new Float64Array(this.#size).fill(1);
  }

  get firstTurns(): Float64Array {
    return this.#turns.subarray(0, this.#size);
  }

  get lastTurns(): Float64Array {
    return this.firstTurns;
  }

  add({ turns, observedAt }: Pick<TurnColumns, 'turns' | 'observedAt'>): Int32Array {
    const { from, to } = this.#range;
    const places = new Int32Array(turns.length).fill(NOWHERE);
    for (let index = 0; index < places.length; index++) {
      const moment = numberAt(observedAt, index);
      if (!(moment >= from && moment < to) || this.#size === this.room) continue;
      this.#starts[this.#size] = moment;
      this.#turns[this.#size] = numberAt(turns, index);
      places[index] = this.#size++;
    }
    return places;
  }
}

/**
 * The buckets that some turns fall into, and no others; for one point a turn, as many as there are.
 * @param times when each of them was observed
 */
export function touchedBuckets(times: readonly number[], every: Span | 'turn'): Buckets {
  if (every === 'turn') return new TurnPoints({ from: -Infinity, to: Infinity }, times.length);
  const touched = new Set(times.map((time) => bucketOf(time, every)));
  const inOrder = [...touched].sort((a, b) => a - b);
  return new ChosenBuckets(inOrder, every);
}

/** Whether a bucket can get no more turns: one observed at or past its end is stored. */
export function isFinal(end: number, now: number): boolean {
  return now > end;
}
