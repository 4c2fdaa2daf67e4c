/**
 * Moments and spans as text, the same in every browser: of English words and digits alone, without
 * the browser's locale, which may be one that it cannot format with (C, POSIX).
 */

/** Whose clock moments are shown by: that of whoever looks, or everybody's. */
export type Zone = 'local' | 'utc';

/** Stands where there is no moment. */
const NONE = '–';
export const MONTHS = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** How much of a moment is shown. */
export type Precision = 'second' | 'minute' | 'day';

/** A moment as a calendar and a clock on the wall have it. `month` counts from 0, `weekday` from Sunday. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Milliseconds since 1970 of a moment that the API gave; NaN for what is none. */
function msOf(at: string | number): number {
  return typeof at === 'number' ? at : Date.parse(at);
}

/** What calendar and clock say at a moment. */
export function wallTime(at: string | number, zone: Zone): WallTime {
  const date = new Date(msOf(at));
  if (zone === 'local') {
    return {
      year: date.getFullYear(),
      month: date.getMonth(),
      day: date.getDate(),
      weekday: date.getDay(),
      hour: date.getHours(),
      minute: date.getMinutes(),
      second: date.getSeconds(),
    };
  }
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/**
 * When calendar and clock say so, milliseconds since 1970. Numbers beyond their range count on, as
 * day 0 does, which is the last of the month before.
 */
export function momentOf(
  { year, month, day, hour, minute, second }: Omit<WallTime, 'weekday'>,
  zone: Zone,
): number {
  return zone === 'local'
    ? new Date(year, month, day, hour, minute, second).getTime()
    : Date.UTC(year, month, day, hour, minute, second);
}

/** A moment with its day: "24 Nov 2026 14:22:08", "24 Nov 2026 14:22", "24 Nov 2026". */
export function formatMoment(
  at: string | number | null,
  zone: Zone,
  precision: Precision = 'second',
): string {
  if (at === null || Number.isNaN(msOf(at))) return NONE;
  const wall = wallTime(at, zone);
  const day = `${wall.day} ${MONTHS[wall.month]} ${wall.year}`;
  return precision === 'day' ? day : `${day} ${clockOf(wall, precision)}`;
}

/**
 * A moment without what it shares with another one: "14:22:08" on the same day, "24 Nov 14:22:08"
 * in the same year.
 */
export function formatMomentNear(
  at: string | number | null,
  near: string | number,
  zone: Zone,
  precision: Precision = 'second',
): string {
  if (at === null || Number.isNaN(msOf(at))) return NONE;
  const wall = wallTime(at, zone);
  const other = wallTime(near, zone);
  if (wall.year !== other.year) return formatMoment(at, zone, precision);
  const isSameDay = wall.month === other.month && wall.day === other.day;
  const day = `${wall.day} ${MONTHS[wall.month]}`;
  if (precision === 'day') return day;
  return isSameDay ? clockOf(wall, precision) : `${day} ${clockOf(wall, precision)}`;
}

/** What the clock says: "14:22:08". */
export function formatClock(
  at: string | number | null,
  zone: Zone,
  precision: 'second' | 'minute' = 'second',
): string {
  if (at === null || Number.isNaN(msOf(at))) return NONE;
  return clockOf(wallTime(at, zone), precision);
}

/** The day of the week: "Tue". */
export function formatWeekday(at: string | number, zone: Zone): string {
  return WEEKDAYS[wallTime(at, zone).weekday] ?? NONE;
}

/** What a zone is called at a moment, for whoever reads a clock: "UTC", "UTC+1", "UTC−3:30". */
export function formatZone(at: string | number, zone: Zone): string {
  if (zone === 'utc') return 'UTC';
  const minutes = -new Date(msOf(at)).getTimezoneOffset();
  if (minutes === 0 || Number.isNaN(minutes)) return 'UTC';
  const rest = Math.abs(minutes) % 60;
  const hours = Math.floor(Math.abs(minutes) / 60);
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest === 0 ? '' : `:${twoDigits(rest)}`}`;
}

/** How old something is, in one unit: "0.6 s", "42 s", "5 min", "3 h", "2 d". */
export function formatAge(ms: number | null): string {
  if (ms === null || Number.isNaN(ms)) return NONE;
  const age = Math.max(0, ms);
  // By what it is rounded to: 59.96 s are a minute, not 60 s.
  if (age < 9_950) return `${(age / SECOND_MS).toFixed(1)} s`;
  if (age < 59.5 * SECOND_MS) return `${Math.round(age / SECOND_MS)} s`;
  if (age < 59.5 * MINUTE_MS) return `${Math.round(age / MINUTE_MS)} min`;
  if (age < 47.5 * HOUR_MS) return `${Math.round(age / HOUR_MS)} h`;
  return `${Math.round(age / DAY_MS)} d`;
}

const UNITS = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['min', MINUTE_MS],
  ['s', SECOND_MS],
] as const;

/** How long something takes, in its two largest units: "8 s", "1 min 30 s", "24 h", "7 d", "2 d 4 h". */
export function formatSpan(ms: number | null): string {
  if (ms === null || Number.isNaN(ms)) return NONE;
  const span = Math.abs(ms);
  if (span < SECOND_MS) return `${Math.round(span)} ms`;
  // A day alone is called 24 h, as traders do.
  const units = span < 2 * DAY_MS ? UNITS.slice(1) : UNITS;
  const at = units.findIndex(([, unit]) => span >= unit);
  const [name, unit] = units[at] as (typeof UNITS)[number];
  const [smallerName, smaller] = units[at + 1] ?? [null, unit];
  const rounded = Math.round(span / smaller) * smaller;
  // Rounding may have filled the larger unit: 59 min 59.9 s are an hour.
  if (rounded >= (units[at - 1]?.[1] ?? Infinity)) return formatSpan(rounded);
  const whole = Math.floor(rounded / unit);
  const rest = Math.round((rounded - whole * unit) / smaller);
  return rest === 0 || smallerName === null
    ? `${whole} ${name}`
    : `${whole} ${name} ${rest} ${smallerName}`;
}

function clockOf({ hour, minute, second }: WallTime, precision: Precision): string {
  const clock = `${twoDigits(hour)}:${twoDigits(minute)}`;
  return precision === 'second' ? `${clock}:${twoDigits(second)}` : clock;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
