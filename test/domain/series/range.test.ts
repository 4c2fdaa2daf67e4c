import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/domain/series/fault.js';
import { parseMoment, type Moment } from '../../../src/domain/series/moment.js';
import {
  chooseEvery,
  countBuckets,
  faultOfEvery,
  faultOfMaxPoints,
  rangeBetween,
  widened,
} from '../../../src/domain/series/range.js';
import { formatSpan, parseSpan } from '../../../src/domain/series/span.js';

const START = Date.UTC(2022, 10, 8, 22, 40);
const EXTENT = { start: START, now: START + 3_600_000 };
const moment = (text: string) => parseMoment(text) as Moment;
const DAY = { from: Date.UTC(2022, 10, 8), to: Date.UTC(2022, 10, 9) };
const EVERY_8_S = { turns: 10_800, intervalMs: 8000 };

describe('a range', () => {
  it('is cut to what is stored', () => {
    const whole = { from: EXTENT.start, to: EXTENT.now };
    expect(rangeBetween(moment('start-1d'), moment('now+1d'), EXTENT)).toEqual(whole);
    expect(rangeBetween(moment('2022-11-08T23:00:00Z'), moment('now-1s'), EXTENT)).toEqual({
      from: Date.UTC(2022, 10, 8, 23),
      to: EXTENT.now - 1000,
    });
    for (const [from, to] of [
      ['now+1d', 'now+2d'],
      ['start-2d', 'start-1d'],
    ] as const) {
      const { from: begin, to: end } = rangeBetween(moment(from), moment(to), EXTENT) as typeof DAY;
      expect(end - begin).toBe(0);
    }
  });

  it('does not go back', () => {
    expect(rangeBetween(moment('now'), moment('now-1s'), EXTENT)).toBeInstanceOf(Fault);
  });

  it('is widened to whole buckets, but for one point a turn', () => {
    const range = { from: START + 1, to: START + 120_001 };
    expect(widened(range, 60_000)).toEqual({ from: START, to: START + 180_000 });
    expect(widened(range, 'turn')).toEqual(range);
    expect(widened({ from: 7, to: 7 }, 60_000)).toEqual({ from: 7, to: 7 });
    fc.assert(
      fc.property(fc.nat(4e12), fc.integer({ min: 1, max: 1e9 }), fc.nat(1e6), (from, ms, s) => {
        const span = (s + 1) * 1000;
        const wide = widened({ from, to: from + ms }, span);
        expect(wide.from).toBeLessThanOrEqual(from);
        expect(wide.to).toBeGreaterThanOrEqual(from + ms);
        expect((wide.to - wide.from) / span).toBe(countBuckets({ from, to: from + ms }, span));
        expect(widened(wide, span)).toEqual(wide);
      }),
    );
  });
});

describe('how fine an answer is where nothing is said', () => {
  it.each([
    [DAY, { turns: 500, intervalMs: 8000 }, 500, 'turn'],
    [DAY, EVERY_8_S, 500, '5m'],
    [DAY, EVERY_8_S, 20_000, 'turn'],
    [DAY, EVERY_8_S, 10_799, '30s'],
    [DAY, { turns: 86_400, intervalMs: 1000 }, 20_000, '5s'],
    [DAY, { turns: 501, intervalMs: 3 * 3_600_000 }, 500, '6h'],
    [DAY, EVERY_8_S, 1, '1d'],
    [{ from: 0, to: 1000 * 604_800_000 }, EVERY_8_S, 100, '11w'],
  ] as const)('of %o with %o and at most %d points it is %s', (range, density, most, every) => {
    expect(formatSpan(chooseEvery(range, density, most))).toBe(every);
  });

  it('never gives more points than allowed, and nothing finer would do', () => {
    const usual = '1s 2s 5s 10s 15s 30s 1m 2m 5m 10m 15m 30m 1h 2h 4h 6h 12h 1d 1w'.split(' ');
    const points = fc.integer({ min: 2, max: 20_000 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1e12, max: 2e12 }),
        fc.integer({ min: 1, max: 4e11 }),
        points,
        fc.integer({ min: 50, max: 1e8 }),
        (from, ms, most, intervalMs) => {
          const range = { from, to: from + ms };
          const every = chooseEvery(range, { turns: most + 1, intervalMs }, most) as number;
          expect(countBuckets(range, every)).toBeLessThanOrEqual(most);
          expect(every).toBeGreaterThanOrEqual(2 * intervalMs);
          for (const text of usual) {
            const span = parseSpan(text) as number;
            if (span >= every || span < 2 * intervalMs) continue;
            expect(countBuckets(range, span)).toBeGreaterThan(most);
          }
        },
      ),
    );
  });
});

describe('how fine an answer is asked for', () => {
  it('is refused where it gives too many points, with one that fits', () => {
    expect(faultOfEvery(60_000, DAY, EVERY_8_S, 500)?.words).toBe(
      'gives 1440 points, more than 500: 5m fits',
    );
    expect(faultOfEvery('turn', DAY, EVERY_8_S, 500)?.words).toBe(
      'gives 10800 points, more than 500: 5m fits',
    );
    expect(faultOfEvery(300_000, DAY, EVERY_8_S, 500)).toBeNull();
    expect(faultOfEvery('turn', DAY, EVERY_8_S, 20_000)).toBeNull();
  });

  it.each([0, -1, 1.5, 20_001, NaN])('at most %d points are refused', (points) => {
    expect(faultOfMaxPoints(points)?.words).toBe('is not from 1 to 20000');
    expect(faultOfMaxPoints(20_000)).toBeNull();
  });
});
