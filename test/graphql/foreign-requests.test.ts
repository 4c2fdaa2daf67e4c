import { once } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { type RunningApp } from '../support/app.js';
import { ScriptedApp } from '../support/scripted-app.js';

const scripted = new ScriptedApp();
let app: RunningApp;
beforeEach(() => void ({ app } = scripted));

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
