import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithBrowser, openBrowser, type TestBrowser } from '../support/browser.js';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { openDashboard } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { EventReader } from '../support/event-reader.js';
import { RawSocket } from '../support/socket.js';
import { turnReached } from '../support/turns.js';

const HTML = { headers: { accept: 'text/html' } };
const LIVE = 'subscription { cycleCompleted(after: 0) { turn } }';
const database = useDatabase();
let app: RunningApp;
/** As a proxy asks that takes the prefix off. */
let bare: RunningApp;

beforeAll(async () => {
  app = await launchApp({
    MONGO_URI: database.engine.uri,
    DATABASE_NAME: `base_${process.pid}`,
    DATA_DIR: database.dataDir,
    CYCLE_INTERVAL_MS: '200',
    BASE_PATH: '/dynamics/',
  });
  bare = { ...app, url: new URL(app.url).origin };
  await turnReached(app, 2);
});
afterAll(() => app.stop());

describe('a server under a path', () => {
  it('says so, and sends browsers on that ask for the path without a slash', async () => {
    expect(new URL(app.url).pathname).toBe('/dynamics');
    const sent = await fetch(`${app.url}?view=pair`, { redirect: 'manual' });
    expect([sent.status, sent.headers.get('location')]).toEqual([308, '/dynamics/?view=pair']);
  });

  it.each(['/', '/graphql'])('has a page at %s whose files are there', async (place) => {
    for (const { url } of [app, bare]) {
      const page = await (await fetch(`${url}${place}`, HTML)).text();
      const files = [...page.matchAll(/<(?:script|link)[^>]* (?:src|href)="([^"]+)"/g)];
      expect(files.length).toBeGreaterThan(1);
      for (const [, file = ''] of files) {
        if (file.startsWith('data:')) continue;
        expect(file).toMatch(/^\/dynamics\/(static\/dashboard|graphiql)\/assets\//);
        expect((await fetch(new URL(file, url))).status).toBe(200);
        const stripped = file.replace('/dynamics', '');
        expect((await fetch(new URL(stripped, url))).status).toBe(200);
      }
    }
  });

  it('answers GraphQL, REST, sockets and event streams there, and where a proxy takes the path off', async () => {
    for (const served of [app, bare]) {
      expect((await query(served, '{ __typename }')).data).toEqual({ __typename: 'Query' });
      expect((await fetch(`${served.url}/status`)).status).toBe(200);
      expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
      const { servers } = (await (await fetch(`${served.url}/openapi.json`)).json()) as {
        servers: unknown;
      };
      expect(servers).toEqual([{ url: '/dynamics' }]);
      const socket = await RawSocket.open(served);
      socket.subscribe(LIVE);
      expect(JSON.stringify(await socket.next())).toContain('"turn":1');
      socket.close();
      const reader = await EventReader.open(served, { query: LIVE });
      expect(await reader.turns(2)).toEqual([1, 2]);
      reader.close();
    }
    const elsewhere = RawSocket.open({ url: `${app.url}/other` });
    await expect(elsewhere).rejects.toThrow('404');
  });
});

describeWithBrowser('pages under a path, in a browser', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('are live, find all of their parts, and each other', async () => {
    const dashboard = await openDashboard(browser, () => app.url);
    await dashboard.open();
    await dashboard.turnAfter(await dashboard.turn());
    await dashboard.open('?view=status');
    await dashboard.page.getByRole('link', { name: 'GraphiQL' }).click();
    for (const part of ['.graphiql-query-editor', '.graphiql-response']) {
      await dashboard.page.locator(`${part} .monaco-editor`).waitFor();
    }
    await dashboard.page.getByRole('button', { name: /execute/i }).click();
    await dashboard.page.locator('.graphiql-response').getByText('"turn"').waitFor();
    expect(new URL(dashboard.page.url()).pathname).toBe('/dynamics/graphql');
    expect(dashboard.faults).toEqual([]);
  });
});
