import { expect, it } from 'vitest';
import { NEWEST_KEPT, VersionCompaction } from '../../src/alerts/version-compaction.js';
import { ruleOf } from '../support/alert-place.js';
import { useDatabase } from '../support/database.js';
import { above, openedPlace } from '../support/judging.js';

const database = useDatabase();

it('versions of a rule that never fired are removed, but for the newest, and judging goes on', async () => {
  const place = await openedPlace(database);
  const { rules } = await place.start();
  await place.turns([0]);
  const { rule = '' } = (await rules.create(ruleOf(above(4)))) ?? {};
  await place.turns([9, 0]);
  const change = (name: string, step: number) =>
    rules.update(rule, () =>
      Promise.resolve({ ok: true as const, content: ruleOf(above(step), { name }) }),
    );
  for (let changed = 0; changed < 20; changed++) await change(`without turns ${changed}`, 4);
  await place.turns([0]);
  for (let changed = 0; changed < NEWEST_KEPT; changed++) await change(`a change ${changed}`, 6);
  // What came of turns is kept back to the last but one of those that are written whole.
  for (const turn of [1_100, 2_200, 3_300, 4_400]) {
    place.leaveOutThrough(turn);
    await place.turns([9, 0]);
  }
  await place.judged();
  const kept = (await place.versions()).map(({ version }) => version);
  const newest = 1 + 20 + NEWEST_KEPT;
  expect(kept).toEqual([
    1,
    ...Array.from({ length: NEWEST_KEPT }, (_, at) => newest - NEWEST_KEPT + 1 + at),
  ]);
  await place.stop();
  await place.start();
  expect(place.instance.book.version(rule, 2)).toBeNull();
  await place.turns([9, 0, 9]);
  await place.judged();
  const firings = await place.firings();
  expect(firings.map(({ turn, version }) => [turn, version])).toEqual([
    [2, 1],
    ...[1_101, 2_201, 3_301, 4_401, 4_403, 4_405].map((turn) => [turn, newest]),
  ]);
});

it('versions that were seen to are not asked about again, unless that failed', async () => {
  const versions = Array.from({ length: NEWEST_KEPT + 3 }, (_, at) => ({
    ...ruleOf(above(1)),
    ...{ rule: 'a rule', version: at + 1, sequence: 10 * at, afterTurn: at, isDeleted: false },
  }));
  let asked = 0;
  let isAway = true;
  const removed: number[] = [];
  const compaction = new VersionCompaction({
    rules: {
      remove: (sequences) => {
        removed.push(...sequences);
        return isAway ? Promise.reject(new Error('away')) : Promise.resolve();
      },
    },
    firings: { versionsOf: () => Promise.resolve(asked++ < 2 ? [2] : []) },
  });
  await expect(compaction.run([versions], 3)).rejects.toThrow('away');
  isAway = false;
  await compaction.run([versions], 3);
  await compaction.run([versions], 3);
  expect([asked, removed]).toEqual([2, [0, 0]]);
  await compaction.run([versions], 4);
  expect([asked, removed]).toEqual([3, [0, 0, 20]]);
});
