import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/domain/series/fault.js';
import {
  bucketOf,
  bucketStart,
  formatSpan,
  LONGEST_SPAN,
  parseEvery,
  parseSpan,
} from '../../../src/domain/series/span.js';

const spans = fc.integer({ min: 1, max: LONGEST_SPAN / 1000 }).map((seconds) => seconds * 1000);
const moments = fc.integer({ min: -1e12, max: 4e12 });

describe('a span', () => {
  it.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['520w', LONGEST_SPAN],
  ])('%s is %d ms', (text, ms) => {
    expect(parseSpan(text)).toBe(ms);
  });

  it.each(['', 's', '0s', '-1s', '+1s', '1.5h', '05m', '1 m', '1M', '1y', '521w', '1e3s', '1ms'])(
    '%j is none, and what is expected is said',
    (text) => {
      expect(parseSpan(text)).toBeInstanceOf(Fault);
      expect((parseSpan(text) as Fault).words).toContain('for example 30s, 5m or 7d');
    },
  );

  it('turn is one only where it says how fine an answer is', () => {
    expect(parseEvery('turn')).toBe('turn');
    expect(parseEvery('1d')).toBe(86_400_000);
    expect(parseSpan('turn')).toBeInstanceOf(Fault);
    expect((parseEvery('none') as Fault).words).toContain('turn, or a whole number above 0');
  });

  it('is written in its longest unit, and read again as the same', () => {
    expect(formatSpan(120_000)).toBe('2m');
    expect(formatSpan(90_000)).toBe('90s');
    expect(formatSpan('turn')).toBe('turn');
    fc.assert(
      fc.property(spans, (span) => {
        expect(parseSpan(formatSpan(span))).toBe(span);
      }),
    );
  });
});

describe('buckets of a span', () => {
  it('part the time, each moment into one', () => {
    fc.assert(
      fc.property(spans, moments, (span, moment) => {
        const bucket = bucketOf(moment, span);
        expect(bucketStart(bucket, span)).toBeLessThanOrEqual(moment);
        expect(bucketStart(bucket + 1, span)).toBeGreaterThan(moment);
        expect(bucketOf(bucketStart(bucket, span), span)).toBe(bucket);
      }),
    );
  });

  it('begin with the days, in UTC, and whole weeks with Mondays', () => {
    const wednesday = Date.UTC(2022, 10, 9, 12, 30);
    const startOf = (text: string) => {
      const span = parseSpan(text) as number;
      return new Date(bucketStart(bucketOf(wednesday, span), span)).toISOString();
    };
    expect(startOf('1h')).toBe('2022-11-09T12:00:00.000Z');
    expect(startOf('1d')).toBe('2022-11-09T00:00:00.000Z');
    expect(startOf('1w')).toBe('2022-11-07T00:00:00.000Z');
    expect(startOf('7d')).toBe(startOf('1w'));
    expect(new Date(startOf('3w')).getUTCDay()).toBe(1);
  });
});
