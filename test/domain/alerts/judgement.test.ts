import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withinOf, type Condition } from '../../../src/domain/alerts/condition.js';
import { begun, Judgement, type RuleState } from '../../../src/domain/alerts/judgement.js';
import { LookBack } from '../../../src/domain/alerts/look-back.js';
import { stateOfNext, type RuleVersion } from '../../../src/domain/alerts/rule.js';
import type { Line } from '../../../src/domain/series/line.js';
import { SECOND } from '../../../src/domain/series/span.js';
import { definedFirings, type WatchedTurn } from '../../support/defined-firings.js';

const LINE: Line = { kind: 'STRATEGY', figure: 'QUANT' };
const ABOVE_10: Condition = { kind: 'ABOVE', level: 10 };

/** Turns a second apart, from turn 1 on. */
function turnsOf(values: readonly (number | null)[], times?: readonly number[]): WatchedTurn[] {
  return values.map((value, at) => ({
    turn: at + 1,
    observedAt: (times?.[at] ?? at) * SECOND,
    value,
  }));
}

/** At which turns versions fire, each state written down and read back where `isKept` says so. */
function fired(
  versions: readonly RuleVersion[],
  turns: readonly WatchedTurn[],
  isKept: (turn: number) => boolean = () => false,
): number[] {
  const firings: number[] = [];
  let state = begun((versions[0] as RuleVersion).afterTurn);
  versions.forEach((version, place) => {
    const before = versions[place - 1];
    if (before) state = stateOfNext(before, state, version);
    const within = withinOf(version.condition);
    const lookBack = within === null ? null : new LookBack(within);
    let judgement = new Judgement(version, state);
    for (const { turn, observedAt, value } of turns) {
      const isOwn =
        turn > version.afterTurn && turn <= (versions[place + 1]?.afterTurn ?? Infinity);
      if (version.isEnabled && isOwn) {
        const earlier = lookBack?.markAt(observedAt);
        if (judgement.take(turn, observedAt, value ?? NaN, earlier)) firings.push(turn);
        state = judgement.state;
        if (isKept(turn))
          judgement = new Judgement(version, JSON.parse(JSON.stringify(state)) as RuleState);
      }
      lookBack?.add(observedAt, value ?? NaN);
    }
  });
  return firings;
}

function version(part: Partial<RuleVersion>): RuleVersion {
  const rule = { line: LINE, condition: ABOVE_10, cooldown: 0 };
  return { ...rule, version: 1, isEnabled: true, afterTurn: 0, ...part };
}

