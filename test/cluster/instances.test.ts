import { expect, it, onTestFinished } from 'vitest';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { Instances } from '../../src/cluster/instances.js';
import type { CycleStore } from '../../src/history/cycle-store.js';
import type { News, NewsChannel } from '../../src/feeds/news.js';
import { SkippedTurns } from '../../src/feeds/skipped-turns.js';
import { StrategyFeed } from '../../src/feeds/strategy-feed.js';
import { chain } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';

const database = useDatabase();

/** News that never comes. */
const silent: NewsChannel = {
  publish: () => undefined,
  // eslint-disable-next-line require-yield
  async *follow(signal): AsyncGenerator<News> {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  },
};

it('a cycle that is found in the database is announced once it is durable, not before', async () => {
  const { cycles, config } = await database.open();
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
    strategy: new StrategyFeed(config, first.universe, silent),
    news: silent,
    continuity: { check: () => Promise.resolve() },
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
