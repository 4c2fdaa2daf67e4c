import { CycleFeed } from '../feeds/cycle-feed.js';
import { StrategyFeed } from '../feeds/strategy-feed.js';
import type { CommandDatabase } from './with-database.js';

/** The stored cycles that a server on the same data would show now. */
export async function openFeed({ config, database }: CommandDatabase) {
  const feed = new CycleFeed(database.cycles);
  const strategy = new StrategyFeed(database.controlStore, config.universe, database.notifications);
  feed.apply(await strategy.control());
  const latest = await database.cycles.latest();
  if (latest) feed.announce(feed.figuresOf(latest));
  return { feed, strategy };
}
