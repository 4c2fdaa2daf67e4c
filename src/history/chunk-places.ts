import { NOWHERE, type Buckets } from '../domain/series/buckets.js';
import type { TurnChunk } from './turn-chunk.js';

/**
 * The place of the first of a chunk's turns that is not before one: those before it are there to be compared
 * with, and may be all that a chunk has.
 */
export function startOf({ turns }: Pick<TurnChunk, 'turns'>, first: number): number {
  const start = turns.findIndex((turn) => turn >= first);
  return start === -1 ? turns.length : start;
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
