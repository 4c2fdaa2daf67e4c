import { once } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startApp, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();
let app: RunningApp;
let market: ScriptedMarket;
let run = 0;

/** A server over a scripted market; the metronome runs turn 1, and tests ask for more. */
beforeEach(async () => {
  market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
  app = await startApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `api_${process.pid}_${++run}`,
      DATA_DIR: database.dataDir,
      ASSETS: 'USDT,BTC,ETH,XRP',
      CYCLE_INTERVAL_MS: '86400000',
    },
    market,
  );
  await turnReached(app, 1);
});

describe('the API', () => {
  it('answers nothing to a foreign page, over HTTP or WebSocket', async () => {
    const origin = 'http://evil.example';
    const response = await fetch(`${app.url}/graphql?query={status{version}}`, {
      headers: { origin },
    });
    expect(response.status).toBe(403);
    const socket = new WebSocket(
      app.url.replace('http', 'ws') + '/graphql',
      'graphql-transport-ws',
      { origin },
    );
    const [, answer] = (await once(socket, 'unexpected-response')) as [
      unknown,
      { statusCode: number },
    ];
    expect(answer.statusCode).toBe(403);
  });

  it('refuses what is no GraphQL with a clear error', async () => {
    const post = (body: string) =>
      fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    expect((await post('{"query": ')).status).toBe(400);
    expect((await post('{"query": "{ nope }"}')).status).toBe(400);
    expect((await post(JSON.stringify({ query: `{ ${'a '.repeat(6_000)} }` }))).status).toBe(400);
    expect((await post(JSON.stringify({ query: ' '.repeat(2_000_000) }))).status).toBe(413);
    const simple = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      body: '{"query":"{status{version}}"}',
    });
    expect(simple.status).toBeGreaterThanOrEqual(400);
  });
});

describe('health', () => {
  it('is JSON for programs and a page for browsers', async () => {
    expect(await (await fetch(`${app.url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(app.url)).json()).toMatchObject({ status: 'ok', latestTurn: 1 });
    const browser = await fetch(app.url, { headers: { accept: 'text/html' } });
    expect(browser.headers.get('content-type')).toMatch('text/html');
  });
});
