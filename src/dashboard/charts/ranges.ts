import type { TimeRange } from './types.js';

/** A chart shows so much at least and at most, milliseconds. */
const LEAST_MS = 2_000;
const MOST_MS = 20 * 365.25 * 86_400_000;

/** The same moment stays where it is, while all else comes nearer or moves away. */
export function zoomed({ from, to }: TimeRange, at: number, factor: number): TimeRange {
  const span = Math.max(LEAST_MS, Math.min(MOST_MS, (to - from) * factor));
  const share = (at - from) / (to - from);
  const begin = at - span * share;
  return { from: begin, to: begin + span };
}

export function moved({ from, to }: TimeRange, by: number): TimeRange {
  return { from: from + by, to: to + by };
}

/** From the first to the last moment of all that has moments. */
export function extentOf(columns: readonly (readonly number[])[]): TimeRange {
  const from = Math.min(...columns.map(([first = Infinity]) => first));
  const to = Math.max(...columns.map((times) => times.at(-1) ?? -Infinity));
  if (!(from <= to)) return { from: 0, to: LEAST_MS };
  return from === to ? { from: from - LEAST_MS / 2, to: to + LEAST_MS / 2 } : { from, to };
}
