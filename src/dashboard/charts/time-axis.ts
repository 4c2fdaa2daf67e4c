import { formatClock, formatMomentNear, type Zone } from '../format/moment-text.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * What stands below the ticks of a time axis: clocks, and the day where it changes and at the first one.
 * @param step between two ticks, milliseconds
 */
export function tickLabels(ticks: readonly number[], step: number, zone: Zone): string[] {
  // Another year is named with it: months of one year need none.
  const near = ticks.at(-1) ?? 0;
  const dayOf = (at: number): string => formatMomentNear(at, near, zone, 'day');
  return ticks.map((at, index) => {
    const day = dayOf(at);
    if (step >= DAY_MS) return day;
    const before = ticks[index - 1];
    const exact = step < MINUTE_MS ? 'second' : 'minute';
    const clock = formatClock(at, zone, exact);
    // Between two seconds there is none to be told.
    if (before !== undefined && formatClock(before, zone, exact) === clock) return '';
    if (before === undefined || dayOf(before) === day) return clock;
    return clock === '00:00' || clock === '00:00:00' ? day : `${clock}\n${day}`;
  });
}

/**
 * Labels without those that the edge of the chart would cut.
 * @param places the middle of each from the left edge, in the units of `width`
 * @param widthOf how wide a line of text is
 */
export function withoutCut(
  labels: readonly string[],
  places: readonly number[],
  width: number,
  widthOf: (line: string) => number,
): string[] {
  return labels.map((label, index) => {
    const half = Math.max(...label.split('\n').map(widthOf)) / 2;
    const place = places[index] ?? 0;
    return place - half < 0 || place + half > width ? '' : label;
  });
}

/** How exactly moments are told where so much time is on a chart. */
export function precisionOf(span: number): 'second' | 'minute' {
  return span > 2 * DAY_MS ? 'minute' : 'second';
}
