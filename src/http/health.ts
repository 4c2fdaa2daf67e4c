import type { Express } from 'express';
import type { Services } from '../graphql/context.js';
import { unlessAway } from '../history/database-unavailable.js';

/**
 * Health for programs: `/` in short, `/healthz` whether the process lives, `/readyz` whether it does
 * its work.
 */
export function healthRoutes(app: Express, services: Services): void {
  app.get('/', (_request, response) => {
    response.json({
      status: 'ok',
      version: services.version,
      exchange: services.market.kind,
      latestTurn: services.feed.latestTurn || null,
    });
  });
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    const faults = await readinessFaults(services);
    response
      .status(faults.length === 0 ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ status: faults.length === 0 ? 'ready' : 'not ready', faults });
  });
}

/** Why the server is not ready, in words. */
async function readinessFaults(services: Services): Promise<string[]> {
  if ((await services.database.version()) === null) return ['the database is not reachable'];
  const trouble = services.database.trouble();
  if (trouble !== null) return [trouble];
  const latest = await unlessAway(services.feed.latest(), () => null);
  if (latest === null) return ['no cycle is stored yet'];
  const { age } = services.watch;
  return age === null ? [] : [age];
}
