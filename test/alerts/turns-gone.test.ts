import { describe, expect, it } from 'vitest';
import { ruleOf, type AlertPlace } from '../support/alert-place.js';
import { useDatabase } from '../support/database.js';
import { above, bound, heldUp, openedPlace } from '../support/judging.js';
import { until } from '../support/until.js';

const database = useDatabase();

describe('where stored turns go', () => {
  it('by a purge, every firing stays, and rules go on with their last truth', async () => {
    const place = await openedPlace(database);
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
    const place = await openedPlace(database);
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
    const place = await openedPlace(database);
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
    const place = await openedPlace(database);
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
