import { describe, expect, it } from 'vitest';
import { FORMULA_VERSION } from '../../src/domain/cycle.js';
import { StorageMarks } from '../../src/feeds/storage-marks.js';

const MARKS = { visibleFrom: 1, purgedThrough: 0, cacheResets: 0 };

/** Marks as an instance learns them with its first turn. */
function known(): StorageMarks {
  const marks = new StorageMarks();
  marks.apply(MARKS);
  return marks;
}

describe('the epoch of the storage', () => {
  it('names the version of the formulas, and stays while nothing stored is changed', () => {
    const marks = known();
    const { epoch } = marks;
    expect(epoch).toMatch(new RegExp(`^${FORMULA_VERSION}-[\\w-]{16}$`));
    marks.apply({ ...MARKS });
    expect(marks.epoch).toBe(epoch);
  });

  it.each([
    ['a purge', { ...MARKS, purgedThrough: 7 }],
    ['retention', { ...MARKS, visibleFrom: 8 }],
    ['a reset', { ...MARKS, cacheResets: 1 }],
  ])('is another after %s', (_what, changed) => {
    const marks = known();
    const { epoch } = marks;
    marks.apply(changed);
    expect(marks.epoch).not.toBe(epoch);
  });

  it('is another after each rewind', () => {
    const marks = known();
    const epochs = [marks.epoch];
    for (let n = 0; n < 3; n++) {
      marks.countRewind();
      epochs.push(marks.epoch);
    }
    expect(new Set(epochs).size).toBe(4);
  });

  it('is another for ranges of time while turns fall into what was over, and the same for turns', () => {
    const marks = known();
    const { epoch } = marks;
    const epochs = [10, 20, 20, 15, 19, 20, 30].map((observedAt) => {
      marks.observe(observedAt);
      return marks.rangeEpoch;
    });
    const [, , before, first, second, third, after] = epochs;
    expect(new Set(epochs.slice(0, 3))).toEqual(new Set([epoch]));
    expect(new Set([before, first, second]).size).toBe(3);
    expect([third, after]).toEqual([second, second]);
    expect(marks.epoch).toBe(epoch);
  });

  it('is another at each start: a database may have been put back in between', () => {
    expect(known().epoch).not.toBe(known().epoch);
    expect(known().toString()).toBe(known().toString());
  });
});
