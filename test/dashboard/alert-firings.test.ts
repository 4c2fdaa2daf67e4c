import { describe, expect, it } from 'vitest';
import { MOST_FIRINGS, withAdded } from '../../src/dashboard/alerts/firings.js';
import { NONE_KNOWN, withNewest, withRead } from '../../src/dashboard/alerts/last-firings.js';
import { unseenOf } from '../../src/dashboard/alerts/unseen.js';
import type { AlertRuleFragment } from '../../src/generated/operations.js';
import { STORED_RULE } from '../support/stored-rule.js';

describe('the last firing of a rule', () => {
  const firing = (id: string, rule: AlertRuleFragment | null) => ({
    ...{ id, turn: 7, observedAt: '2026-11-24T14:22:08Z', value: 1, version: 3 },
    alert: rule,
  });
  const busy = { ...STORED_RULE, id: 'busy' };
  const [own, other, later] = [firing('b', STORED_RULE), firing('c', busy), firing('d', busy)];

  it('stays known when so many others have fired that it is none of the newest any more', () => {
    const first = withNewest(NONE_KNOWN, [other, own, firing('a', STORED_RULE), firing('_', null)]);
    expect([...first]).toEqual([
      ['rule-1', own],
      ['busy', other],
    ]);
    const then = withNewest(first, [later, other]);
    expect(then.get('rule-1')).toBe(own);
    expect(then.get('busy')).toBe(later);
  });

  it('is not taken for none once some of those that came were let go', () => {
    const begun = { newest: [own], olderAfter: null, isWhole: true };
    const many = Array.from({ length: MOST_FIRINGS - 1 }, (_, n) => firing(`n${n}`, busy));
    const full = withAdded(begun, many);
    expect(full).toMatchObject({ isWhole: true, olderAfter: null });
    expect(full.newest?.at(0)).toBe(many.at(-1));
    expect(full.newest?.at(-1)).toBe(own);
    const cut = withAdded(full, [later]);
    expect(cut.isWhole).toBe(false);
    expect(cut.newest).toEqual([later, ...(full.newest ?? []).slice(0, -1)]);
    const before = { newest: [], olderAfter: 'a cursor', isWhole: false };
    expect(withAdded(before, [own])).toEqual({ ...before, newest: [own] });
  });

  it('that is read is none where one came meanwhile, and all are forgotten with the firings', () => {
    const asked = withRead(NONE_KNOWN, 'rule-1', null);
    expect(asked.get('rule-1')).toBeNull();
    const fired = withNewest(asked, [own]);
    expect(withRead(fired, 'rule-1', null).get('rule-1')).toBe(own);
    expect(withNewest(fired, null).size).toBe(0);
  });
});

describe('firings not yet seen', () => {
  const firing = (id: string, turn: number) => ({ id, turn });
  const newest = [firing('c', 9), firing('b', 9), firing('a', 4)];

  it('are those before the one that was shown last, or of later turns where that is gone', () => {
    expect(unseenOf(newest, null)).toHaveLength(3);
    expect(unseenOf(newest, { id: 'b', turn: 9 }).map(({ id }) => id)).toEqual(['c']);
    expect(unseenOf(newest, { id: 'c', turn: 9 })).toEqual([]);
    expect(unseenOf(newest, { id: 'gone', turn: 5 }).map(({ id }) => id)).toEqual(['c', 'b']);
  });
});
