import type { Express } from 'express';
import type { Services } from '../graphql/context.js';
import { DatabaseUnavailableError } from '../pipeline/ports.js';

/** A server whose last cycle is older than so many intervals is not ready. */
const INTERVALS_TO_BE_READY = 3;

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
    const faults = await readinessFaults(services, Date.now());
    response
      .status(faults.length === 0 ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ status: faults.length === 0 ? 'ready' : 'not ready', faults });
  });
}

/** Why the server is not ready, in words. */
async function readinessFaults(services: Services, now: number): Promise<string[]> {
  if ((await services.database.version()) === null) return ['the database is not reachable'];
  const completedAt = await latestCompletion(services);
  if (completedAt === null) return ['no cycle is stored yet'];
  const age = now - completedAt;
  if (age <= INTERVALS_TO_BE_READY * services.cycleIntervalMs) return [];
  return [`the last cycle was completed ${Math.round(age / 1000)} s ago`];
}

async function latestCompletion({ feed }: Services): Promise<number | null> {
  try {
    return (await feed.latest())?.cycle.completedAt ?? null;
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) return null;
    throw error;
  }
}
