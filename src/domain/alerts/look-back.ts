import { numberAt } from '../cells.js';
import type { Span } from '../series/span.js';

/** How many times the span is remembered at least: one of them for a clock that goes back. */
const REMEMBERED = 3;
/** How many times the span a turn may lie back. */
const FARTHEST = 2;
const FIRST_ROOM = 64;

/**
 * Finds the turn that is held against one: the last turn before it that was observed at least a span
 * earlier, where it was at most twice the span earlier. The turns come in order.
 *
 * Of those remembered each was observed later than all before it: where the clock goes back, an earlier turn
 * that was observed no earlier than a later one is never the last.
 */
export class LookBack {
  readonly #within: Span;
  #times: Float64Array = new Float64Array(FIRST_ROOM);
  #marks: Float64Array = new Float64Array(FIRST_ROOM);
  #size = 0;
  /** Every turn that was observed at or after this is remembered, or never looked for. */
  #since: number;

  /**
   * @param since all turns before the first that is added were observed before this, milliseconds
   *   since 1970
   */
  constructor(within: Span, since = -Infinity) {
    this.#within = within;
    this.#since = since;
  }

  /** When the turns that it has to be given at least were observed, at or after, to tell of one moment. */
  static sinceFor(within: Span, observedAt: number): number {
    return observedAt - REMEMBERED * within;
  }

  /** Whether it can tell of a turn of this moment: the clock may have gone back too far. */
  canTell(observedAt: number): boolean {
    return !(observedAt - FARTHEST * this.#within < this.#since);
  }

  /** @param mark what is told of this turn, for example its number, or a value */
  add(observedAt: number, mark: number): void {
    if (Number.isNaN(observedAt)) return;
    while (this.#size > 0 && numberAt(this.#times, this.#size - 1) >= observedAt) this.#size--;
    if (this.#size === this.#times.length) this.#makeRoom(observedAt);
    this.#times[this.#size] = observedAt;
    this.#marks[this.#size] = mark;
    this.#size++;
  }

  /** The mark of the turn that is held against one of this moment; NaN where there is none. */
  markAt(observedAt: number): number {
    const place = this.#placesThrough(observedAt - this.#within) - 1;
    const isNear = numberAt(this.#times, place) >= observedAt - FARTHEST * this.#within;
    return place >= 0 && isNear ? numberAt(this.#marks, place) : NaN;
  }

  /** How many of those remembered were observed at or before a moment. */
  #placesThrough(moment: number): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (numberAt(this.#times, middle) <= moment) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets what is far back; where that is less than half, takes twice the room. */
  #makeRoom(newest: number): void {
    const since = LookBack.sinceFor(this.#within, newest);
    let gone = 0;
    while (gone < this.#size && numberAt(this.#times, gone) < since) gone++;
    if (gone > 0) this.#since = Math.max(this.#since, since);
    const left = this.#size - gone;
    const room = 2 * left > this.#times.length ? 2 * this.#times.length : this.#times.length;
    this.#times = moved(this.#times, gone, this.#size, room);
    this.#marks = moved(this.#marks, gone, this.#size, room);
    this.#size = left;
  }
}

function moved(column: Float64Array, from: number, to: number, room: number): Float64Array {
  const next = new Float64Array(room);
  next.set(column.subarray(from, to));
  return next;
}
