import { describe, expect, it } from 'vitest';
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

  it('take no memory that they may not take', () => {
    const most = () => {
      throw new Error('too much');
    };
    // No array is so long.
    expect(() => new WindowCourse(1, 2 ** 40, most)).toThrow('too much');
  });
});
