import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../src/domain/alerts/condition.js';
import { SECOND } from '../../../src/domain/series/span.js';
import { ABOVE_10, fired, turnsOf, version } from '../../support/judged.js';

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
