import type { IncomingHttpHeaders } from 'node:http';
import { expect, it } from 'vitest';
import { query } from '../support/app.js';
import { startServer, type ServerProcess } from '../support/process.js';
import { answering, startReceiver } from '../support/receiver.js';
import { temporaryFolder } from '../support/temporary.js';
import { until } from '../support/until.js';
import { faultOfWebhook, SIGNING_KEY } from '../support/webhooks.js';

/** A busy machine's cycles are late, which is told by messages of its own. */
const isOfRule = ({ headers }: { readonly headers: IncomingHttpHeaders }): boolean =>
  !String(headers['webhook-id']).startsWith('health-');

it('a message whose server is killed just as it was taken comes again, under the same id', async () => {
  const folder = temporaryFolder();
  const settings = {
    DATA_DIR: `${folder}/data`,
    CYCLE_INTERVAL_MS: '500',
    ALERT_SECRET_KEY: 'test-alert-secret-key-of-more-than-32-bytes',
    ALERT_PRIVATE_ADDRESSES: '127.0.0.1',
  };
  let server: ServerProcess = await startServer(settings, folder);
  const killed: Promise<void>[] = [];
  const receiver = await startReceiver((request, response, count) => {
    // Before it is answered: on a busy machine the answer would be written down sooner than the kill comes.
    if (killed.length === 0 && isOfRule(request)) killed.push(server.killTree());
    answering(200)(request, response, count);
  });
  const input = {
    name: 'Bitcoin is there',
    line: { kind: 'CELL', base: 'BTC', quote: 'USDT' },
    condition: { above: 0 },
    channels: [{ kind: 'WEBHOOK', name: 'desk', url: receiver.url, token: SIGNING_KEY }],
  };
  const made = await query(
    server,
    'mutation ($input: AlertInput!) { createAlert(input: $input) { userErrors { message } } }',
    { input },
  );
  expect(made.data).toEqual({ createAlert: { userErrors: [] } });
  const ofRule = () => receiver.received.filter(isOfRule);
  const count = (): number => ofRule().length;
  await until('the message', count, (messages) => messages >= 1);
  await killed[0];
  server = await startServer(settings, folder);
  await until('the message again', count, (messages) => messages >= 2);
  const ids = ofRule().map(({ headers }) => headers['webhook-id']);
  const { data } = await query<{ alertFirings: { nodes: { id: string }[] } }>(
    server,
    '{ alertFirings { nodes { id } } }',
  );
  expect(new Set(ids)).toEqual(new Set(data?.alertFirings.nodes.map(({ id }) => id)));
  const faults = receiver.received.map((one) => faultOfWebhook(one, SIGNING_KEY, Date.now()));
  expect(faults.every((fault) => fault === null)).toBe(true);
});
