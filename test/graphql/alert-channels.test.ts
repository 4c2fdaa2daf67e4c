import { describe, expect, it, onTestFinished } from 'vitest';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { answering, startReceiver, type Receiver } from '../support/receiver.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { runTurn, turnReached } from '../support/turns.js';
import { until } from '../support/until.js';
import { faultOfWebhook, SIGNING_KEY } from '../support/webhooks.js';

const KEY = 'test-alert-secret-key-of-more-than-32-bytes';
const CHANNEL = 'channels { id kind name target enabled problem }';
const BTC = { kind: 'CELL', base: 'BTC', quote: 'USDT' };
/** What must stand in no answer and no log. */
const SECRETS = new RegExp(`very-secret|hidden-key|${SIGNING_KEY.slice(6, 30)}|${KEY}`);

interface Channel {
  readonly id: string;
  readonly problem: string | null;
}

interface Alert {
  readonly id: string;
  readonly channels: readonly Channel[];
}

const database = useDatabase();
let run = 0;

/** A server over a database of its own, started again under other settings. */
class Server {
  app!: RunningApp;
  /** All that was logged and answered. */
  said = '';
  readonly #name = `channels_${process.pid}_${++run}`;

  async start(settings: Readonly<Record<string, string>> = {}): Promise<this> {
    const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
    this.app = await launchApp(
      {
        MONGO_URI: database.engine.uri,
        DATABASE_NAME: this.#name,
        DATA_DIR: database.dataDir,
        ASSETS: 'USDT,BTC,ETH,XRP',
        CYCLE_INTERVAL_MS: '86400000',
        ALERT_SECRET_KEY: KEY,
        ALERT_PRIVATE_ADDRESSES: '127.0.0.1',
        ...settings,
      },
      { market, log: keptLogger((line) => (this.said += line)) },
    );
    const { app } = this;
    onTestFinished(() => app.stop());
    await turnReached(app, 1);
    return this;
  }

  async ask<Data>(document: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await query<Data>(this.app, document, variables as never);
    this.said += JSON.stringify([data, errors]);
    expect(errors).toBeUndefined();
    return data as Data;
  }

  async create(channels: readonly object[]) {
    const input = { name: 'Bitcoin is dear', line: BTC, condition: { above: 1 }, channels };
    const { createAlert } = await this.ask<{
      createAlert: { alert: Alert | null; userErrors: { field: string[]; message: string }[] };
    }>(
      `mutation ($input: AlertInput!) { createAlert(input: $input) { alert { id ${CHANNEL} } userErrors { field message } } }`,
      { input },
    );
    return createAlert;
  }

  async made(channels: readonly object[]): Promise<Alert> {
    const { alert } = await this.create(channels);
    if (!alert) throw new Error('no alert was made');
    return alert;
  }

  async test({ id, channels }: Alert) {
    const [channel] = channels;
    const { testAlertChannel } = await this.ask<{ testAlertChannel: object }>(
      'mutation ($id: ID!, $channel: ID!) { testAlertChannel(id: $id, channel: $channel) { delivered answer userErrors { field code } } }',
      { id, channel: channel?.id },
    );
    return testAlertChannel;
  }

  async channels(): Promise<readonly Channel[]> {
    const { alerts } = await this.ask<{ alerts: Alert[] }>(`{ alerts { id ${CHANNEL} } }`);
    return alerts.flatMap(({ channels }) => channels);
  }

  async warnings(): Promise<readonly string[]> {
    return (await this.ask<{ status: { warnings: string[] } }>('{ status { warnings } }')).status
      .warnings;
  }
}

const hookOf = ({ url }: Receiver) => ({
  ...{ kind: 'WEBHOOK', name: 'desk', token: SIGNING_KEY },
  url: `${url}/very-secret?key=hidden-key`,
});

