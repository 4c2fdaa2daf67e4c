import { expect, it } from 'vitest';
import { JudgedRules } from '../../src/alerts/judged-rules.js';
import type { StoredVersion } from '../../src/alerts/rule-store.js';
import { ruleOf } from '../support/alert-place.js';

it('of rules that were deleted nothing is written down any more, however many there were', () => {
  const made = (rule: string, sequence: number): StoredVersion => ({
    ...ruleOf({ kind: 'ABOVE', level: 1 }),
    ...{ rule, sequence, version: 1, afterTurn: 0, isDeleted: false },
  });
  const [stays, goes] = [made('a', 1), made('b', 2)];
  const rules = new JudgedRules(new Map());
  const ended = { version: 2, sequence: 3, afterTurn: 1, isEnabled: false, isDeleted: true };
  rules.know([[stays], [goes, { ...goes, ...ended }]]);
  const judge = (turn: number) =>
    rules.judge(rules.planFor(turn), { turn, observedAt: turn, values: [2], earlier: [] });
  expect(judge(1).firings.map(({ rule }) => rule)).toEqual(['a', 'b']);
  expect(rules.states.map(({ rule }) => rule)).toEqual(['a', 'b']);
  expect(judge(2).firings).toEqual([]);
  expect(rules.states.map(({ rule }) => rule)).toEqual(['a']);
});
