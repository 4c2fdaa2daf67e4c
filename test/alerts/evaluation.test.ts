import { describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import type { JudgedCycle } from '../../src/alerts/judgement-store.js';
import { until } from '../support/until.js';
import { ETH_USDT, ruleOf, type AlertPlace } from '../support/alert-place.js';
import { above, bound, heldUp, openedPlace } from '../support/judging.js';

const database = useDatabase();

const WAVES = [0, 3, 6, 2, -1, 4, 7, 7, 1, 0, 5, -3, 8, 2, 6];

describe('rules are judged', () => {
  it('at each stored turn after they were saved, and fire as the definition says', async () => {
    const place = await openedPlace(database);
    const { rules } = await place.start();
    await place.turns([9, 0]);
    const crosses = { kind: 'CROSSES', level: 3_047 } as const;
    await rules.create(ruleOf(above(4)));
    await rules.create(ruleOf({ kind: 'BELOW', level: 61_005 }, { cooldown: 4_000 }));
    await rules.create(ruleOf(crosses, { line: ETH_USDT }));
    const moves = { kind: 'MOVES', percent: 0.05, within: 2_000 } as const;
    await rules.create(ruleOf(moves));
    await place.turns(WAVES);
    const firings = await place.expectAsDefined();
    expect(new Set(firings.map(({ rule }) => rule)).size).toBe(4);
    expect(place.passedOn).toEqual(firings);
  });

  it('by the version that was there when a turn was stored: a change in the middle, disabled, enabled, deleted', async () => {
    const place = await openedPlace(database);
    const { rules } = await place.start();
    await place.turns([0]);
    const made = await rules.create(ruleOf(above(4)));
    const rule = made?.rule ?? '';
    const change = (content: object) =>
      rules.update(rule, async (before) => changed(before, content));
    await place.turns([5]);
    await change({ name: 'another name' });
    await place.turns([6, 0]);
    await change({ condition: above(2) });
    await place.turns([3, 3]);
    await change({ isEnabled: false });
    await place.turns([0, 9]);
    await change({ isEnabled: true });
    await place.turns([9, 0, 9]);
    expect(await rules.delete(rule)).toBe(true);
    await place.turns([0, 9]);
    const firings = await place.expectAsDefined();
    expect(firings.map(({ turn, version }) => [turn, version])).toEqual([
      [2, 1],
      [5, 3],
      [9, 5],
      [11, 5],
    ]);
    expect(await rules.delete(rule)).toBe(false);
  });

  it('that look back, over turns that were stored before the rule, and before this instance', async () => {
    const place = await openedPlace(database);
    await place.start();
    await place.turns([0, 0, 0]);
    await place.instance.rules.create(ruleOf({ kind: 'MOVES', percent: 0.1, within: 3_000 }));
    await place.turns([7, 0, 0]);
    await place.judged();
    await place.stop();
    await place.start();
    await place.turns([0, 9, 0, 0, 9]);
    const firings = await place.expectAsDefined();
    expect(firings.map(({ turn }) => turn)).toEqual([4, 7]);
  });
});

describe('each firing is there once', () => {
  /** An instance that ends at a moment, as if it were killed: what it has in memory is lost. */
  async function endingAt(
    place: AlertPlace,
    moment: 'JUDGEMENTS' | 'FIRINGS' | 'PASSING',
  ): Promise<void> {
    const { judgements, firings } = place.database.alerts;
    const killed = () => Promise.reject(new Error('killed'));
    await place.start({
      judgements: moment === 'JUDGEMENTS' ? { ...bound(judgements), add: killed } : judgements,
      firings: moment === 'FIRINGS' ? { ...bound(firings), add: killed } : firings,
      ...(moment === 'PASSING' && { onFirings: killed }),
    });
  }

  it.each(['JUDGEMENTS', 'FIRINGS', 'PASSING'] as const)(
    'where everything ends before its %s are through',
    async (moment) => {
      const place = await openedPlace(database);
      const { rules } = await place.start();
      await place.turns([0]);
      await rules.create(ruleOf(above(4)));
      await rules.create(ruleOf(above(6), { cooldown: 3_000 }));
      await place.turns([2, 5, 0]);
      await place.judged();
      await place.stop();
      await endingAt(place, moment);
      const { evaluation } = place.instance;
      await place.turns([8, 1, 8]);
      await until(
        'it to end',
        () => evaluation.warnings,
        ([words]) => words?.includes('killed') === true,
      );
      await place.stop();
      await place.start();
      await place.turns([0, 8]);
      const firings = await place.expectAsDefined();
      expect(firings.length).toBe(6);
      const told = new Set(place.passedOn.map(({ rule, turn }) => `${turn} ${rule}`));
      expect(told).toEqual(new Set(firings.map(({ rule, turn }) => `${turn} ${rule}`)));
    },
  );

  it('where two instances both take themselves to lead, and where the lease moves', async () => {
    const place = await openedPlace(database);
    const first = await place.start();
    const second = await place.start();
    await place.turns([0]);
    const made = await first.rules.create(ruleOf(above(4)));
    await second.rules.create(ruleOf({ kind: 'CROSSES', level: 61_045 }));
    await place.turns(WAVES);
    second.lease.isHeld = false;
    await place.turns(WAVES);
    await first.rules.update(made?.rule ?? '', async (before) =>
      changed(before, { condition: above(1) }),
    );
    first.lease.isHeld = false;
    await place.turns(WAVES);
    second.lease.isHeld = true;
    await place.turns(WAVES);
    await place.expectAsDefined();
  });

  it('where one that was held up while it read where to go on no longer leads then', async () => {
    const place = await openedPlace(database);
    const first = await place.start();
    await place.turns([0]);
    await first.rules.create(ruleOf(above(4)));
    await place.turns([9, 0]);
    await place.judged();
    const { judgements, hasRead, goOn } = heldUp(place);
    const held = await place.start({ judgements });
    await hasRead();
    held.lease.isHeld = false;
    await place.turns([9]);
    await until(
      'the first to judge turn 4',
      () => first.evaluation.judgedThrough,
      (turn) => turn >= 4,
    );
    goOn();
    await held.evaluation.stop();
    await place.turns([9]);
    await until(
      'the first to judge turn 5',
      () => first.evaluation.judgedThrough,
      (turn) => turn >= 5,
    );
    await place.stop();
    await place.start();
    await place.turns([9, 0, 9]);
    const firings = await place.expectAsDefined();
    expect(firings.map(({ turn }) => turn)).toEqual([2, 4, 8]);
  });

  it('where the oldest of what is written down cannot be read', async () => {
    const place = await openedPlace(database);
    const { rules } = await place.start();
    await place.turns([0]);
    await rules.create(ruleOf(above(4)));
    await place.turns([9, 0, 9]);
    await place.judged();
    await place.stop();
    const { judgements } = place.database.alerts;
    let isDamaged = true;
    const all = async () => {
      const found = await judgements.all();
      return isDamaged ? { turns: [], rest: found.turns } : found;
    };
    const remove = (turns: readonly JudgedCycle[]) => {
      isDamaged = false;
      return judgements.remove(turns);
    };
    await place.start({ judgements: { ...bound(judgements), all, remove } });
    await place.turns([9, 0, 9]);
    const firings = await place.expectAsDefined();
    expect(firings.map(({ turn }) => turn)).toEqual([2, 4, 7]);
  });

  it('where turns come from disk after an outage, and none before it is stored', async () => {
    const place = await openedPlace(database);
    const backlog = { turns: [] as number[] };
    const { rules, evaluation } = await place.start({ backlog });
    await place.turns([0]);
    await rules.create(ruleOf(above(4)));
    backlog.turns = [4, 5];
    await place.turns([9, 0, 9, 0]);
    await until(
      'turn 3 to be judged',
      () => evaluation.judgedThrough,
      (turn) => turn === 3,
    );
    expect((await place.firings()).map(({ turn }) => turn)).toEqual([2]);
    backlog.turns = [];
    const firings = await place.expectAsDefined();
    expect(firings.map(({ turn }) => turn)).toEqual([2, 4]);
  });
});

/** What a rule is to be after a change. */
function changed(before: ReturnType<typeof ruleOf>, change: object) {
  const { name, line, condition, cooldown, channels, isEnabled } = before;
  const content = { name, line, condition, cooldown, channels, isEnabled, ...change };
  return Promise.resolve({ ok: true as const, content });
}
