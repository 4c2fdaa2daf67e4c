import { MINUTE } from '../../domain/series/span.js';
import type { Density, TimeRange } from '../../domain/series/range.js';
import { isReadable, type StoredCycle } from '../stored-cycle.js';

/** So much less time than turns would take is a part without turns, and not some that were skipped. */
const LONGEST_SKIPS = 5 * MINUTE;

/**
 * Whether an answer whose fineness is to be chosen is of minutes at the finest: where the layer may show
 * something before the first turn of the range, after the last, or in a gap of some minutes between.
 */
export function showsMinutes(
  layer: TimeRange,
  range: TimeRange,
  ends: { readonly first: StoredCycle; readonly last: StoredCycle } | null,
  { turns, intervalMs }: Density,
): boolean {
  const isCovered = (from: number, to: number): boolean =>
    Math.min(to, layer.to) - Math.max(from, layer.from) >= MINUTE;
  if (!isCovered(range.from, range.to)) return false;
  if (ends === null || !isReadable(ends.first) || !isReadable(ends.last)) return true;
  const [first, last] = [ends.first.frame.observedAt, ends.last.frame.observedAt];
  if (isCovered(range.from, first) || isCovered(last, range.to)) return true;
  const missing = last - first - (turns - 1) * intervalMs;
  return missing >= LONGEST_SKIPS && isCovered(first, last);
}
