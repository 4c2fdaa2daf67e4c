import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
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

describe('HTTP', () => {
  it('answers 304 to who has it, without executing, until there is another', async () => {
    const { headers } = await ask(MATRIX);
    const etag = headers.etag as string;
    executions.mockClear();
    for (const has of [etag, `"other", ${etag}`, etag.replace('W/', ''), '*']) {
      const answer = await ask(MATRIX, { 'if-none-match': has });
      expect([answer.status, answer.body.length, answer.headers.etag]).toEqual([304, 0, etag]);
    }
    expect((await ask(MATRIX, { 'if-none-match': '"other"' })).status).toBe(200);
    expect(executions).not.toHaveBeenCalled();
    await nextTurn();
    expect((await ask(MATRIX, { 'if-none-match': etag })).status).toBe(200);
  });

  it('lets caches in between keep nothing for others, and says what an answer depends on', async () => {
    for (const { headers } of [await ask(MATRIX), await send('/matrix/quantid')]) {
      expect(headers['cache-control']).toBe('private, no-cache');
      expect(headers.vary).toBe('Accept, Accept-Encoding, Authorization, Origin');
    }
  });

  it('has the REST paths kept alike, and those that are made of more not', async () => {
    const first = await send('/matrix/quantid?digits=4');
    executions.mockClear();
    const second = await send('/matrix/quantid?digits=4');
    expect(executions).not.toHaveBeenCalled();
    expect(second.body.equals(first.body)).toBe(true);
    const etag = first.headers.etag as string;
    const third = await send('/matrix/quantid?digits=4', { headers: { 'if-none-match': etag } });
    expect(third.status).toBe(304);
    expect((await send('/matrix/quantid?digits=3')).body.equals(first.body)).toBe(false);
    expect((await send('/status')).headers.etag).toBeUndefined();
  });

  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
    ['deflate', inflateSync],
  ])('answers in %s where that is asked for', async (coding, decode) => {
    const { body, headers } = await ask(MATRIX);
    expect(headers['content-encoding']).toBeUndefined();
    const encoded = await ask(MATRIX, { 'accept-encoding': coding });
    expect(encoded.headers['content-encoding']).toBe(coding);
    expect(encoded.headers.etag).toBe(headers.etag);
    expect(Number(encoded.headers['content-length'])).toBe(encoded.body.length);
    expect(encoded.body.length).toBeLessThan(body.length);
    expect(decode(encoded.body).equals(body)).toBe(true);
  });

  it.each([
    ['gzip;q=0.5, br;q=0.1', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['*', 'br'],
    ['identity', undefined],
    ['br;q=0, gzip;q=0', undefined],
    ['zstd', undefined],
    ['nonsense;;;q=x', undefined],
  ])('takes of "%s" what the client likes best: %s', async (accepted, coding) => {
    const { headers } = await ask(MATRIX, { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(coding);
  });

  it('leaves a small answer as it is', async () => {
    const { headers } = await ask(TURN, { 'accept-encoding': 'br' });
    expect(headers['content-encoding']).toBeUndefined();
  });
});
