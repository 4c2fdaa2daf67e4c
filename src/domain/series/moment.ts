import { Fault, isFault } from './fault.js';
import { DAY, HOUR, MINUTE, parseSpan, SECOND } from './span.js';

/**
 * A moment as somebody names it: one of the calendar, or one that what is stored decides, with a
 * distance from it, milliseconds.
 */
export type Moment =
  | { readonly at: number }
  | { readonly anchor: 'now' | 'start'; readonly offsetMs: number };

/** What is stored, in time: milliseconds since 1970. */
export interface Extent {
  /** The smallest stored `observedAt`. */
  readonly start: number;
  /** One millisecond after the largest; where nothing is stored, the clock. */
  readonly now: number;
}

const RELATIVE = /^(now|start)(?:([+-])(.+))?$/;
const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const EXPECTED =
  'an RFC 3339 time like 2026-01-31T12:00:00Z, or now or start with a span before or after it, like now-7d, is expected';

export function parseMoment(text: string): Moment | Fault {
  const [, anchor, sign, distance] = RELATIVE.exec(text) ?? [];
  if (anchor === 'now' || anchor === 'start') {
    const span = distance === undefined ? 0 : parseSpan(distance);
    if (isFault(span)) return new Fault(`is no moment: ${distance} in it ${span.words}`);
    return { anchor, offsetMs: sign === '-' ? -span : span };
  }
  const at = parseTime(text);
  return at === null ? new Fault(`is no moment: ${EXPECTED}`) : { at };
}

/** When a moment is, milliseconds since 1970. */
export function resolveMoment(moment: Moment, extent: Extent): number {
  return 'at' in moment ? moment.at : extent[moment.anchor] + moment.offsetMs;
}

/** Milliseconds since 1970 of an RFC 3339 time, what is finer cut off; null for any other text. */
function parseTime(text: string): number | null {
  const match = RFC_3339.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Six;
  const [zoneHour, zoneMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!isDate || hour > 23 || minute > 59 || second > 59) return null;
  if (zoneHour > 23 || zoneMinute > 59) return null;
  const zone = (match[8] === '-' ? -1 : 1) * (zoneHour * HOUR + zoneMinute * MINUTE);
  const fraction = Number((match[7] ?? '').slice(1, 4).padEnd(3, '0'));
  const time = hour * HOUR + minute * MINUTE + second * SECOND + fraction;
  return midnight(year, month, day) + time - zone;
}

type Six = [number, number, number, number, number, number];

function daysIn(year: number, month: number): number {
  return (midnight(year, month + 1, 1) - midnight(year, month, 1)) / DAY;
}

/** The calendar repeats itself after 400 years; a year below 100 would be taken for one of the last century. */
function midnight(year: number, month: number, day: number): number {
  // oxlint-disable-next-line no-restricted-globals -- arithmetic of the calendar, which reads no clock
  return Date.UTC(year + 400, month - 1, day) - DAYS_IN_400_YEARS * DAY;
}

const DAYS_IN_400_YEARS = 146_097;
