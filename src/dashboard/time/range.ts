import { RANGE_MS } from '../charts/range-names.js';
import type { TimeRange } from '../charts/types.js';

/** How much of the past the track shows. */
export const ZOOMS = ['1h', '24h', '7d', 'all'] as const;
export type Zoom = (typeof ZOOMS)[number];

/** A track of no length has no places on it. */
const SHORTEST_MS = 1_000;

/**
 * What the track shows: the newest while that is what is looked at, else a stretch with the moment
 * well within it, which stays where it is while one goes through it.
 * @param stored from when to when there are turns
 * @param shown the moment that is looked at; null for the newest
 */
export function rangeOf(stored: TimeRange, zoom: Zoom, shown: number | null): TimeRange {
  const span = RANGE_MS[zoom];
  const first = Math.min(stored.from, stored.to - SHORTEST_MS);
  if (stored.to - first <= span) return { from: first, to: stored.to };
  const newest = { from: stored.to - span, to: stored.to };
  if (shown === null || shown >= newest.from + span / 4) return newest;
  const start = Math.floor(shown / (span / 2)) * (span / 2) - span / 4;
  const from = Math.max(first, start);
  return { from, to: from + span };
}

/** What is asked for of a range moves on by about this part of it. */
const STEPS = 24;

/**
 * The range that is asked for: around what the track shows, and the same one for many turns, also
 * while what it shows grows with each of them. Steps are powers of two, so that they seldom change.
 */
export function askedFor({ from, to }: TimeRange): TimeRange {
  const step = 2 ** Math.floor(Math.log2(Math.max(SHORTEST_MS, (to - from) / STEPS)));
  return { from: Math.floor(from / step) * step, to: Math.ceil(to / step + 1) * step };
}

/** Where a moment is on the track, from 0 to 1. */
export function placeOf(at: number, { from, to }: TimeRange): number {
  return Math.min(1, Math.max(0, (at - from) / (to - from)));
}

/** The moment at a place of the track. */
export function momentAt(place: number, { from, to }: TimeRange): number {
  return from + Math.min(1, Math.max(0, place)) * (to - from);
}
