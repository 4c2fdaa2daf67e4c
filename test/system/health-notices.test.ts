import { expect, it } from 'vitest';
import { query, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { jsonIn, listen, outage, reach, untilAlone } from '../support/outage.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { until } from '../support/until.js';
import { faultOfWebhook, SIGNING_KEY } from '../support/webhooks.js';

const database = useDatabase();

const SETTINGS = {
  ALERT_SECRET_KEY: 'test-alert-secret-key-of-more-than-32-bytes',
  ALERT_PRIVATE_ADDRESSES: '127.0.0.1',
};

/** A rule that never fires. */
async function makeRule(app: RunningApp, name: string, { url }: Receiver): Promise<void> {
  const made = await query(
    app,
    'mutation ($input: AlertInput!) { createAlert(input: $input) { userErrors { message } } }',
    {
      input: {
        name,
        line: { kind: 'CELL', base: 'BTC', quote: 'USDT' },
        condition: { below: 0 },
        channels: [{ kind: 'WEBHOOK', name, url: `${url}/hook`, token: SIGNING_KEY }],
      },
    },
  );
  expect(made.data).toEqual({ createAlert: { userErrors: [] } });
}

interface Notice {
  readonly id: string;
  readonly kind: string;
  readonly until: string | null;
}

async function noticesOf(app: RunningApp): Promise<readonly Notice[]> {
  const { data } = await query<{ healthNotices: Notice[] }>(
    app,
    '{ healthNotices { id kind until } }',
  );
  return data?.healthNotices ?? [];
}

/** The notices that an instance keeps on disk, as text. */
const keptIn = (dataDir: string): string[] => jsonIn(`${dataDir}/notices`);

const told = ({ received }: Receiver, kind: string) =>
  received
    .map(({ body }) => JSON.parse(body) as { type: string; data: { notice: Notice } })
    .filter(({ data }) => data.notice.kind === kind)
    .map(({ type, data }) => `${type} ${data.notice.id}`);

const tells = (receiver: Receiver, kind: string, count: number) =>
  until(
    `${count} messages of ${kind}`,
    () => told(receiver, kind),
    (messages) => messages.length >= count,
  );

it('that the database is away is told while it is, once for each receiver, and its end once it is back', async () => {
  const { proxy, dataDir, start } = await outage(database.engine.uri, SETTINGS);
  const app = await start();
  const receiver = await startReceiver();
  await makeRule(app, 'one', receiver);
  await makeRule(app, 'another', receiver);
  await reach(await listen(app), 5);
  await untilAlone(dataDir);
  proxy.set('cut');
  await tells(receiver, 'DATABASE_AWAY', 1);
  const away = await noticesOf(app);
  expect(away.map(({ kind, until: end }) => [kind, end])).toContainEqual(['DATABASE_AWAY', null]);
  await until(
    'it to wait on disk',
    () => keptIn(dataDir),
    (kept) => kept.length > 0,
  );
  proxy.set('pass');
  await tells(receiver, 'DATABASE_AWAY', 2);
  const stored = await until(
    'all notices to have ended',
    () => noticesOf(app),
    (notices) => notices.length > 0 && notices.every(({ until: end }) => end !== null),
  );
  const [notice] = stored.filter(({ kind }) => kind === 'DATABASE_AWAY');
  expect(told(receiver, 'DATABASE_AWAY')).toEqual([
    `health.began ${notice?.id}`,
    `health.ended ${notice?.id}`,
  ]);
  const faults = receiver.received.map((one) => faultOfWebhook(one, SIGNING_KEY, Date.now()));
  expect(faults.every((fault) => fault === null)).toBe(true);
  await until(
    'nothing to wait on disk',
    () => keptIn(dataDir),
    (kept) => kept.length === 0,
  );
});

it('what waits on disk is told by whoever is started on it', async () => {
  const { proxy, dataDir, start } = await outage(database.engine.uri, SETTINGS);
  const app = await start();
  const receiver = await startReceiver();
  await makeRule(app, 'one', receiver);
  await reach(await listen(app), 5);
  await untilAlone(dataDir);
  await receiver.close();
  proxy.set('cut');
  await until(
    'the notice on disk',
    () => keptIn(dataDir),
    // Turns may be overdue first, which is another notice.
    (notices) => notices.some((notice) => notice.includes('DATABASE_AWAY')),
  );
  await app.stop();
  proxy.set('pass');
  const again = await start();
  const { received } = receiver;
  expect(received).toEqual([]);
  const stored = await until(
    'the notice to be stored',
    () => noticesOf(again),
    (notices) => notices.some(({ kind }) => kind === 'DATABASE_AWAY'),
  );
  const { data } = await query<{ alerts: { channels: { enabled: boolean }[] }[] }>(
    again,
    '{ alerts { channels { enabled } } }',
  );
  expect(data?.alerts[0]?.channels).toEqual([{ enabled: true }]);
  const reopened = await startReceiver(undefined, receiver.port);
  await tells(reopened, 'DATABASE_AWAY', 1);
  const [notice] = stored.filter(({ kind }) => kind === 'DATABASE_AWAY');
  expect(told(reopened, 'DATABASE_AWAY')[0]).toBe(`health.began ${notice?.id}`);
  await until(
    'the end of the notice',
    () => noticesOf(again),
    (notices) => notices.every(({ until: end }) => end !== null),
  );
});
