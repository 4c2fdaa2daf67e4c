import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { issueToken } from '../../src/http/auth.js';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { until } from '../support/until.js';
import { MATRIX, executions, latest, type Raw } from '../support/raw-answer.js';

const SECRET = 'a secret of this test that is long enough';
const database = useDatabase();
const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
let app: RunningApp;
let operator: string;
let viewer: string;

beforeAll(async () => {
  const inAnHour = Date.now() + 3_600_000;
  operator = `Bearer ${await issueToken(SECRET, 'operator', inAnHour)}`;
  viewer = `Bearer ${await issueToken(SECRET, 'viewer', inAnHour)}`;
  app = await launchApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `kept_${process.pid}`,
      DATA_DIR: database.dataDir,
      ASSETS: 'USDT,BTC,ETH',
      CYCLE_INTERVAL_MS: '86400000',
      API_SECRET_KEY: SECRET,
    },
    { market },
  );
  await until(
    'the first cycle',
    () => query<{ latestCycle: unknown }>(app, TURN, {}, { authorization: operator }),
    ({ data }) => data?.latestCycle !== null,
  );
});
afterAll(() => app.stop());

const TURN = '{ latestCycle { turn } }';
vi.spyOn(CycleFeed.prototype, 'latest').mockImplementation(function (this: CycleFeed) {
  executions();
  return latest.call(this);
});
beforeEach(() => executions.mockClear());

/** A request whose answer is left as it came. */
function send(
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {},
): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.url);
    const sent = request(
      {
        host: hostname === 'localhost' ? '127.0.0.1' : hostname,
        port,
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: viewer,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const ask = (document: string, headers: Record<string, string> = {}, more: object = {}) =>
  send('/graphql', { headers, body: { query: document, ...more } });

const mutate = async (document: string): Promise<void> => {
  const { errors } = await query(app, document, {}, { authorization: operator });
  expect(errors).toBeUndefined();
};
/** Runs a turn: a manual run within a second of the last one would be answered with that. */
async function nextTurn(): Promise<void> {
  await until(
    'a turn that is run for this call',
    () =>
      query<{ runCycle: { ran: boolean } }>(
        app,
        'mutation { runCycle { ran } }',
        {},
        { authorization: operator },
      ),
    ({ data }) => data?.runCycle.ran === true,
  );
}

describe('an answer that is made of stored cycles', () => {
  it('is made once for all who ask for the same, and is the same bytes', async () => {
    const first = await ask(MATRIX);
    executions.mockClear();
    const others = await Promise.all(Array.from({ length: 20 }, () => ask(MATRIX)));
    expect(executions).not.toHaveBeenCalled();
    for (const other of others) {
      expect(other.body.equals(first.body)).toBe(true);
      expect(other.headers.etag).toBe(first.headers.etag);
      expect(other.headers['content-type']).toBe(first.headers['content-type']);
    }
    expect(JSON.parse(first.body.toString())).toMatchObject({ data: { latestCycle: {} } });
  });

  it('is made once more at the next turn, also for many who ask at once', async () => {
    const before = await ask(MATRIX);
    await nextTurn();
    executions.mockClear();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(MATRIX)));
    expect(executions).toHaveBeenCalledTimes(1);
    expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(1);
    expect(answers[0]?.headers.etag).not.toBe(before.headers.etag);
  });

  it.each([
    [
      'a change of the settings',
      'mutation { updateStrategyConfig(input: { tier: AGGRESSIVE }) { strategyConfig { tier } } }',
    ],
    ['a reset of the caches', 'mutation { resetCache { userErrors { message } } }'],
  ])('is made once more after %s', async (_what, mutation) => {
    await ask(MATRIX);
    await mutate(mutation);
    executions.mockClear();
    await ask(MATRIX);
    expect(executions).toHaveBeenCalledTimes(1);
  });

  it('is another one after a purge', async () => {
    const before = await ask('{ cycles { nodes { turn } } }');
    await mutate('mutation { purgeCycles(confirm: true) { deleted } }');
    const after = await ask('{ cycles { nodes { turn } } }');
    expect(JSON.parse(before.body.toString())).not.toEqual({ data: { cycles: { nodes: [] } } });
    expect(JSON.parse(after.body.toString())).toEqual({ data: { cycles: { nodes: [] } } });
    await nextTurn();
  });

  it('is shared by variables that mean the same, and by no others', async () => {
    const document =
      'query ($a: String, $b: String) { latestCycle { wallet { a: value(in: $a) b: value(in: $b) } } }';
    const first = await ask(document, {}, { variables: { a: 'BTC', b: 'ETH' } });
    executions.mockClear();
    const same = await ask(document, {}, { variables: { b: 'ETH', a: 'BTC' } });
    expect(executions).not.toHaveBeenCalled();
    expect(same.body.equals(first.body)).toBe(true);
    const other = await ask(document, {}, { variables: { a: 'ETH', b: 'BTC' } });
    expect(executions).toHaveBeenCalledTimes(1);
    expect(other.body.equals(first.body)).toBe(false);
  });

  it('is not shared between rights', async () => {
    await ask(MATRIX, { authorization: viewer });
    executions.mockClear();
    await ask(MATRIX, { authorization: operator });
    expect(executions).toHaveBeenCalledTimes(1);
    const without = await ask(MATRIX, { authorization: 'Bearer none' });
    expect(without.status).toBe(401);
    expect(without.headers.etag).toBeUndefined();
  });
});

describe('an answer that is no such one', () => {
  it.each([
    ['with an error', '{ latestCycle { turn wallet { value(in: "NOPE") } } }', {}],
    ['with its cost', MATRIX, { extensions: { cost: true } }],
    ['that also reads the status', '{ latestCycle { turn } status { latestTurn } }', {}],
    [
      'that hides the status in a fragment',
      '{ latestCycle { turn } ...S } fragment S on Query { status { latestTurn } }',
      {},
    ],
  ])('is made for each: %s', async (_what, document, more) => {
    const first = await ask(document, {}, more);
    executions.mockClear();
    const second = await ask(document, {}, more);
    expect(executions).toHaveBeenCalled();
    for (const { headers } of [first, second]) {
      expect(headers.etag).toBeUndefined();
      expect(headers['cache-control']).toBe('no-store');
    }
  });
});
