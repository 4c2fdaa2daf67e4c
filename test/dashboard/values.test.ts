import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meets } from '../../src/dashboard/matrix/grid.js';
import { formatValue, shadingOf } from '../../src/dashboard/matrix/kinds.js';
import { cell } from '../support/grids.js';

describe('a value', () => {
  it.each([
    ['ID_BENCHMARK', 61_234.567, '61,235'],
    ['ID_BENCHMARK', 0.0000163, '1.63E-5'],
    ['ID_DELTA', -2.7322e-7, '-2.732E-7'],
    ['ID_DELTA', 0, '0'],
    ['ID_PERCENT', 1.6666, '+1.67'],
    ['ID_PERCENT', -0.001, '0.00'],
    ['ID_PCT', 0.01234, '+0.012'],
    ['QUANTID', -1, '-1.000'],
    ['ID_PERCENT', null, '–'],
  ] as const)('of %s, %s, is written %s', (kind, value, text) => {
    expect(formatValue(kind, value)).toBe(text);
  });

  it('is shown in full from the threshold on; a missing one never', () => {
    expect([0.4, -0.5, null].map((value) => meets(value, 0.5))).toEqual([false, true, false]);
    expect(meets(null, null)).toBe(true);
  });

  it('is shaded to its side of zero, no further than the full colour, and not at all at zero', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ID_DELTA', 'ID_PERCENT', 'ID_PCT', 'QUANTID'),
        fc.array(cell, { minLength: 1 }),
        (kind, values) => {
          const shading = shadingOf(kind, false, values);
          for (const value of values) {
            const shade = shading.of(value);
            expect(Math.abs(shade)).toBeLessThanOrEqual(1 + 1e-9);
            if (!value) expect(shade === 0).toBe(true);
            else expect(shade * value).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });

  it('of a benchmark is shaded by how far it is from 1, the same either way', () => {
    const shading = shadingOf('ID_BENCHMARK', false, [100, 0.01, 10]);
    expect(shading.of(1)).toBe(0);
    expect(shading.of(10)).toBeCloseTo(0.5);
    expect(shading.of(0.01)).toBeCloseTo(-1);
  });
});
