import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../support/process.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';

const OBSERVED_MS = 4_000;
/** Lease and stored data are looked at each second, a turn of its own takes some 10 operations. */
const MOST_OPERATIONS = 150;

it('a server that nobody uses leaves its database in peace', async () => {
  const folder = temporaryFolder();
  const server = await startServer({ DATA_DIR: `${folder}/data`, LOG_LEVEL: 'warn' }, folder);
  await turnReached(server, 1);
  const socket = encodeURIComponent(`${folder}/data/mongodb.sock`);
  const client = await MongoClient.connect(`mongodb://${socket}/?directConnection=true`);
  onTestFinished(() => client.close());
  const operations = async (): Promise<number> => {
    const { opcounters } = await client.db('admin').command({ serverStatus: 1 });
    return Object.values(opcounters as Record<string, number>).reduce((sum, n) => sum + n, 0);
  };
  const before = await operations();
  // So many operations in so much time.
  await pause(OBSERVED_MS);
  const done = (await operations()) - before;
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(MOST_OPERATIONS);
});
