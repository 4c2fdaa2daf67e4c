import { buildExporter } from '../app/transfer.js';
import { systemClock } from '../time/system-clock.js';
import type { Exporter } from '../transfer/exporter.js';
import { openFeed } from './stored-feed.js';
import type { CommandDatabase } from './with-database.js';

/** Exports what a server on the same data would show now. */
export async function exporterOver(context: CommandDatabase): Promise<Exporter> {
  const { feed } = await openFeed(context);
  const { config, database } = context;
  const { universe } = config;
  return buildExporter({ ...database, feed, universe, clock: () => systemClock.now() });
}
