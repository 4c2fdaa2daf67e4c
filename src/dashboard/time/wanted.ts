import { momentOf, wallTime, type WallTime, type Zone } from '../format/moment-text.js';
import { UNIT_MS } from '../format/spans.js';

/** What somebody who types a time or a turn means. */
export type Wanted =
  | { readonly kind: 'live' }
  | { readonly kind: 'turn'; readonly turn: number }
  | { readonly kind: 'moment'; readonly at: number }
  | { readonly kind: 'fault'; readonly message: string };

/** By which clock, and against which moment, a text is read. */
export interface Reading {
  readonly zone: Zone;
  /** The newest stored moment, milliseconds since 1970: a time of day is the last one before it. */
  readonly now: number;
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
];
const EXAMPLES = '14:30, yesterday 14:00, 2026-11-24 14:00, -2h or 10482';

const TURN = /^(?:turn )?#?(\d{1,3}(?:[ ,_']\d{3})+|\d+)$/;
const STEP = String.raw`\d+(?:\.\d+)? ?(?:s|sec|m|min|h|d|w)`;
const BACK = new RegExp(String.raw`^(?:now)? ?[-−–] ?((?:${STEP} ?)+)$|^((?:${STEP} ?)+)ago$`);
const RFC3339 = /^\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)? ?(?:z|[+-]\d\d:\d\d)$/;
const CLOCK = /^(?:(.*?)[ t,]+)?(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?$/;

/** Reads a time, a turn, or how long ago; a fault says what would have been understood. */
export function readWanted(typed: string, { zone, now }: Reading): Wanted {
  const { text, zone: by } = withoutZone(typed.trim().toLowerCase().replace(/\s+/g, ' '), zone);
  if (text === '') return fault(`Type a time or a turn: ${EXAMPLES}.`);
  if (/^(now|live|newest|latest)$/.test(text)) return { kind: 'live' };
  const turn = TURN.exec(text)?.[1]?.replace(/\D/g, '');
  if (turn !== undefined) return { kind: 'turn', turn: Number(turn) };
  const [, minus, ago] = BACK.exec(text) ?? [];
  const back = minus ?? ago;
  if (back !== undefined) return { kind: 'moment', at: now - spanOf(back) };
  if (RFC3339.test(text)) return readExact(text, typed);
  return readDayAndClock(text, typed, { zone: by, now });
}

/** "14:30 utc" is by that clock, whichever the page shows. */
function withoutZone(text: string, zone: Zone): { readonly text: string; readonly zone: Zone } {
  const [, rest, name] = /^(.*\d) ?(utc|gmt|local)$/.exec(text) ?? [];
  if (rest === undefined) return { text, zone };
  return { text: rest, zone: name === 'local' ? 'local' : 'utc' };
}

function spanOf(text: string): number {
  let ms = 0;
  for (const [, count, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?) ?([a-z])/g)) {
    ms += Number(count) * (UNIT_MS[unit] ?? 0);
  }
  return ms;
}

function readExact(text: string, typed: string): Wanted {
  const at = Date.parse(text.replace(' ', 'T').replace(' ', '').toUpperCase());
  return Number.isNaN(at) ? notUnderstood(typed) : { kind: 'moment', at };
}

type Clock = Pick<WallTime, 'hour' | 'minute' | 'second'>;
const MIDNIGHT: Clock = { hour: 0, minute: 0, second: 0 };

function readDayAndClock(text: string, typed: string, reading: Reading): Wanted {
  const found = CLOCK.exec(text);
  const clock: Clock | null = found && {
    hour: Number(found[2]),
    minute: Number(found[3]),
    second: Number(found[4] ?? 0),
  };
  if (clock && (clock.hour > 23 || clock.minute > 59 || clock.second > 59)) {
    return fault(`No clock shows ${text.slice(found?.[1]?.length ?? 0).trim()}.`);
  }
  const day = found ? (found[1] ?? '') : text;
  const at = momentOn(day, clock ?? MIDNIGHT, reading);
  if (at === null) return notUnderstood(typed);
  return Number.isNaN(at) ? fault(`There is no ${day}.`) : { kind: 'moment', at };
}

const NAMED_DAY = /^(?:(\d{1,2})\.? ([a-z]{3,9})|([a-z]{3,9}) (\d{1,2}))(?:,? (\d{4}))?$/;

/** The moment of a day in words; null where it is none, NaN where the calendar has no such day. */
function momentOn(day: string, clock: Clock, { zone, now }: Reading): number | null {
  const today = wallTime(now, zone);
  const on = (change: Partial<WallTime>): number =>
    momentOf({ ...today, ...change, ...clock }, zone);
  if (day === '' || day === 'today') {
    const at = on({});
    // A clock alone that is still to come was the day before.
    return day === '' && at > now ? on({ day: today.day - 1 }) : at;
  }
  if (day === 'yesterday') return on({ day: today.day - 1 });
  const weekday = indexOf(WEEKDAYS, day);
  if (weekday >= 0) {
    const back = (today.weekday - weekday + 7) % 7;
    const at = on({ day: today.day - back });
    return at > now ? on({ day: today.day - back - 7 }) : at;
  }
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(day);
  if (iso) {
    const [year, month, date] = iso.slice(1).map(Number) as [number, number, number];
    return existing({ year, month: month - 1, day: date }, on);
  }
  const named = NAMED_DAY.exec(day);
  const month = indexOf(MONTHS, named?.[2] ?? named?.[3] ?? '');
  if (!named || month < 0) return null;
  const date = Number(named[1] ?? named[4]);
  if (named[5] !== undefined) return existing({ year: Number(named[5]), month, day: date }, on);
  const at = existing({ year: today.year, month, day: date }, on);
  return at > now ? existing({ year: today.year - 1, month, day: date }, on) : at;
}

/** Which name it is, or begins: "nov" as "november"; -1 for none. */
function indexOf(names: readonly string[], word: string): number {
  return word.length < 3 ? -1 : names.findIndex((name) => name.startsWith(word));
}

type Date3 = Pick<WallTime, 'year' | 'month' | 'day'>;

function existing(date: Date3, on: (change: Date3) => number): number {
  const { year, month, day } = date;
  const known = new Date(Date.UTC(year, month, day));
  return known.getUTCMonth() === month && known.getUTCDate() === day ? on(date) : NaN;
}

function notUnderstood(typed: string): Wanted {
  return fault(`“${typed.trim()}” is no time and no turn. Try ${EXAMPLES}.`);
}

function fault(message: string): Wanted {
  return { kind: 'fault', message };
}
