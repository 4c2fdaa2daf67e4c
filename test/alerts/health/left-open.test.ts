import { expect, it } from 'vitest';
import type { HealthNotice } from '../../../src/domain/alerts/health.js';
import type { OpenDatabase } from '../../../src/open-database.js';
import { useDatabase } from '../../support/database.js';
import { startHealth } from '../../support/health-place.js';
import { filesIn } from '../../support/outage.js';
import { temporaryFolder } from '../../support/temporary.js';
import { until } from '../../support/until.js';

const databases = useDatabase();

const inWords = ({ id, until: end }: HealthNotice) => `${id} ${end === null ? 'open' : 'over'}`;

const becomes = ({ notices }: OpenDatabase, expected: readonly string[]) =>
  until(
    expected.join(', '),
    async () => (await notices.store.newest(9)).map(inWords),
    (found) => found.join() === expected.join(),
  );

it('that cycles are on disk ends, though the process that began it is gone', async () => {
  const place = { database: await databases.open(), dataDir: temporaryFolder() };
  const first = await startHealth({ ...place, sees: { spooled: [3, 4] } });
  await becomes(place.database, ['SPOOLED-3 open']);
  await first.stop();
  const next = await startHealth({ ...place, sees: { spooled: [4], now: 2_000 } });
  await becomes(place.database, ['SPOOLED-3 open']);
  next.see({ now: 3_000 });
  await becomes(place.database, ['SPOOLED-3 over']);
  await until(
    'nothing to be left on disk',
    () => filesIn(`${place.dataDir}/notices`).filter((name) => name.endsWith('.json')),
    (names) => names.length === 0,
  );
});

it('that cycles are on disk ends, though it was over before the next process began', async () => {
  const place = { database: await databases.open(), dataDir: temporaryFolder() };
  const first = await startHealth({ ...place, sees: { spooled: [3], databaseTrouble: 'away' } });
  await becomes(place.database, ['SPOOLED-3 open', 'DATABASE_AWAY-2 open']);
  await first.stop();
  await startHealth(place);
  await becomes(place.database, ['SPOOLED-3 over', 'DATABASE_AWAY-2 over']);
});

it('that cycles are on disk ends, though two processes in one place have each begun it', async () => {
  const place = { database: await databases.open(), dataDir: temporaryFolder() };
  const [one, other] = [await startHealth(place), await startHealth(place)];
  one.see({ spooled: [3] });
  other.see({ spooled: [5] });
  await becomes(place.database, ['SPOOLED-5 open', 'SPOOLED-3 open']);
  await one.stop();
  await other.stop();
  await startHealth(place);
  await becomes(place.database, ['SPOOLED-5 over', 'SPOOLED-3 over']);
});

it('of another place is left open', async () => {
  const database = await databases.open();
  await startHealth({ database, dataDir: temporaryFolder(), sees: { spooled: [3] } });
  await becomes(database, ['SPOOLED-3 open']);
  const other = await startHealth({ database, dataDir: temporaryFolder() });
  other.see({ silence: 'no calls' });
  await becomes(database, ['SPOOLED-3 open', 'EXCHANGE_BANNED-7 open']);
  expect((await database.notices.store.open()).map(inWords)).toContain('SPOOLED-3 open');
});
