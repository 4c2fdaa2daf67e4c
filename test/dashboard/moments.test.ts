import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  formatAge,
  formatClock,
  formatMoment,
  formatMomentNear,
  formatSpan,
  formatWeekday,
  formatZone,
  momentOf,
  wallTime,
} from '../../src/dashboard/format/moment-text.js';

const MOMENT = '2026-11-24T14:22:08.750Z';

describe('moments', () => {
  beforeEach(() => {
    vi.stubEnv('TZ', 'America/St_Johns');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('are shown with as much as is asked for, in either zone', () => {
    expect(formatMoment(MOMENT, 'utc', 'second')).toBe('24 Nov 2026 14:22:08');
    expect(formatMoment(Date.parse(MOMENT), 'utc', 'minute')).toBe('24 Nov 2026 14:22');
    expect(formatMoment(MOMENT, 'utc', 'day')).toBe('24 Nov 2026');
    expect(formatMoment('2026-11-24T02:00:00Z', 'local', 'minute')).toBe('23 Nov 2026 22:30');
    expect(formatClock(MOMENT, 'utc')).toBe('14:22:08');
    expect(formatClock(MOMENT, 'local', 'minute')).toBe('10:52');
    expect(formatWeekday(MOMENT, 'utc')).toBe('Tue');
  });

  it('leave out the day that they share with another one', () => {
    const near = (at: string) => formatMomentNear(at, MOMENT, 'utc', 'minute');
    expect(near('2026-11-24T00:00:00Z')).toBe('00:00');
    expect(near('2026-11-23T23:59:00Z')).toBe('23 Nov 23:59');
    expect(near('2022-11-24T14:22:00Z')).toBe('24 Nov 2022 14:22');
    expect(formatMomentNear('2026-11-24T00:00:00Z', MOMENT, 'utc', 'day')).toBe('24 Nov');
  });

  it('are a dash where there is none', () => {
    expect(formatMoment(null, 'utc', 'day')).toBe('–');
    expect(formatMoment('soon', 'local', 'second')).toBe('–');
    expect(formatMomentNear(null, MOMENT, 'utc')).toBe('–');
    expect(formatClock('', 'utc')).toBe('–');
  });

  it('name the zone that they are in', () => {
    expect(formatZone(MOMENT, 'utc')).toBe('UTC');
    expect(formatZone(MOMENT, 'local')).toBe('UTC−3:30');
    expect(formatZone('2026-07-01T00:00:00Z', 'local')).toBe('UTC−2:30');
    vi.stubEnv('TZ', 'Europe/Berlin');
    expect(formatZone(MOMENT, 'local')).toBe('UTC+1');
    vi.stubEnv('TZ', 'UTC');
    expect(formatZone(MOMENT, 'local')).toBe('UTC');
  });

  it.each(['local', 'utc'] as const)('go to calendar and clock and back, %s', (zone) => {
    for (const at of ['2026-03-29T03:30:00Z', '2024-02-29T23:59:59Z', '1999-12-31T23:00:00Z']) {
      expect(momentOf(wallTime(at, zone), zone)).toBe(Date.parse(at));
    }
    const wall = wallTime(MOMENT, zone);
    const previous = momentOf({ ...wall, day: 0 }, zone);
    expect(formatMoment(previous, zone, 'day')).toBe('31 Oct 2026');
  });

  it('need no locale that the browser could format with', () => {
    const refuse = (): never => {
      throw new RangeError('Incorrect locale information provided');
    };
    const formats = ['DateTimeFormat', 'NumberFormat', 'RelativeTimeFormat'] as const;
    const spies = [
      ...formats.map((name) => vi.spyOn(Intl, name).mockImplementation(refuse)),
      vi.spyOn(Date.prototype, 'toLocaleString').mockImplementation(refuse),
      vi.spyOn(Date.prototype, 'toLocaleDateString').mockImplementation(refuse),
      vi.spyOn(Date.prototype, 'toLocaleTimeString').mockImplementation(refuse),
      vi.spyOn(Number.prototype, 'toLocaleString').mockImplementation(refuse),
    ];
    try {
      expect(() => (12_345).toLocaleString()).toThrow(RangeError);
      expect(formatMoment(MOMENT, 'local', 'second')).toBe('24 Nov 2026 10:52:08');
      expect(formatMomentNear(MOMENT, 0, 'local')).toBe('24 Nov 2026 10:52:08');
      expect([formatZone(MOMENT, 'local'), formatAge(600), formatSpan(90_000)]).toEqual([
        'UTC−3:30',
        '0.6 s',
        '1 min 30 s',
      ]);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });
});

describe('ages and spans', () => {
  it.each([
    [-40, '0.0 s'],
    [640, '0.6 s'],
    [9_949, '9.9 s'],
    [9_960, '10 s'],
    [59_600, '1 min'],
    [12 * 60_000, '12 min'],
    [59.7 * 60_000, '1 h'],
    [26 * 3_600_000, '26 h'],
    [72 * 3_600_000, '3 d'],
    [null, '–'],
    [NaN, '–'],
  ])('an age of %s ms is %s', (ms, words) => {
    expect(formatAge(ms)).toBe(words);
  });

  it.each([
    [0, '0 ms'],
    [250, '250 ms'],
    [8_000, '8 s'],
    [90_000, '1 min 30 s'],
    [59_600, '1 min'],
    [3_599_900, '1 h'],
    [86_400_000, '24 h'],
    [7 * 86_400_000, '7 d'],
    [100 * 3_600_000, '4 d 4 h'],
    [-90_000, '1 min 30 s'],
    [null, '–'],
  ])('a span of %s ms is %s', (ms, words) => {
    expect(formatSpan(ms)).toBe(words);
  });
});
