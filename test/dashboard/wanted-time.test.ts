import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readWanted } from '../../src/dashboard/time/wanted.js';

/** A Tuesday, 15:22:08 in Berlin. */
const NOW = Date.parse('2026-11-24T14:22:08Z');

/** What a text means, in short: a moment as RFC 3339 text. */
function meant(text: string, zone: 'local' | 'utc' = 'local', now = NOW): string | number {
  const wanted = readWanted(text, { zone, now });
  switch (wanted.kind) {
    case 'live':
      return 'live';
    case 'turn':
      return wanted.turn;
    case 'moment':
      return new Date(wanted.at).toISOString().replace('.000Z', 'Z');
    case 'fault':
      return wanted.message;
  }
}

describe('a time or a turn that is typed', () => {
  beforeEach(() => {
    vi.stubEnv('TZ', 'Europe/Berlin');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    ['10482', 10_482],
    ['10,482', 10_482],
    ['#7', 7],
    ['turn 1 000 000', 1_000_000],
    ['now', 'live'],
    [' LIVE ', 'live'],
  ])('%s is a turn, or the newest', (text, expected) => {
    expect(meant(text)).toBe(expected);
  });

  it.each([
    ['14:30', '2026-11-24T13:30:00Z'],
    ['14:30:05', '2026-11-24T13:30:05Z'],
    // Still to come today, so it was yesterday.
    ['15:30', '2026-11-23T14:30:00Z'],
    ['today 9:00', '2026-11-24T08:00:00Z'],
    ['yesterday 14:00', '2026-11-23T13:00:00Z'],
    ['Yesterday', '2026-11-22T23:00:00Z'],
    ['mon 12:00', '2026-11-23T11:00:00Z'],
    // Later than now on the same day of the week: a week ago.
    ['Tuesday, 16:00', '2026-11-17T15:00:00Z'],
    ['24 Nov 14:00', '2026-11-24T13:00:00Z'],
    ['nov 24, 2022 14:00', '2022-11-24T13:00:00Z'],
    // This year's is still to come.
    ['3 december', '2025-12-02T23:00:00Z'],
    ['2026-11-24 14:00', '2026-11-24T13:00:00Z'],
    ['2026-7-4', '2026-07-03T22:00:00Z'],
    ['14:30 utc', '2026-11-23T14:30:00Z'],
    ['2026-11-24T14:00:00Z', '2026-11-24T14:00:00Z'],
    ['2026-11-24 14:00+05:30', '2026-11-24T08:30:00Z'],
  ])('%s is by the clock of the zone', (text, expected) => {
    expect(meant(text)).toBe(expected);
  });

  it.each([
    ['-2h', '2026-11-24T12:22:08Z'],
    ['−90s', '2026-11-24T14:20:38Z'],
    ['-1h 30m', '2026-11-24T12:52:08Z'],
    ['1.5h ago', '2026-11-24T12:52:08Z'],
    ['now-7d', '2026-11-17T14:22:08Z'],
  ])('%s is so long before the newest', (text, expected) => {
    expect(meant(text)).toBe(expected);
  });

  it('is by the clock that the page shows', () => {
    expect(meant('14:00', 'utc')).toBe('2026-11-24T14:00:00Z');
    expect(meant('yesterday', 'utc')).toBe('2026-11-23T00:00:00Z');
    expect(meant('14:00 local', 'utc')).toBe('2026-11-24T13:00:00Z');
    // The night in which the clock goes back: the first of the two.
    const night = Date.parse('2026-10-25T12:00:00Z');
    expect(meant('02:30', 'local', night)).toBe('2026-10-25T00:30:00Z');
  });

  it.each([
    ['', 'Type a time or a turn: 14:30, yesterday'],
    ['soon', '“soon” is no time and no turn. Try 14:30'],
    ['month', '“month” is no time'],
    ['25:00', 'No clock shows 25:00.'],
    ['yesterday 12:75', 'No clock shows 12:75.'],
    ['2026-02-30', 'There is no 2026-02-30.'],
    ['31 feb 10:00', 'There is no 31 feb.'],
    ['2026-99-99', 'There is no 2026-99-99.'],
    ['-2 fortnights', '“-2 fortnights” is no time'],
  ])('%s is refused with a word of what would do', (text, words) => {
    expect(meant(text)).toContain(words);
  });
});
