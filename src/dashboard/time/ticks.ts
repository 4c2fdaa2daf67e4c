import { momentOf, MONTHS, wallTime, type WallTime, type Zone } from '../format/moment-text.js';

/** A mark on a track of time. */
export interface Tick {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly label: string;
  /** Whether a day begins with it, or a month, or a year. */
  readonly isDay: boolean;
}

const DAY_S = 86_400;
/** How far apart ticks within a day are, seconds: each divides the day. */
const STEPS_S = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60),
  ...[1, 2, 3, 6, 12].map((hours) => hours * 3_600),
];
const STEPS_DAYS = [1, 2, 7, 14];
const STEPS_MONTHS = [1, 3, 6, 12, 24, 60, 120];
const MONTH_S = 30 * DAY_S;

/**
 * The ticks of a range, at round times of the zone's clock and days of its calendar.
 * @param most how many there may be
 */
export function ticksOf(from: number, to: number, most: number, zone: Zone): Tick[] {
  const seconds = (to - from) / 1_000;
  if (!(seconds > 0) || most < 1) return [];
  const fits = (step: number): boolean => seconds / step <= most;
  const step = STEPS_S.find(fits);
  const days = STEPS_DAYS.find((each) => fits(each * DAY_S));
  const ticks =
    step !== undefined
      ? withinDays(from, to, step, zone)
      : days !== undefined
        ? wholeDays(from, to, days, zone)
        : months(from, to, STEPS_MONTHS.find((each) => fits(each * MONTH_S)) ?? 240, zone);
  return ticks.filter(({ at }) => at >= from && at <= to);
}

const MIDNIGHT = { hour: 0, minute: 0, second: 0 };

/** Counted from each midnight anew, so that a day with a change of the clock has round times, too. */
function withinDays(from: number, to: number, step: number, zone: Zone): Tick[] {
  const start = { ...wallTime(from, zone), ...MIDNIGHT };
  const ticks: Tick[] = [];
  for (let day = start.day, midnight = momentOf(start, zone); midnight <= to; day++) {
    const next = momentOf({ ...start, day: day + 1 }, zone);
    // Two hours early: on a day on which the clock was changed it is not as late as seconds say.
    const first = Math.max(0, Math.floor(((from - midnight) / 1_000 - 7_200) / step));
    for (let index = first; index * step < DAY_S; index++) {
      const at = momentOf({ ...start, day, second: index * step }, zone);
      if (at > to) break;
      if (at >= from && at < next && at > (ticks.at(-1)?.at ?? -Infinity)) {
        ticks.push(tickOf(at, index === 0, step < 60, zone));
      }
    }
    midnight = next;
  }
  return ticks;
}

function tickOf(at: number, isDay: boolean, withSeconds: boolean, zone: Zone): Tick {
  const wall = wallTime(at, zone);
  const clock = [wall.hour, wall.minute, ...(withSeconds ? [wall.second] : [])];
  const label = clock.map((part) => String(part).padStart(2, '0')).join(':');
  return { at, label: isDay ? dayLabel(wall) : label, isDay };
}

function wholeDays(from: number, to: number, step: number, zone: Zone): Tick[] {
  const { year, month, day } = wallTime(from, zone);
  const ticks: Tick[] = [];
  for (let index = 0; ; index++) {
    const at = momentOf({ year, month, day: day + index, ...MIDNIGHT }, zone);
    if (at > to) return ticks;
    const wall = wallTime(at, zone);
    // By a count of days that is the same for every range, so that ticks stay where they are.
    const count = Date.UTC(wall.year, wall.month, wall.day) / (DAY_S * 1_000);
    if (count % step === 0) ticks.push({ at, label: dayLabel(wall), isDay: true });
  }
}

function months(from: number, to: number, step: number, zone: Zone): Tick[] {
  const { year, month } = wallTime(from, zone);
  const first = Math.floor((year * 12 + month) / step) * step;
  const ticks: Tick[] = [];
  for (let count = first; ; count += step) {
    const at = momentOf(
      { year: Math.floor(count / 12), month: count % 12, day: 1, ...MIDNIGHT },
      zone,
    );
    if (at > to) return ticks;
    const wall = wallTime(at, zone);
    const label = wall.month === 0 ? String(wall.year) : (MONTHS[wall.month] ?? '');
    ticks.push({ at, label, isDay: true });
  }
}

function dayLabel({ day, month }: Pick<WallTime, 'day' | 'month'>): string {
  return `${day} ${MONTHS[month]}`;
}
