import { InvalidArgumentError } from 'commander';
import { isFault } from '../domain/series/fault.js';
import { parseMoment, type Moment } from '../domain/series/moment.js';
import { parseSpan, type Span } from '../domain/series/span.js';

/** Reads a turn: 1, 2, 3, … */
export function readTurn(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a turn: 1, 2, 3, …');
}

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Reads a length of time, for example `15m`, `12h` or `30d`: milliseconds. */
export function readDuration(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  const ms = UNITS_MS[unit ?? ''];
  if (ms !== undefined) return Number(count) * ms;
  throw new InvalidArgumentError('Expected a length of time such as 15m, 12h or 30d.');
}

/** Reads a span of history, for example `30s`, `5m` or `2w`: milliseconds. */
export function readSpan(text: string): Span {
  const span = parseSpan(text);
  if (isFault(span)) throw new InvalidArgumentError(`It ${span.words}.`);
  return span;
}

/** Reads a moment, for example `2026-01-31T12:00:00Z`, `now` or `now-7d`. */
export function readMoment(text: string): Moment {
  const moment = parseMoment(text);
  if (isFault(moment)) throw new InvalidArgumentError(`It ${moment.words}.`);
  return moment;
}
