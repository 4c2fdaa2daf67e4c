import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aligned, isolated } from '../../src/dashboard/charts/aligned.js';
import { extentOf, moved, zoomed } from '../../src/dashboard/charts/ranges.js';
import { pathOf } from '../../src/dashboard/charts/sparkline-path.js';
import { tickLabels, withoutCut } from '../../src/dashboard/charts/time-axis.js';
import { usableLocale } from '../../src/dashboard/format/usable-locale.js';

const format = String;

describe('what a chart draws', () => {
  it('has one column of moments; a line without one of them has no gap there, one without a value has', () => {
    const lines = [
      { name: 'A', times: [1, 2, 4], values: [10, null, 40], format },
      { name: 'B', times: [1, 3, 4], values: [1, 3, 4], format },
    ];
    expect(aligned({ lines })).toEqual([
      [1, 2, 3, 4],
      [10, null, undefined, 40],
      [1, undefined, 3, 4],
    ]);
  });

  it('has its candles first, and lines of the same moments as they are', () => {
    const times = [1, 2];
    const candles = { name: 'C', times, open: [1, 2], high: [3, 4], low: [0, 1], close: [2, 3] };
    const lines = [{ name: 'A', times: [1, 2], values: [5, 6], format }];
    expect(aligned({ lines, candles: { ...candles, every: 1, format } })).toEqual([
      [1, 2],
      [1, 2],
      [3, 4],
      [0, 1],
      [2, 3],
      [5, 6],
    ]);
  });

  it('has a dot for each point without a neighbour to draw a line to', () => {
    expect(isolated([1, null, 2, 3, null, 4])).toEqual([0, 5]);
    // What another line's moments leave open parts nothing.
    expect(isolated([1, undefined, 2, null, undefined, 4, undefined, null, 5])).toEqual([5, 8]);
    expect(isolated([null, undefined])).toEqual([]);
  });
});

describe('a range of time', () => {
  const range = fc
    .tuple(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 10_000, max: 1e11 }))
    .map(([from, span]) => ({ from, to: from + span }));

  it('is zoomed about a moment, which keeps its place, and back again', () => {
    fc.assert(
      fc.property(range, fc.double({ min: 0, max: 1, noNaN: true }), (one, share) => {
        const at = one.from + share * (one.to - one.from);
        const near = zoomed(one, at, 0.5);
        expect(near.to - near.from).toBeCloseTo((one.to - one.from) / 2, 0);
        expect((at - near.from) / (near.to - near.from)).toBeCloseTo(share, 3);
        const back = zoomed(near, at, 2);
        expect(back.from).toBeCloseTo(one.from, -1);
      }),
    );
  });

  it('is never so short that nothing is in it', () => {
    const near = zoomed({ from: 0, to: 3_000 }, 1_500, 0.001);
    expect(near.to - near.from).toBe(2_000);
    expect(moved(near, 10)).toEqual({ from: near.from + 10, to: near.to + 10 });
  });

  it('is by default all that there is', () => {
    expect(extentOf([[5, 9], [], [2, 7]])).toEqual({ from: 2, to: 9 });
    expect(extentOf([[5]])).toEqual({ from: -995, to: 1_005 });
  });
});

it('a time axis has clocks, and a day where it changes', () => {
  const hour = 3_600_000;
  const midnight = Date.UTC(2026, 10, 25);
  const labels = (from: number, step: number, count: number) =>
    tickLabels(
      Array.from({ length: count }, (_, at) => from + at * step),
      step,
      'utc',
    );
  expect(labels(midnight - 2 * hour, hour, 4)).toEqual(['22:00', '23:00', '25 Nov', '01:00']);
  expect(labels(midnight - 20_000, 30_000, 2)).toEqual(['23:59:40', '00:00:10\n25 Nov']);
  expect(labels(midnight, 24 * hour, 2)).toEqual(['25 Nov', '26 Nov']);
  // Half a second apart, every other one is of the same second.
  const seconds = ['01:00:00', '', '01:00:01', ''];
  expect(labels(midnight + hour, 500, 4)).toEqual(seconds);
  expect(labels(Date.UTC(2025, 11, 31), 24 * hour, 2)).toEqual(['31 Dec 2025', '1 Jan']);
});

it('a time axis leaves out the labels that the edge of the chart would cut, by their longest line', () => {
  const widthOf = ({ length }: string) => length * 10;
  expect(withoutCut(['10:00', '11:00', '12:00'], [24, 100, 175], 200, widthOf)).toEqual([
    '',
    '11:00',
    '12:00',
  ]);
  expect(withoutCut(['10:00', '00:10\n25 Nov'], [25, 172], 200, widthOf)).toEqual(['10:00', '']);
});

it('a sparkline begins anew after a gap, and draws a lone point', () => {
  expect(pathOf([0, 1, null, 1], undefined, 32, 12)).toBe(
    'M1.0 11.0L1.0 11.0L11.0 1.0M31.0 1.0L31.0 1.0',
  );
  expect(pathOf([3, 3], [0, 10], 12, 12)).toBe('M1.0 11.0L1.0 11.0L11.0 11.0');
  expect(pathOf([null], undefined, 12, 12)).toBe('');
});

it('a browser without a locale of its own is read one that can be formatted with', () => {
  expect(usableLocale(['de-DE'])).toBe('de-DE');
  expect(usableLocale(['en-US@posix'])).toBe('en-US');
  expect(usableLocale(['C', 'fr'])).toBe('fr');
  expect(usableLocale(['C', 'POSIX'])).toBe('en-GB');
  expect(usableLocale(['pt_BR.UTF-8'])).toBe('pt-BR');
  expect(usableLocale([''])).toBe('en-GB');
});
