import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../src/domain/alerts/condition.js';
import type { RuleVersion } from '../../../src/domain/alerts/rule.js';
import type { Line } from '../../../src/domain/series/line.js';
import { SECOND } from '../../../src/domain/series/span.js';
import { definedFirings, type WatchedTurn } from '../../support/defined-firings.js';
import { ABOVE_10, aStep, fired, LINE, turnsOf, version } from '../../support/judged.js';

/** As schema/numbers.md has it. */
describe('the example by hand', () => {
  const MINUTE = 60 * SECOND;
  const turns = [9, 11, 12, null, 10, 11].map((value, at) => {
    return { turn: at + 1, observedAt: at * MINUTE, value };
  });

  it.each<[Condition, number, number[]]>([
    [ABOVE_10, 0, [2, 6]],
    [ABOVE_10, 5, [2]],
    [{ kind: 'BELOW', level: 10 }, 0, [1]],
    [{ kind: 'CROSSES', level: 10 }, 0, [2]],
    [{ kind: 'MOVES', percent: 10, within: MINUTE }, 0, [2, 6]],
  ])('%j with a cooldown of %d minutes fires at %j', (condition, minutes, firing) => {
    const rule = version({ condition, cooldown: minutes * MINUTE });
    expect(fired([rule], turns)).toEqual(firing);
    expect(definedFirings([rule], () => turns).map(({ turn }) => turn)).toEqual(firing);
  });
});

describe('the versions of a rule', () => {
  const values = turnsOf([11, 12, 13, 9, 14, 15, 16]);
  it.each<[string, Partial<RuleVersion>[], number[]]>([
    ['begin after the latest turn that was stored', [{ afterTurn: 2 }], [3, 5]],
    [
      'go on with their truth where neither line nor condition changes',
      [{}, { afterTurn: 2 }],
      [1, 5],
    ],
    [
      'begin anew where the condition changes',
      [{}, { afterTurn: 2, condition: { kind: 'ABOVE', level: 8 } }],
      [1, 3],
    ],
    [
      'begin anew where the line changes, though it changes back before the next turn',
      [{}, { afterTurn: 2, line: { kind: 'STRATEGY', figure: 'GRT' } }, { afterTurn: 2 }],
      [1, 3, 5],
    ],
    [
      'begin anew where they are enabled',
      [{}, { afterTurn: 1, isEnabled: false }, { afterTurn: 2 }],
      [1, 3, 5],
    ],
    ['fire not while they are disabled', [{ isEnabled: false }, { afterTurn: 4 }], [5]],
    [
      'go on with their cooldown',
      [{ cooldown: 60 * SECOND }, { afterTurn: 2, cooldown: 4 * SECOND }],
      [1, 5],
    ],
    [
      'are without a firing where they begin anew',
      [
        { cooldown: 60 * SECOND },
        { afterTurn: 2, cooldown: 60 * SECOND, condition: { kind: 'ABOVE', level: 8 } },
      ],
      [1, 3],
    ],
  ])('%s', (_, changes, turns) => {
    const versions = changes.map((change, at) => version({ ...change, version: at + 1 }));
    expect(fired(versions, values)).toEqual(turns);
    expect(definedFirings(versions, () => values).map(({ turn }) => turn)).toEqual(turns);
  });
});

const level = fc.constantFrom(-1, 0, 1, 2);
const aCondition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constantFrom('ABOVE', 'BELOW', 'CROSSES'), level }),
  fc.record({
    kind: fc.constant('MOVES'),
    percent: fc.constantFrom(1, 50, 100),
    within: fc.integer({ min: 1, max: 40 }).map((seconds) => seconds * SECOND),
  }),
);
const aValue = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(-2, -1, 0, 1, 1.5, 2, 3) },
  { weight: 2, arbitrary: fc.constant(null) },
);
const someTurns = fc
  .array(fc.tuple(aStep, aValue, fc.integer({ min: 1, max: 2 })), { maxLength: 400 })
  .map((steps) => {
    let [turn, observedAt] = [0, 1_700_000_000_000];
    return steps.map(([step, value, next]): WatchedTurn => {
      turn += next;
      observedAt += step;
      return { turn, observedAt, value };
    });
  });
const someVersions = fc
  .array(
    fc.record({
      condition: aCondition,
      line: fc.constantFrom<Line>(LINE, { kind: 'STRATEGY', figure: 'GRT' }),
      cooldown: fc.constantFrom(0, 0, 5 * SECOND, 60 * SECOND),
      isEnabled: fc.constantFrom(true, true, true, false),
      after: fc.integer({ min: 0, max: 60 }),
      keepsRule: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => {
    const versions: RuleVersion[] = [];
    for (const { after, keepsRule, ...part } of parts) {
      const before = versions.at(-1);
      const kept = keepsRule && before ? { line: before.line, condition: before.condition } : {};
      const afterTurn = (before?.afterTurn ?? 0) + after;
      versions.push({ ...part, ...kept, version: versions.length + 1, afterTurn });
    }
    return versions;
  });

describe('the firings of a rule', () => {
  it('are those of the definition, whatever its versions, over any turns and clock', () => {
    fc.assert(
      fc.property(someVersions, someTurns, (versions, turns) => {
        const defined = definedFirings(versions, () => turns).map(({ turn }) => turn);
        expect(fired(versions, turns)).toEqual(defined);
      }),
      { numRuns: 500 },
    );
  });

  it('are the same where its state is written down and read back between any two turns', () => {
    fc.assert(
      fc.property(someVersions, someTurns, fc.func(fc.boolean()), (versions, turns, isKept) => {
        expect(fired(versions, turns, isKept)).toEqual(fired(versions, turns));
      }),
    );
  });
});
