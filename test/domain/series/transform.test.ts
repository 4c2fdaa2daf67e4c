import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  faultOfTransform,
  stepOf,
  TRANSFORM_KINDS,
  type Transform,
} from '../../../src/domain/series/transform.js';
import { definedTransforms } from '../../support/defined-series.js';

const OF_LENGTH = ['MOVING_AVERAGE', 'EWMA', 'ZSCORE'];

const valueOrNull = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 0.1, -0.1, Number.MAX_VALUE, -Number.MAX_VALUE) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const series = fc.array(valueOrNull, { maxLength: 40 });
const transform: fc.Arbitrary<Transform> = fc
  .tuple(fc.constantFrom(...TRANSFORM_KINDS), fc.integer({ min: 2, max: 6 }))
  .map(([kind, length]) => ({ kind, length: OF_LENGTH.includes(kind) ? length : null }));

function transformed(values: readonly (number | null)[], chain: readonly Transform[]) {
  const step = stepOf(chain);
  return values.map((value) => step(value ?? NaN)).map((v) => (Number.isNaN(v) ? null : v));
}

describe('transforms', () => {
  it.each<[Transform, (number | null)[], (number | null)[]]>([
    [{ kind: 'DIFFERENCE' }, [1, null, 4, 2], [null, null, 3, -2]],
    [{ kind: 'LOG_RETURN' }, [1, Math.E, 0, 1, -1], [null, 1, null, null, null]],
    [{ kind: 'CUMULATIVE_PERCENT' }, [null, 2, 3, 1], [null, 0, 50, -50]],
    [{ kind: 'CUMULATIVE_PERCENT' }, [0, 3], [null, null]],
    [{ kind: 'MOVING_AVERAGE', length: 2 }, [1, 3, null, 5], [null, 2, null, 4]],
    [{ kind: 'EWMA', length: 3 }, [1, 3, null, 0], [1, 2, null, 1]],
    [{ kind: 'ZSCORE', length: 3 }, [1, 2, 3, 3, 3], [null, null, 1, 0.5773502691896255, null]],
    [{ kind: 'ZSCORE', length: 3 }, [0.1, 0.1, 0.1], [null, null, null]],
  ])('%o of %j', (kind, values, expected) => {
    const result = transformed(values, [kind]);
    expect(result.map((v) => v === null)).toEqual(expected.map((v) => v === null));
    result.forEach((v, at) => expect(v ?? 0).toBeCloseTo(expected[at] ?? 0, 14));
  });

  it('of random values are those of the definitions, in chains too', () => {
    fc.assert(
      fc.property(series, fc.array(transform, { maxLength: 3 }), (values, chain) => {
        let expected: readonly (number | null)[] = values;
        for (const { kind, length } of chain) {
          expected = definedTransforms[kind]?.(expected, length ?? NaN) ?? [];
        }
        expect(transformed(values, chain)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('go on after what is beyond a double as if it had not been there', () => {
    const most = Number.MAX_VALUE;
    expect(transformed([most, -most, 1], [{ kind: 'DIFFERENCE' }])).toEqual([null, null, most]);
    expect(
      transformed([most, -most, 1, 3], [{ kind: 'DIFFERENCE' }, { kind: 'EWMA', length: 3 }]),
    ).toEqual([null, null, most, most / 2 + 1]);
  });

  it('take a length where they are of the last values, and no other', () => {
    for (const kind of TRANSFORM_KINDS) {
      const takes = OF_LENGTH.includes(kind);
      for (const length of [2, 10_000]) {
        expect(faultOfTransform({ kind, length }) === null).toBe(takes);
      }
      expect(faultOfTransform({ kind }) === null).toBe(!takes);
      expect(faultOfTransform({ kind, length: null }) === null).toBe(!takes);
      for (const length of [1, 10_001, 2.5, NaN]) {
        expect(faultOfTransform({ kind, length })?.words).toMatch(/^(of|is not taken by) /);
      }
    }
  });
});
