import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { BYTES_OF_A_PRICE, WindowCourse } from '../../src/domain/window/window-course.js';

const BUCKETS = 10;
const BYTES_OF_A_VERSION = BUCKETS * (BYTES_OF_A_PRICE + 4);

/** Turns that are in the fifth bucket and the one after it by turns. */
function turns(count: number) {
  const column = Float64Array.from({ length: count }, (_, n) => n + 1);
  return {
    places: Int32Array.from(column, (_, n) => 5 + (n % 2)),
    line: {
      ...{ values: column, isStale: new Uint8Array(count), nulls: new Int32Array(count) },
      paths: null,
    },
  };
}

describe('the windows that turns see', () => {
  it('are kept as they were seen where the clock goes back, for as long as there is memory', () => {
    const taken: number[] = [];
    const course = new WindowCourse(1, BUCKETS, (bytes) => {
      taken.push(bytes / BYTES_OF_A_VERSION);
      if (taken.length > 3) throw new Error('too much');
    });
    const { places, line } = turns(100);
    // Each second turn changes what the one before it has seen.
    expect(() => course.add(places, [line])).toThrow('too much');
    expect(taken).toEqual([1, 2, 3, 4]);
  });

  it('have the returns of their buckets in whatever order they are asked for, and no others are worked out', () => {
    const count = 200;
    const course = new WindowCourse(1, count, () => undefined);
    const values = Float64Array.from({ length: count }, (_, n) => 2 + Math.sin(n * n));
    const isStale = new Uint8Array(count);
    const line = { values, isStale, nulls: new Int32Array(count), paths: null };
    const places = Int32Array.from(values, (_, n) => n);
    const windows = course.add(places, [line]);
    const log = vi.spyOn(Math, 'log');
    onTestFinished(() => log.mockRestore());
    for (const [open, length, most] of [
      [199, 5, 5],
      [198, 5, 1],
      [150, 5, 5],
      [153, 5, 3],
      [152, 7, 0],
      [160, 20, 14],
      [199, 5, 5],
      [11, 10, 10],
    ] as const) {
      log.mockClear();
      const [own] = course.returnsOf(windows[open] as number, length);
      expect(log.mock.calls.length).toBeLessThanOrEqual(most);
      const expected = [...places.subarray(open - length, open)].map((n) => {
        return Math.log(values[n]! / values[n - 1]!);
      });
      expect([...own!.returns]).toEqual(expected);
    }
  });

  it('take no memory that they may not take', () => {
    const most = () => {
      throw new Error('too much');
    };
    // No array is so long.
    expect(() => new WindowCourse(1, 2 ** 40, most)).toThrow('too much');
  });
});