describe('a rule', () => {
  it.each<[string, Condition, (number | null)[], number[]]>([
    ['ABOVE fires where it becomes true', ABOVE_10, [9, 11, 12, 10, 11], [2, 5]],
    ['ABOVE fires at its first turn: a new rule begins as not true', ABOVE_10, [11, 12], [1]],
    ['a value equal to the level is not above it', ABOVE_10, [10, 10], []],
    ['turns without a value change nothing', ABOVE_10, [11, null, 12, 9, null, 11], [1, 6]],
    ['BELOW fires where it becomes true', { kind: 'BELOW', level: 0 }, [0, -1, -2, 0, -1], [2, 5]],
    [
      'CROSSES fires each time, up and down',
      { kind: 'CROSSES', level: 2 },
      [1, 3, 4, 1, 3],
      [2, 4, 5],
    ],
    ['a first value crosses nothing', { kind: 'CROSSES', level: 2 }, [3, 4], []],
    [
      'CROSSES fires once where a value is the level itself, when it is left on the other side',
      { kind: 'CROSSES', level: 2 },
      [1, 2, 3, 2, null, 3, 2, 1],
      [3, 8],
    ],
    [
      'CROSSES begins at no side where the first value is the level itself',
      { kind: 'CROSSES', level: 2 },
      [2, 3, 2, 1],
      [4],
    ],
  ])('%s', (_, condition, values, turns) => {
    expect(fired([version({ condition })], turnsOf(values))).toEqual(turns);
  });

  const moves = (percent: number, seconds: number): Condition => ({
    kind: 'MOVES',
    percent,
    within: seconds * SECOND,
  });
  it.each<[string, Condition, (number | null)[], number[], number[]]>([
    // 110 against 100 of two seconds before; at turn 4 the last turn 2 s before is turn 2.
    ['MOVES up', moves(10, 2), [100, 100, 110, 111, 121], [0, 1, 2, 3, 4], [3]],
    ['MOVES down', moves(10, 1), [100, 89, 89, 80], [0, 1, 2, 3], [2, 4]],
    ['what is 2 spans back counts', moves(10, 2), [100, 110], [0, 4], [2]],
    ['what is more than 2 spans back does not', moves(10, 2), [100, 110], [0, 5], []],
    [
      'a turn without a value is looked back to, and tells nothing',
      moves(10, 2),
      [100, null, 110],
      [0, 1, 3],
      [],
    ],
    ['nothing is told against 0', moves(10, 1), [0, 1, 2], [0, 1, 2], [3]],
    ['nor against the other sign', moves(10, 1), [-1, 1, -1], [0, 1, 2], []],
    ['a fall to 0 is one of 100 percent', moves(100, 1), [5, 0], [0, 1], [2]],
    ['negative values move too', moves(50, 1), [-2, -3], [0, 1], [2]],
    // At turns 5 and 6 that cannot be told: it is as true as it was at turn 4.
    [
      'what cannot be told changes nothing',
      moves(10, 1),
      [1, 2, 4, 0, 0, 1, 2],
      [0, 1, 2, 3, 9, 10, 11],
      [2],
    ],
    // Turn 3 goes back to second 1: it is the last that is a second before turn 4, and looks back to turn 1.
    [
      'the last turn is so by its number, though the clock goes back',
      moves(10, 1),
      [1, 5, 2, 2],
      [0, 3, 1, 2],
      [3],
    ],
  ])('%s', (_, condition, values, seconds, turns) => {
    expect(fired([version({ condition })], turnsOf(values, seconds))).toEqual(turns);
  });

  it('looks back to turns before it', () => {
    const rule = version({ condition: moves(10, 2), afterTurn: 3 });
    expect(fired([rule], turnsOf([100, 100, 100, 110]))).toEqual([4]);
  });

  it.each<[string, number, number[], number[]]>([
    ['loses an edge within its cooldown', 3, [0, 1, 2, 3, 4, 5], [1, 5]],
    ['fires again when just the cooldown has passed', 2, [0, 1, 2, 3, 4, 5], [1, 3, 5]],
    ['counts it either way of the clock', 3, [10, 11, 8, 9, 7, 6], [1, 5]],
    ['counts it from the last firing alone', 4, [10, 11, 8, 9, 7, 5], [1]],
  ])('%s', (_, seconds, times, turns) => {
    const rule = version({ cooldown: seconds * SECOND });
    expect(fired([rule], turnsOf([11, 0, 11, 0, 11, 0], times))).toEqual(turns);
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
/** Steps of the clock: mostly on, some of them back, far, or to nowhere. */
const aStep = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 1, max: 4_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: -40_000, max: 200_000 }) },
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

describe('a look back', () => {
  it('tells the last turn that was observed a span before, and at most two, or says that it cannot', () => {
    const within = 10 * SECOND;
    fc.assert(
      fc.property(fc.array(aStep, { minLength: 1, maxLength: 2_000 }), (steps) => {
        const lookBack = new LookBack(within);
        const times: number[] = [];
        for (const step of steps) {
          const now = (times.at(-1) ?? 0) + step;
          const last = times.findLastIndex((time) => time <= now - within);
          const isNear = last >= 0 && now - (times[last] as number) <= 2 * within;
          if (lookBack.canTell(now)) expect(lookBack.markAt(now)).toBe(isNear ? last : NaN);
          // It remembers all that may be asked for while the clock does not go back by more than the span.
          else expect(now).toBeLessThan(Math.max(...times) - within);
          lookBack.add(now, times.push(now) - 1);
        }
      }),
    );
  });

  it('tells the same when it is given the turns from some moment on alone', () => {
    const within = 10 * SECOND;
    fc.assert(
      fc.property(fc.array(aStep, { minLength: 2, maxLength: 300 }), fc.nat(), (steps, seed) => {
        const times: number[] = [];
        for (const step of steps) times.push((times.at(-1) ?? 0) + step);
        const begin = seed % times.length;
        const since = LookBack.sinceFor(within, times[begin] as number);
        const first = times.findIndex((time) => time >= since);
        const [whole, part] = [new LookBack(within), new LookBack(within, since)];
        times.forEach((time, turn) => {
          if (turn >= begin && whole.canTell(time) && part.canTell(time)) {
            expect(part.markAt(time)).toBe(whole.markAt(time));
          }
          if (turn >= begin && time >= (times[begin] as number) && whole.canTell(time)) {
            const goneBack = Math.max(...times.slice(begin, turn + 1)) - time;
            if (goneBack <= within) expect(part.canTell(time)).toBe(true);
          }
          whole.add(time, turn);
          if (turn >= first) part.add(time, turn);
        });
      }),
    );
  });

  it('remembers no more than it needs: a million turns later it says that it cannot tell of the first', () => {
    const lookBack = new LookBack(10 * SECOND);
    for (let turn = 0; turn < 1_000_000; turn++) lookBack.add(turn * SECOND, turn);
    expect(lookBack.canTell(20 * SECOND)).toBe(false);
    expect(lookBack.markAt(1_000_000 * SECOND)).toBe(999_990);
  });
});
