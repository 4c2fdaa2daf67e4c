import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { DatabaseSetUp } from '../../src/app/database-set-up.js';
import { Damage } from '../../src/history/damage.js';
import { connectDatabase } from '../../src/mongo/connect.js';
import { MongoCycleStore } from '../../src/mongo/cycle-store.js';
import { useDatabase } from '../support/database.js';
import { historyOf, universeOf } from '../support/history.js';
import { keptLogger } from '../support/logs.js';
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

it('one that has lost all begins with the newest turn, also where that was announced after the loss', async () => {
  const log = keptLogger();
  const setUp = new DatabaseSetUp(new Damage(log), log);
  const [earlier, later] = historyOf(universeOf(3), 2);
  let newest = earlier ?? null;
  setUp.newestCycle = () => newest;
  setUp.onLost();
  newest = later ?? null;
  const database = await connectDatabase({
    uri: place.engine.uri,
    name: `lost_${randomUUID().slice(0, 8)}`,
    kind: 'EMBEDDED',
    setUp: (direct) => setUp.run(direct),
    mayBeAway: () => false,
  });
  onTestFinished(() => database.close());
  const turn = later?.turn;
  expect(await new MongoCycleStore(database).span()).toEqual({ oldest: turn, latest: turn });
});
