import { describe, expect, it, onTestFinished } from 'vitest';
import { useDatabase } from '../support/database.js';
import type { JudgedCycle } from '../../src/alerts/judgement-store.js';
import { until } from '../support/until.js';
import { AlertPlace, ETH_USDT, ruleOf } from '../support/alert-place.js';

const database = useDatabase();

/** 61,000 and ten more for each step. */
const above = (step: number) => ({ kind: 'ABOVE', level: 61_000 + 10 * step }) as const;
const WAVES = [0, 3, 6, 2, -1, 4, 7, 7, 1, 0, 5, -3, 8, 2, 6];

async function opened(): Promise<AlertPlace> {
  const place = await AlertPlace.open(database);
  onTestFinished(() => place.stop());
  return place;
}

describe('rules are judged', () => {
  it('at each stored turn after they were saved, and fire as the definition says', async () => {
    const place = await opened();
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
    const place = await opened();
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
    const place = await opened();
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
      const place = await opened();
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
    const place = await opened();
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
    const place = await opened();
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
    const place = await opened();
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
    const place = await opened();
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

describe('where stored turns go', () => {
  it('by a purge, every firing stays, and rules go on with their last truth', async () => {
    const place = await opened();
    const { rules } = await place.start();
    await place.turns([0]);
    await rules.create(ruleOf(above(4), { cooldown: 4_000 }));
    await rules.create(ruleOf({ kind: 'MOVES', percent: 0.05, within: 1_000 }));
    await place.turns([0, 5]);
    await place.judged();
    await place.purge();
    // It is true still; and nothing is left to look back to.
    await place.turns([5, 9, 9]);
    await place.judged();
    await place.stop();
    await place.start();
    await place.turns([0, 9, 9, 0]);
    await place.judged();
    const firings = await place.firings();
    const turnsOf = (rule: string | undefined) =>
      firings.filter((firing) => firing.rule === rule).map(({ turn }) => turn);
    const [level, moves] = [...idsOf(place)];
    expect(turnsOf(level)).toEqual([3, 8]);
    expect(turnsOf(moves)).toEqual([3, 7, 10]);
  });

  it('by a restore, so do their firings, and what is stored in their place is judged', async () => {
    const place = await opened();
    const { rules } = await place.start();
    await place.turns([0]);
    await rules.create(ruleOf(above(4)));
    await place.turns([9, 0, 0, 9, 0]);
    await rules.create(ruleOf(above(2)));
    await place.turns([9]);
    await place.judged();
    await place.takeBackAfter(3);
    await until(
      'the second rule to begin after what is stored',
      () => place.versions(),
      ([, second]) => second?.afterTurn === 3,
    );
    await place.turns([0, 0, 9, 9, 0, 9]);
    const firings = await place.expectAsDefined();
    expect(firings.map(({ turn }) => turn)).toEqual([2, 6, 6, 9, 9]);
    expect((await place.versions()).map(({ afterTurn }) => afterTurn)).toEqual([1, 3]);
  });

  it('while nobody judges, what was judged of them is taken back at the next start', async () => {
    const place = await opened();
    const { rules } = await place.start();
    await place.turns([0]);
    await rules.create(ruleOf(above(4)));
    await place.turns([9, 0, 9, 0, 9]);
    await place.judged();
    await place.stop();
    await place.takeBackAfter(3);
    await place.turns([0, 0, 9, 0, 9]);
    await place.start();
    const firings = await place.expectAsDefined();
    expect(firings.map(({ turn }) => turn)).toEqual([2, 6, 8]);
  });

  /** A rule that has fired at turns 2, 4 and 6, of which those after turn 3 were taken back, and nobody judges. */
  async function takenBack(): Promise<AlertPlace> {
    const place = await opened();
    const { rules } = await place.start();
    await place.turns([0]);
    await rules.create(ruleOf(above(4)));
    // One by one, so that turn 3 says that what fired was passed on: otherwise turn 4 would have to.
    for (const step of [9, 0]) {
      await place.turns([step]);
      await place.judged();
    }
    await place.turns([9, 0, 9]);
    await place.judged();
    await place.stop();
    await place.takeBackAfter(3);
    return place;
  }

  it.each(['FIRINGS', 'JUDGEMENTS'] as const)(
    'and whoever takes it back is killed before its %s are removed, the next one does it',
    async (moment) => {
      const place = await takenBack();
      const { judgements, firings } = place.database.alerts;
      const remove = () => Promise.reject(new Error('killed'));
      const { evaluation } = await place.start(
        moment === 'FIRINGS'
          ? { firings: { ...bound(firings), remove } }
          : { judgements: { ...bound(judgements), remove } },
      );
      await place.turns([0, 0]);
      await until(
        'it to end',
        () => evaluation.warnings,
        ([words]) => words?.includes('killed') === true,
      );
      await place.stop();
      await place.start();
      await place.turns([9]);
      const stored = await place.expectAsDefined();
      expect(stored.map(({ turn }) => turn)).toEqual([2, 6]);
    },
  );

  it('and whoever found it leads no more, nothing is removed of what the next one has judged since', async () => {
    const place = await takenBack();
    const { judgements, hasRead, goOn } = heldUp(place);
    const held = await place.start({ judgements });
    await place.turns([0, 9]);
    await hasRead();
    held.lease.isHeld = false;
    await place.start();
    await place.turns([0]);
    await place.judged();
    goOn();
    await held.evaluation.stop();
    await place.stop();
    await place.start();
    await place.turns([9]);
    const stored = await place.expectAsDefined();
    expect(stored.map(({ turn }) => turn)).toEqual([2, 5, 7]);
  });

  it('what whoever was held up meanwhile has written of one of them counts for nothing', async () => {
    const place = await takenBack();
    const { judgements, firings } = place.database.alerts;
    const { turns } = await judgements.all();
    const old = turns.find(({ turn }) => turn === 4);
    if (!old || old.firings.length !== 1) throw new Error('turn 4 has fired');
    await place.start();
    await place.turns([0, 0, 9, 0]);
    await place.judged();
    // It was about to commit turn 4 as it was before.
    expect(await judgements.add([old], 'held up')).toBe(1);
    await firings.add(old.firings);
    await place.stop();
    await place.start();
    await place.turns([9, 0, 9]);
    const stored = await place.expectAsDefined();
    expect(stored.map(({ turn }) => turn)).toEqual([2, 6, 8, 10]);
  });
});

/** Rules by their ids, in the order in which they were made. */
function idsOf({ instance: { book } }: AlertPlace): string[] {
  return book.current.map(({ rule }) => rule);
}

/** What came of turns, for whoever reads it and is held up then, until it may go on. */
function heldUp({ database }: AlertPlace) {
  const { judgements } = database.alerts;
  let goOn = () => {};
  const goesOn = new Promise<void>((resolve) => (goOn = resolve));
  let isRead = false;
  const all = async () => {
    const found = await judgements.all();
    isRead = true;
    await goesOn;
    return found;
  };
  return {
    judgements: { ...bound(judgements), all },
    goOn,
    /** Resolves once it was read. */
    hasRead: () =>
      until(
        'it to read where to go on',
        () => isRead,
        (is) => is,
      ),
  };
}

/** A store whose methods can be taken out one by one. */
function bound<T extends object>(store: T): T {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(store) as object);
  const entries = methods.map((name) => [
    name,
    (...args: unknown[]) => (store[name as keyof T] as (...all: unknown[]) => unknown)(...args),
  ]);
  return Object.fromEntries(entries.filter(([name]) => name !== 'constructor')) as T;
}

/** What a rule is to be after a change. */
function changed(before: ReturnType<typeof ruleOf>, change: object) {
  const { name, line, condition, cooldown, channels, isEnabled } = before;
  const content = { name, line, condition, cooldown, channels, isEnabled, ...change };
  return Promise.resolve({ ok: true as const, content });
}
