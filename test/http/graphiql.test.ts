import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import express from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { issueToken } from '../../src/http/auth.js';
import { graphiqlRoutes } from '../../src/http/graphiql-page.js';
import { launchApp, type RunningApp } from '../support/app.js';
import {
  describeWithBrowser,
  openBrowser,
  type TestBrowser,
  type WatchedPage,
} from '../support/browser.js';
import { useDatabase } from '../support/database.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const BROWSER_ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

const database = useDatabase();
let run = 0;

/** The whole system over the simulated exchange, with a cycle every half second. */
function start(settings: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
  return launchApp({
    MONGO_URI: database.engine.uri,
    DATABASE_NAME: `graphiql_${process.pid}_${++run}`,
    DATA_DIR: database.dataDir,
    CYCLE_INTERVAL_MS: '500',
    ...settings,
  });
}

describe('the routes of GraphiQL', () => {
  let server: RunningApp;

  beforeAll(async () => {
    server = await start();
  });

  afterAll(() => server.stop());

  const get = (address: string, accept?: string): Promise<Response> =>
    fetch(server.url + address, accept === undefined ? {} : { headers: { accept } });

  it('answer a browser at /graphql with the page', async () => {
    const response = await get('/graphql', BROWSER_ACCEPT);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch('text/html');
    expect(response.headers.get('vary')).toMatch(/accept/i);
    expect(await response.text()).toContain('<title>Dynamics</title>');
  });

  it.each([
    ['a program without a wish', '/graphql', '*/*'],
    ['a program that wants JSON', '/graphql', 'application/json'],
    ['a program that prefers JSON', '/graphql', 'application/json, text/html;q=0.5'],
    ['an operation in the address, even from a browser', '/graphql?query={x}', BROWSER_ACCEPT],
  ])('leave %s to GraphQL', async (_caller, address, accept) => {
    const response = await get(address, accept);
    expect(response.headers.get('content-type')).toMatch('application/json');
    expect(response.headers.get('vary')).toMatch(/accept/i);
  });

  it('let the page load from its own server only, and nobody frame it', async () => {
    const { headers } = await get('/graphql', BROWSER_ACCEPT);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  it('let browsers keep the files that are named after their content', async () => {
    const page = await (await get('/graphql', BROWSER_ACCEPT)).text();
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] as string);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files.filter((address) => !address.startsWith('data:'))) {
      expect(file).toMatch(/^\/graphiql\/assets\//);
      const response = await get(file);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it.each(['/graphiql/assets/missing.js', '/graphiql/assets/..%2findex.html'])(
    'have nothing at %s',
    async (address) => {
      expect((await get(address)).status).toBeGreaterThanOrEqual(400);
    },
  );

  it('say how to build the page where it has not been built', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'dynamics-graphiql-'));
    const unbuilt = createServer(express().use(graphiqlRoutes(folder)));
    await new Promise<void>((resolve) => unbuilt.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = unbuilt.address() as AddressInfo;
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        headers: { accept: BROWSER_ACCEPT },
      });
      expect(response.status).toBe(503);
      expect(response.headers.get('content-type')).toMatch('text/html');
      expect(await response.text()).toContain('npm run build');
    } finally {
      unbuilt.closeAllConnections();
      unbuilt.close();
      await rm(folder, { recursive: true });
    }
  });
});

describeWithBrowser('GraphiQL in a browser', () => {
  let server: RunningApp;
  let browser: TestBrowser;
  let opened: WatchedPage;

  beforeAll(async () => {
    browser = await openBrowser();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    server = await start();
    opened = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await turnReached(server, 1);
    await openGraphiql();
  });

  afterEach(async () => {
    await opened.page.context().close();
    await server.stop();
  });

  const openGraphiql = async (): Promise<void> => {
    await opened.page.goto(`${server.url}/graphql`);
    // The button does nothing until both editors are there.
    for (const part of ['.graphiql-query-editor', '.graphiql-response']) {
      await opened.page.locator(`${part} .monaco-editor`).waitFor();
    }
  };
  const execute = () => opened.page.getByRole('button', { name: /execute/i }).click();
  const tabs = () => opened.page.locator('.graphiql-tab-button');
  const openTab = (name: string) => tabs().getByText(name, { exact: true }).click();
  /** Waits until the response shows a text; the editor writes no-break spaces. */
  const shown = (text: string) =>
    opened.page
      .locator('.graphiql-response')
      .filter({ hasText: new RegExp(text.replaceAll(' ', '\\s')) })
      .waitFor();
  /** The turn in the response, once it is later than another. */
  const turnAfter = (turn: number): Promise<number> =>
    until(
      `a turn after ${turn} in the response`,
      async () => {
        const text = await opened.page.locator('.graphiql-response').textContent();
        return Number(/"turn":\s(\d+)/.exec(text ?? '')?.[1] ?? 0);
      },
      (shownTurn) => shownTurn > turn,
    );

  it('offers an example in each tab', async () => {
    expect(await opened.page.title()).toBe('Dynamics');
    expect(await tabs().allTextContents()).toEqual([
      'Benchmark',
      'AllMatrices',
      'OneCell',
      'Wallet',
      'CandlesOfACrossPair',
      'HourInPercent',
      'Together',
      'Status',
      'LiveCycles',
      'RunCycle',
    ]);
  });

  it('runs a query, and neither breaks its policy nor asks another machine', async () => {
    await execute();
    await turnAfter(0);
    await screenshot(opened, 'graphiql-query.png');
    expect(opened.faults).toEqual([]);
  });

  it('shows each result of a subscription', async () => {
    await openTab('LiveCycles');
    await execute();
    for (let turn = 0, seen = 0; seen < 3; seen++) turn = await turnAfter(turn);
    await screenshot(opened, 'graphiql-subscription.png');
    expect(opened.faults).toEqual([]);
  });

  it('sends the token of the headers editor with queries and with subscriptions', async () => {
    await server.stop();
    server = await start({ API_SECRET_KEY });
    await openGraphiql();
    await execute();
    await shown('"UNAUTHENTICATED"');
    const { page } = opened;
    const token = await issueToken(API_SECRET_KEY, 'viewer', Date.now() + 60_000);
    const useToken = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Headers', exact: true }).click();
      await page.locator('.graphiql-editor-tool .monaco-editor').last().click();
      await page.keyboard.insertText(`{ "Authorization": "Bearer ${token}" }`);
    };
    await useToken();
    await execute();
    await turnAfter(0);

    await openTab('LiveCycles');
    await useToken();
    await execute();
    await turnAfter(await turnAfter(0));
  });

  it('notices what must not happen', async () => {
    const { page, faults } = opened;
    await page.evaluate(`fetch('https://example.com/').catch(() => undefined)`);
    expect(faults.join('\n')).toContain('connect-src');
    const bare = await browser.newPage();
    await bare.page.goto('about:blank');
    await bare.page.evaluate(`fetch('https://example.com/').catch(() => undefined)`);
    expect(bare.faults).toContain('request to another machine: https://example.com/');
    await bare.page.context().close();
  });
});

/** Kept in the folder that SCREENSHOTS names, for people to look at. */
async function screenshot({ page }: WatchedPage, name: string): Promise<void> {
  const image = await page.screenshot();
  expect(image.length).toBeGreaterThan(10_000);
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, name), image);
}
