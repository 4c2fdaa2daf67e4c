import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/domain/series/fault.js';
import { parseMoment, resolveMoment, type Moment } from '../../../src/domain/series/moment.js';

const DAY = 86_400_000;
const EXTENT = { start: Date.UTC(2022, 0, 1), now: Date.UTC(2026, 0, 1) };
const read = (text: string): number => resolveMoment(parseMoment(text) as Moment, EXTENT);

describe('a moment', () => {
  it('is every time that a clock of this world shows', () => {
    const dates = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(read(date.toISOString())).toBe(date.getTime());
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31t12:00:00.5z', '2026-01-31T12:00:00.500Z'],
    ['2026-01-31T12:00:00.123999Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00+05:30', '2026-01-31T06:30:00.000Z'],
    ['2026-01-31T12:00:00-01:00', '2026-01-31T13:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(read(text)).toBe(Date.parse(iso));
  });

  it('is counted from what is stored first or last', () => {
    expect(read('now')).toBe(EXTENT.now);
    expect(read('start')).toBe(EXTENT.start);
    expect(read('now-7d')).toBe(EXTENT.now - 7 * DAY);
    expect(read('start+1d')).toBe(EXTENT.start + DAY);
    expect(read('now+1d')).toBe(EXTENT.now + DAY);
  });

  it.each([
    ...['', 'today', '2026-01-31', '2026-01-31T12:00:00', '2026-01-31 12:00:00Z', '1769860800000'],
    ...['2026-02-29T00:00:00Z', '2100-02-29T00:00:00Z', '2026-13-01T00:00:00Z'],
    ...['2026-00-01T00:00:00Z', '2026-01-00T00:00:00Z', '2026-04-31T00:00:00Z'],
    ...['2026-01-31T24:00:00Z', '2026-01-31T23:60:00Z', '2026-01-31T23:59:60Z'],
    ...['2026-01-31T12:00:00.Z', '2026-01-31T12:00:00+0530', '2026-01-31T12:00:00+24:00'],
    ...['now7d', 'now - 7d', 'Now', 'now-', 'now-7', 'now-0d', 'start+1y', 'now-turn'],
  ])('%j is none, and what is expected is said', (text) => {
    expect(parseMoment(text)).toBeInstanceOf(Fault);
    expect((parseMoment(text) as Fault).words).toMatch(/is expected$/);
  });
});
