/** A turn counts as late that begins by so much of the interval after it was due, and so many milliseconds. */
const SHARE = 0.1;
const LEAST_MS = 100;

/**
 * Why a turn begins late, in words; null where it is on time.
 * @param byMs how long after it was due
 * @param tookMs how long the turn before took, milliseconds
 */
export function latenessWords(byMs: number, tookMs: number, intervalMs: number): string | null {
  if (byMs < Math.max(LEAST_MS, SHARE * intervalMs)) return null;
  const why =
    tookMs > intervalMs
      ? `the turn before took ${seconds(tookMs)}`
      : 'this process was busy, or the machine slept';
  return `it began ${seconds(byMs)} after it was due: ${why}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
