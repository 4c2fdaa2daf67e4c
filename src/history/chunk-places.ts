import { numberAt } from '../domain/cells.js';
import { NOWHERE, type Buckets } from '../domain/series/buckets.js';
import type { TurnChunk } from './turn-chunk.js';

/** The place of the first turn from one on, in the order of turns; behind the last one where there is none. */
export function placeOfTurn(turns: Float64Array, from: number): number {
  let [start, end] = [0, turns.length];
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (numberAt(turns, middle) < from) start = middle + 1;
    else end = middle;
  }
  return start;
}

/**
 * Whether some turns, in order, are among others from a place on.
 * @param place that of the first of them
 */
export function areAmong(turns: Float64Array, others: Float64Array, place: number): boolean {
  const end = place + turns.length;
  if (end > others.length) return false;
  // Between two turns that are as far apart as their places, none is missing.
  const isDense = numberAt(turns, turns.length - 1) - numberAt(turns, 0) === turns.length - 1;
  const ends = turns[0] === others[place] && turns.at(-1) === others[end - 1];
  return ends && (isDense || turns.every((turn, at) => turn === others[place + at]));
}

/** Adds a chunk's turns from a place on to buckets. @returns by index: the bucket, or {@link NOWHERE} */
export function placesFrom(
  buckets: Buckets,
  { turns, observedAt }: Pick<TurnChunk, 'turns' | 'observedAt'>,
  start: number,
): Int32Array {
  if (start === 0) return buckets.add({ turns, observedAt });
  const places = new Int32Array(turns.length).fill(NOWHERE);
  const part = { turns: turns.subarray(start), observedAt: observedAt.subarray(start) };
  places.set(buckets.add(part), start);
  return places;
}
