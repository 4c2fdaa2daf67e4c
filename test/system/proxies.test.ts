import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { issueToken } from '../../src/http/auth.js';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { EventReader } from '../support/event-reader.js';
import { PROXIES, startProxy, type RunningProxy } from '../support/proxies.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { RawSocket } from '../support/socket.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const LIVE = 'subscription { cycleCompleted(after: 0) { turn } }';
const database = useDatabase();
let app: RunningApp;
let authorization: string;

beforeAll(async () => {
  app = await launchApp({
    MONGO_URI: database.engine.uri,
    DATABASE_NAME: `proxies_${process.pid}`,
    DATA_DIR: database.dataDir,
    CYCLE_INTERVAL_MS: '100',
    BASE_PATH: '/dynamics',
    TRUSTED_PROXIES: '127.0.0.1,::1',
    API_SECRET_KEY,
    CONNECTIONS_PER_CLIENT: '2',
  });
  authorization = `Bearer ${await issueToken(API_SECRET_KEY, 'operator', Date.now() + 3_600_000)}`;
  await turnReached(app, 3, bearer());
});
afterAll(() => app.stop());

const bearer = () => ({ authorization });

async function openStream(served: { readonly url: string }, headers: Record<string, string> = {}) {
  const reader = await EventReader.open(served, { query: LIVE }, { ...bearer(), ...headers });
  onTestFinished(() => reader.close());
  return reader;
}

it('connections behind a proxy that is trusted count for whom it forwards for, sockets and streams together', async () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const socket = await RawSocket.open(app, bearer(), { headers: from('203.0.113.5') });
  onTestFinished(() => socket.close());
  expect((await openStream(app, from('203.0.113.5'))).response.status).toBe(200);
  expect((await openStream(app, from('203.0.113.5'))).response.status).toBe(429);
  const third = RawSocket.open(app, bearer(), { headers: from('203.0.113.5') });
  await expect(third).rejects.toThrow('429');
  expect((await openStream(app, from('203.0.113.6'))).response.status).toBe(200);
});

describe.each(PROXIES)('behind $name, by $example', (proxy) => {
  if (!proxy.isInstalled) {
    it.skip(`cannot be tried: ${proxy.name} is not installed`);
    return;
  }
  let proxied: RunningProxy;
  beforeAll(async () => {
    proxied = await startProxy(proxy, app.url);
  });
  afterAll(() => proxied.stop());

  it('the page comes with its files, also where its address lacks the slash', async () => {
    const sent = await fetch(proxied.url, { redirect: 'manual' });
    expect([301, 302, 308]).toContain(sent.status);
    const response = await fetch(proxied.url, { headers: { accept: 'text/html' } });
    expect(new URL(response.url).pathname).toBe('/dynamics/');
    const page = await response.text();
    const files = [...page.matchAll(/<(?:script|link)[^>]* (?:src|href)="([^"]+)"/g)];
    expect(files.length).toBeGreaterThan(1);
    for (const [, file = ''] of files) {
      expect((await fetch(new URL(file, proxied.url))).status).toBe(200);
    }
  });

  it('GraphQL and REST are answered, with the id of the request', async () => {
    expect((await query(proxied, '{ __typename }', {}, bearer())).data).toEqual({
      __typename: 'Query',
    });
    const response = await fetch(`${proxied.url}/status`, { headers: bearer() });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{32,36}$/);
    // A link that acts is followed from its own page, and from no other.
    const acting = (site: string) =>
      fetch(`${proxied.url}/dashboard`, { headers: { ...bearer(), referer: site } });
    expect((await acting(`${proxied.url}/`)).status).toBe(200);
    expect((await acting('http://evil.example/')).status).toBe(403);
  });

  it('cycles come over WebSockets', async () => {
    const socket = await RawSocket.open(proxied, bearer());
    onTestFinished(() => socket.close());
    socket.subscribe(LIVE);
    for (const turn of [1, 2, 3]) {
      expect(JSON.stringify(await socket.next())).toContain(`"turn":${turn}`);
    }
  });

  it('cycles come as server-sent events, each when it is there, and streams end with their readers', async () => {
    const reader = await openStream(proxied);
    expect(reader.response.headers.get('content-type')).toContain('text/event-stream');
    const stored = (await reader.turns(await turnReached(app, 1, bearer()))).at(-1) ?? 0;
    // Live from here on: each comes though the stream goes on.
    expect((await reader.turns(3)).at(-1)).toBe(stored + 3);
    reader.close();
    await until(
      'the place of a stream whose reader is gone',
      async () => {
        const again = [await openStream(proxied), await openStream(proxied)];
        for (const one of again) one.close();
        return again.map(({ response }) => response.status);
      },
      (statuses) => statuses.every((status) => status === 200),
    );
  });
});
