import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { connectDatabase } from '../../src/mongo/connect.js';
import { useDatabase } from '../support/database.js';
import { until } from '../support/until.js';

const place = useDatabase();

it('a database that loses what it held while it is set up is set up again before it is there', async () => {
  let times = 0;
  const database = await connectDatabase({
    uri: place.engine.uri,
    name: `set_up_${randomUUID().slice(0, 8)}`,
    kind: 'EMBEDDED',
    setUp: (direct) => {
      times++;
      if (times === 1) direct.setUpAgain('a test');
      return Promise.resolve();
    },
    mayBeAway: () => false,
  });
  onTestFinished(() => database.close());
  const isThere = () => !database.isAway && database.trouble === null;
  await until('the database to be there', isThere, (is) => is);
  expect(times).toBe(2);
});
