import type { TimeRange } from '../charts/types.js';
import { formatMomentNear, formatSpan, type Zone } from '../format/moment-text.js';
import type { Gap } from './read-gaps.js';

/** How many reasons are named; the rest is counted. */
const NAMED = 3;

/** What is missing, and why, in a sentence. */
export function gapWords(gap: Gap, zone: Zone): string {
  const { from, to, afterTurn, reasons } = gap;
  const length = Date.parse(to) - Date.parse(from);
  const start = formatMomentNear(from, to, zone);
  const end = formatMomentNear(to, from, zone);
  if (length < 0) return `After turn ${afterTurn} time goes back, from ${start} to ${end}.`;
  const missing = `Nothing stored for ${formatSpan(length)}, ${start} to ${end}`;
  const named = reasons.slice(0, NAMED).map(({ code, count, message }) => {
    return `${message} (${code}, ${count === 1 ? 'one turn' : `${count} turns`})`;
  });
  const rest = reasons.length - named.length;
  if (rest > 0) named.push(`${rest} more reasons`);
  return `${missing}: ${named.length === 0 ? 'no instance ran' : named.join('; ')}.`;
}

/** The gap at a moment, or within so many milliseconds of it. */
export function gapNear(gaps: readonly Gap[], at: number, reach: number): Gap | null {
  const distance = (gap: Gap): number => {
    const { from, to } = extentOf(gap);
    return Math.max(from - at, at - to, 0);
  };
  const nearest = gaps.reduce<Gap | null>(
    (best, gap) => (best === null || distance(gap) < distance(best) ? gap : best),
    null,
  );
  return nearest !== null && distance(nearest) <= reach ? nearest : null;
}

/** From when to when; one that goes back in time is a moment, there where time began anew. */
export function extentOf({ from, to }: Gap): TimeRange {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  return { from: Math.min(start, end), to: end };
}
