import { describe, expect, it } from 'vitest';
import { conditionOf, type ConditionParts } from '../../../src/domain/alerts/condition.js';
import { isPartFault } from '../../../src/domain/alerts/parts.js';
import { MINUTE } from '../../../src/domain/series/span.js';

describe('a condition', () => {
  it.each<[ConditionParts, object]>([
    [{ above: 1.5 }, { kind: 'ABOVE', level: 1.5 }],
    [
      { below: 0, above: null },
      { kind: 'BELOW', level: 0 },
    ],
    [
      { crosses: -2, within: null },
      { kind: 'CROSSES', level: -2 },
    ],
    [
      { movesPercent: 5, within: MINUTE },
      { kind: 'MOVES', percent: 5, within: MINUTE },
    ],
  ])('is made of %j', (parts, condition) => {
    expect(conditionOf(parts)).toEqual(condition);
    expect(isPartFault(conditionOf(parts))).toBe(false);
  });

  it.each<[ConditionParts, keyof ConditionParts | null, RegExp]>([
    [{}, null, /exactly one of above, below, crosses, movesPercent; given: none/],
    [{ within: MINUTE }, null, /exactly one of .*; given: none/],
    [{ above: 1, below: 2 }, null, /given: above and below/],
    [{ crosses: 1, movesPercent: 2, within: MINUTE }, null, /given: crosses and movesPercent/],
    [{ above: Infinity }, 'above', /finite/],
    [{ movesPercent: NaN, within: MINUTE }, 'movesPercent', /finite/],
    [{ movesPercent: 0, within: MINUTE }, 'movesPercent', /above 0/],
    [{ movesPercent: -1, within: MINUTE }, 'movesPercent', /above 0/],
    [{ movesPercent: 1 }, 'within', /required with movesPercent/],
    [{ below: 1, within: MINUTE }, 'within', /not taken with below/],
  ])('is not made of %j', (parts, part, words) => {
    expect(conditionOf(parts)).toEqual({ part, words: expect.stringMatching(words) as string });
    expect(isPartFault(conditionOf(parts))).toBe(true);
  });
});