describe('the channels of a rule', () => {
  it('are told what it fires, signed, under the id of the firing, and hold no secret in answers and logs', async () => {
    const server = await new Server().start();
    const receiver = await startReceiver();
    const { channels } = await server.made([hookOf(receiver)]);
    expect(channels).toEqual([
      {
        ...{ id: expect.any(String) as string, kind: 'WEBHOOK', name: 'desk' },
        ...{ target: `127.0.0.1:${receiver.port}`, enabled: true, problem: null },
      },
    ]);
    await runTurn(server.app);
    await until(
      'the message',
      () => receiver.received.length,
      (count) => count > 0,
    );
    const { alertFirings } = await server.ask<{ alertFirings: { nodes: { id: string }[] } }>(
      '{ alertFirings { nodes { id } } }',
    );
    const [request] = receiver.received;
    if (!request) throw new Error('nothing came');
    expect(request.headers['webhook-id']).toBe(alertFirings.nodes[0]?.id);
    expect(faultOfWebhook(request, SIGNING_KEY, Date.now())).toBeNull();
    expect(JSON.parse(request.body)).toMatchObject({
      type: 'alert.fired',
      data: { turn: 2, line: 'BTC/USDT', condition: 'is above 1', unit: 'USDT' },
    });
    expect(server.said).not.toMatch(SECRETS);
  });

  it('can be tested, and what came back is said', async () => {
    const server = await new Server().start();
    const receiver = await startReceiver(answering(403, 'no very-secret?key=hidden-key here'));
    const alert = await server.made([hookOf(receiver)]);
    expect(await server.test(alert)).toEqual({
      ...{ delivered: false, answer: 'answered 403: no … here', userErrors: [] },
    });
    receiver.answer = answering(200, 'welcome');
    expect(await server.test(alert)).toEqual({
      ...{ delivered: true, answer: 'answered 200: welcome', userErrors: [] },
    });
    expect(JSON.parse(receiver.received[1]?.body ?? '')).toMatchObject({ type: 'alert.test' });
    expect(await server.test({ ...alert, channels: [{ id: 'x', problem: null }] })).toEqual({
      ...{
        delivered: false,
        answer: null,
        userErrors: [{ field: ['channel'], code: 'NOT_FOUND' }],
      },
    });
    expect(server.said).not.toMatch(SECRETS);
  });

  it('that are gone are said to be off, and a test that arrives turns them on', async () => {
    const server = await new Server().start();
    const receiver = await startReceiver(answering(410));
    const alert = await server.made([hookOf(receiver)]);
    await runTurn(server.app);
    await until(
      'it to be off',
      () => server.channels(),
      ([channel]) => channel?.problem === 'GONE',
    );
    expect(await server.warnings()).toEqual([
      expect.stringMatching(
        /^The channel desk \(WEBHOOK, 127\.0\.0\.1:\d+\) of the alert Bitcoin is dear is off since .*: it answered 410\./,
      ),
    ]);
    await until(
      'that to be logged',
      () => server.said,
      (said) => said.includes('CHANNEL_OFF'),
    );
    receiver.answer = answering(200);
    expect(await server.test(alert)).toMatchObject({ delivered: true });
    expect(await server.channels()).toMatchObject([{ enabled: true, problem: null }]);
    expect(await server.warnings()).toEqual([]);
  });

  it('cannot be made without a key: what to set is said', async () => {
    const server = await new Server().start({ ALERT_SECRET_KEY: '' });
    const receiver = await startReceiver();
    expect(await server.create([hookOf(receiver)])).toEqual({
      alert: null,
      userErrors: [
        {
          field: ['input', 'channels', '0', 'url'],
          message: expect.stringContaining('set ALERT_SECRET_KEY') as string,
        },
      ],
    });
  });

  it('are off under another key, and nothing else fails', async () => {
    const server = await new Server().start();
    const receiver = await startReceiver();
    await server.made([hookOf(receiver)]);
    await server.app.stop();
    await server.start({ ALERT_SECRET_KEY: `${KEY}, changed` });
    expect(await server.channels()).toMatchObject([
      { enabled: false, problem: 'SECRET_UNREADABLE', name: 'desk' },
    ]);
    expect(await server.warnings()).toEqual([
      expect.stringContaining('its secret was stored under another key'),
    ]);
    await runTurn(server.app);
    await until(
      'the firing',
      () => server.ask<{ alertFirings: { nodes: unknown[] } }>('{ alertFirings { nodes { id } } }'),
      ({ alertFirings }) => alertFirings.nodes.length === 1,
    );
    expect(receiver.received).toHaveLength(0);
    expect(server.said).not.toMatch(SECRETS);
  });

  it('that are given without secrets keep them, and those that are not named go', async () => {
    const server = await new Server().start();
    const receiver = await startReceiver();
    const alert = await server.made([hookOf(receiver), { ...hookOf(receiver), name: 'other' }]);
    const [kept] = alert.channels;
    const { updateAlert } = await server.ask<{ updateAlert: { alert: Alert } }>(
      `mutation ($id: ID!, $input: UpdateAlertInput!) { updateAlert(id: $id, input: $input) { alert { id ${CHANNEL} } } }`,
      { id: alert.id, input: { channels: [{ id: kept?.id, kind: 'WEBHOOK', name: 'renamed' }] } },
    );
    expect(updateAlert.alert.channels).toMatchObject([{ id: kept?.id, name: 'renamed' }]);
    expect(await server.test(updateAlert.alert)).toMatchObject({ delivered: true });
    expect(receiver.received[0]?.url).toBe('/very-secret?key=hidden-key');
  });
});
