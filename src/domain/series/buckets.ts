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

/** Which turns are in some buckets that follow each other. */
export type BucketTurns = Pick<Buckets, 'counts' | 'firstTurns' | 'lastTurns'>;

/** Buckets of a span that are known from the start, each turn in that of its `observedAt`. */
abstract class FixedBuckets implements Buckets {
  readonly size: number;
  readonly starts: Float64Array;
  readonly counts: Float64Array;
  readonly firstTurns: Float64Array;
  readonly lastTurns: Float64Array;
  readonly #span: Span;

  /** @param buckets which, in order of time, each once */
  constructor(buckets: readonly number[], span: Span) {
    this.#span = span;
    this.size = buckets.length;
    this.starts = Float64Array.from(buckets, (bucket) => bucketStart(bucket, span));
    this.counts = new Float64Array(this.size);
    this.firstTurns = new Float64Array(this.size).fill(NaN);
    this.lastTurns = new Float64Array(this.size).fill(NaN);
  }

  get room(): number {
    return this.size;
  }

  /** The place of a bucket among these; {@link NOWHERE} where it is none of them. */
  protected abstract placeOf(bucket: number): number;

  add({ turns, observedAt }: Pick<TurnColumns, 'turns' | 'observedAt'>): Int32Array {
    const places = new Int32Array(turns.length);
    for (let index = 0, end: number; index < places.length; index = end) {
      const bucket = bucketOf(numberAt(observedAt, index), this.#span);
      const start = bucketStart(bucket, this.#span);
      end = endOfRun(observedAt, index, start, start + this.#span);
      const place = this.placeOf(bucket);
      places.fill(place, index, end);
      if (place === NOWHERE) continue;
      const before = numberAt(this.counts, place);
      this.counts[place] = before + end - index;
      if (before === 0) this.firstTurns[place] = numberAt(turns, index);
      this.lastTurns[place] = numberAt(turns, end - 1);
    }
    return places;
  }
}

/** Behind the last of the moments from an index on that lie in `[from, to)`; at least behind the first. */
function endOfRun(moments: Float64Array, index: number, from: number, to: number): number {
  let end = index + 1;
  while (end < moments.length) {
    const moment = numberAt(moments, end);
    if (!(moment >= from && moment < to)) break;
    end++;
  }
  return end;
}

/** The buckets of a span that a range touches. */
export class SpanBuckets extends FixedBuckets {
  /** Which bucket is the first. */
  readonly first: number;
  readonly #every: Span;

  /** @param range of whole buckets */
  constructor({ from, to }: TimeRange, span: Span) {
    const first = bucketOf(from, span);
    const length = Math.round((to - from) / span);
    super(
      Array.from({ length }, (_, n) => first + n),
      span,
    );
    this.first = first;
    this.#every = span;
  }

  protected override placeOf(bucket: number): number {
    const place = bucket - this.first;
    return place >= 0 && place < this.size ? place : NOWHERE;
  }

  /** The places from the first to after the last of those within a range that have a turn. */
  touched({ from, to }: TimeRange): readonly [number, number] {
    let start = Math.max(0, bucketOf(from, this.#every) - this.first);
    let end = Math.min(this.size, bucketOf(to, this.#every) - this.first);
    while (start < end && this.counts[start] === 0) start++;
    while (end > start && this.counts[end - 1] === 0) end--;
    return [start, end];
  }

  /** Which turns are in some of them, by their places, to be put where another one begins. */
  part(from: number, to: number): BucketTurns {
    return {
      counts: this.counts.slice(from, to),
      firstTurns: this.firstTurns.slice(from, to),
      lastTurns: this.lastTurns.slice(from, to),
    };
  }

  /** Buckets to which nothing was added here get the turns that are known to be in them. */
  put(from: number, { counts, firstTurns, lastTurns }: BucketTurns): void {
    this.counts.set(counts, from);
    this.firstTurns.set(firstTurns, from);
    this.lastTurns.set(lastTurns, from);
  }
}

/** Some buckets of a span, wherever they lie. */
class ChosenBuckets extends FixedBuckets {
  readonly #places: ReadonlyMap<number, number>;

  constructor(buckets: readonly number[], span: Span) {
    super(buckets, span);
    this.#places = new Map(buckets.map((bucket, place) => [bucket, place]));
  }

  protected override placeOf(bucket: number): number {
    return this.#places.get(bucket) ?? NOWHERE;
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
