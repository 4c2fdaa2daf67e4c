import { expect, it, onTestFinished } from 'vitest';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { Instances } from '../../src/cluster/instances.js';
import type { CycleStore } from '../../src/history/cycle-store.js';
import type { Notification, NotificationChannel } from '../../src/feeds/notifications.js';
import { SkippedTurns } from '../../src/feeds/skipped-turns.js';
import { StrategyFeed } from '../../src/feeds/strategy-feed.js';
import { chain, figures } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { PATIENCE } from '../support/patience.js';

const database = useDatabase();

/** A channel over which nothing comes. */
const silent: NotificationChannel = {
  publish: () => undefined,
  // oxlint-disable-next-line require-yield
  async *follow(signal): AsyncGenerator<Notification> {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  },
};

it('a cycle that is found in the database is announced once it is durable, not before', async () => {
  const { cycles, controlStore } = await database.open();
  const [first] = chain(1);
  if (!first) throw new Error('too few');
  await cycles.save(first);
  let confirm: () => void = () => undefined;
  let isAsked = false;
  const undurable: Pick<CycleStore, 'range' | 'confirmed'> = {
    range: (range) => cycles.range(range),
    confirmed: (found) => {
      isAsked = true;
      return new Promise((resolve) => (confirm = () => resolve([...found])));
    },
  };
  const feed = new CycleFeed(cycles);
  const instances = new Instances({
    feed,
    cycles: undurable,
    strategy: new StrategyFeed(controlStore, first.universe, silent),
    notifications: silent,
    continuity: { check: () => Promise.resolve('STANDS') },
    lease: { isHeld: false },
    skipped: new SkippedTurns(),
    log: keptLogger(),
  });
  instances.start({ runNow: () => Promise.reject(new Error('nobody asked for a turn')) });
  onTestFinished(() => instances.stop());
  await expect.poll(() => isAsked, { timeout: 5_000 }).toBe(true);
  expect(feed.latestTurn).toBe(0);
  expect(await feed.load([1])).toEqual([null]);
  expect(await feed.span()).toBeNull();
  confirm();
  await expect.poll(() => feed.latestTurn).toBe(1);
  expect(await feed.span()).toEqual({ oldest: 1, latest: 1 });
});

it('a cycle that a purge is about to take back is not announced, and those after it are', async () => {
  const { cycles, controlStore } = await database.open();
  const [, second] = chain(2);
  const third = figures(3, null).cycle;
  if (!second) throw new Error('too few');
  const fed = new CycleFeed(cycles);
  const announced: number[] = [];
  fed.onTurn(({ turn }) => announced.push(turn));
  let looks = 0;
  const instances = new Instances({
    feed: fed,
    cycles: {
      range: (range) => {
        looks++;
        return cycles.range(range);
      },
      confirmed: (found) => cycles.confirmed(found),
    },
    strategy: new StrategyFeed(controlStore, second.universe, silent),
    notifications: silent,
    continuity: { check: () => Promise.resolve('STANDS') },
    lease: { isHeld: false },
    skipped: new SkippedTurns(),
    log: keptLogger(),
  });
  const lookedAgain = async (): Promise<void> => {
    const before = looks;
    await expect
      .poll(() => {
        void instances.look();
        return looks;
      }, PATIENCE)
      .toBeGreaterThan(before + 1);
  };
  instances.start({ runNow: () => Promise.reject(new Error('nobody asked for a turn')) });
  onTestFinished(() => instances.stop());
  // Turn 1 is purged while another instance stores turn 2, which was built upon it.
  await controlStore.markPurged(1);
  await cycles.save(second);
  await lookedAgain();
  expect(announced).toEqual([]);
  expect(await fed.load([2])).toEqual([null]);
  // That instance finds the mark, takes its turn back, and runs a first one.
  await cycles.remove(2);
  await cycles.save(third);
  await expect.poll(() => fed.latestTurn, PATIENCE).toBe(3);
  expect(announced).toEqual([3]);
});
