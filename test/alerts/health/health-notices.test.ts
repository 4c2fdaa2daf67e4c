import { expect, it } from 'vitest';
import { HealthNotices } from '../../../src/alerts/health/health-notices.js';
import type { HealthNotice } from '../../../src/domain/alerts/health.js';
import { DatabaseUnavailableError } from '../../../src/history/database-unavailable.js';
import { keptLogger } from '../../support/logs.js';
import { until } from '../../support/until.js';

const AWAY: HealthNotice = {
  ...{ id: 'DATABASE_AWAY-7', kind: 'DATABASE_AWAY', since: 1_000, until: null, words: 'away' },
};

/** Notices whose database is away until a test says otherwise, and that are told when it says so. */
function place() {
  const state = { isAway: true, fails: false, told: [] as string[], toldAway: [] as string[] };
  const telling: (() => void)[] = [];
  const notices = new HealthNotices({
    store: {
      save: () =>
        state.isAway ? Promise.reject(new DatabaseUnavailableError('away')) : Promise.resolve(),
      newest: () => Promise.resolve([]),
      open: () => Promise.resolve([]),
    },
    files: {
      read: () => Promise.resolve([]),
      write: () => Promise.resolve(),
      removeRead: () => Promise.resolve(),
    },
    async tell(some) {
      if (state.fails) throw new DatabaseUnavailableError('away again');
      await new Promise<void>((resolve) => telling.push(resolve));
      state.told.push(...some.map(({ id }) => id));
    },
    tellAway: (some) => state.toldAway.push(...some.map(({ id }) => id)),
    log: keptLogger(),
  });
  return Object.assign(state, { notices, telling });
}

it('what is on its way to people through the database is not told without it meanwhile', async () => {
  const world = place();
  const { notices } = world;
  notices.add([AWAY]);
  await notices.close();
  expect(world.toldAway).toContain(AWAY.id);
  world.toldAway.length = 0;
  world.isAway = false;
  notices.storeWaiting();
  await until(
    'it to be on its way',
    () => world.telling.length,
    (count) => count === 1,
  );
  notices.tellAgain();
  world.telling[0]?.();
  await notices.close();
  notices.tellAgain();
  expect(world.toldAway).toEqual([]);
  expect(world.told).toEqual([AWAY.id]);
});

it('what could not be told through the database after all is told without it again', async () => {
  const world = place();
  const { notices } = world;
  notices.add([AWAY]);
  await notices.close();
  world.isAway = false;
  world.fails = true;
  notices.storeWaiting();
  await notices.close();
  world.toldAway.length = 0;
  notices.tellAgain();
  expect(world.toldAway).toEqual([AWAY.id]);
});
