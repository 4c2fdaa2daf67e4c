import { createServer, type Server } from 'node:http';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { buildSchema, graphql, type GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { graphiqlRoutes } from '../../src/http/graphiql.js';
import { describeWithBrowser, openBrowser, type TestBrowser } from '../support/browser.js';
import type { WatchedPage } from '../support/browser.js';

const PROJECT = new URL('../../', import.meta.url);
const BUNDLE = fileURLToPath(new URL('dist/graphiql', PROJECT));
const BROWSER_ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

/** A server with GraphiQL over an API of the real schema, with made-up figures. */
interface RunningServer {
  readonly url: string;
  /** The authorization that came with each operation: by its header or connection parameters. */
  readonly authorizations: unknown[];
  /** Completes one more cycle and sends it to the subscribers. */
  completeCycle(): void;
  stop(): Promise<void>;
}

async function startServer(bundle = BUNDLE): Promise<RunningServer> {
  const schema = await readSchema();
  const cycles = new Cycles();
  const authorizations: unknown[] = [];
  const app = express();
  app.use(graphiqlRoutes(bundle));
  app.post('/graphql', express.json(), async (request, response) => {
    authorizations.push(request.headers.authorization);
    const { query, operationName } = request.body as { query: string; operationName?: string };
    response.json(await graphql({ schema, source: query, operationName, rootValue: cycles }));
  });
  app.get('/graphql', (_request, response) => {
    response.json({ data: null });
  });
  const server = createServer(app);
  const sockets = new WebSocketServer({ server, path: '/graphql' });
  const protocol = useServer(
    {
      schema,
      roots: { subscription: { cycleCompleted: () => cycles.follow() } },
      onConnect: ({ connectionParams }) => {
        authorizations.push(connectionParams?.['authorization']);
      },
    },
    sockets,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authorizations,
    completeCycle: () => cycles.complete(),
    async stop() {
      await protocol.dispose();
      await close(server);
    },
  };
}

async function readSchema(): Promise<GraphQLSchema> {
  return buildSchema(await readFile(new URL('schema/schema.graphql', PROJECT), 'utf8'));
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** The roots of the API: turns that complete on demand. */
class Cycles {
  #turn = 1;
  readonly #waiting = new Set<() => void>();

  latestCycle = () => cycleOf(this.#turn);

  complete(): void {
    this.#turn += 1;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async *follow(): AsyncGenerator<unknown> {
    for (let turn = this.#turn; ; turn += 1) {
      while (this.#turn < turn) {
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
      yield { cycleCompleted: cycleOf(turn) };
    }
  }
}

function cycleOf(turn: number): object {
  const values = [
    [61_000 + turn, 52_000],
    [3_400.5, 2_900.25],
  ];
  return {
    turn,
    observedAt: '2026-01-31T12:00:00.000Z',
    matrix: () => ({ bases: ['BTC', 'ETH'], quotes: ['USDT', 'EUR'], values }),
  };
}

describe('the routes of GraphiQL', () => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startServer();
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
    const unbuilt = await startServer(folder);
    try {
      const response = await fetch(`${unbuilt.url}/graphql`, {
        headers: { accept: BROWSER_ACCEPT },
      });
      expect(response.status).toBe(503);
      expect(response.headers.get('content-type')).toMatch('text/html');
      expect(await response.text()).toContain('npm run build');
    } finally {
      await unbuilt.stop();
      await rm(folder, { recursive: true });
    }
  });
});

describeWithBrowser('GraphiQL in a browser', () => {
  let server: RunningServer;
  let browser: TestBrowser;
  let opened: WatchedPage;

  beforeAll(async () => {
    if (!existsSync(BUNDLE)) throw new Error('GraphiQL is not built: run npm run build');
    browser = await openBrowser();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    server = await startServer();
    opened = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await opened.page.goto(`${server.url}/graphql`);
    // The button does nothing until both editors are there.
    for (const part of ['.graphiql-query-editor', '.graphiql-response']) {
      await opened.page.locator(`${part} .monaco-editor`).waitFor();
    }
  });

  afterEach(async () => {
    await opened.page.context().close();
    await server.stop();
  });

  const execute = () => opened.page.getByRole('button', { name: /execute/i }).click();
  const tabs = () => opened.page.locator('.graphiql-tab-button');
  const openTab = (name: string) => tabs().getByText(name, { exact: true }).click();
  /** Waits until the response shows a text; the editor writes no-break spaces. */
  const shown = (text: string) =>
    opened.page
      .locator('.graphiql-response')
      .filter({ hasText: new RegExp(text.replaceAll(' ', '\\s')) })
      .waitFor();

  it('offers an example in each tab', async () => {
    expect(await opened.page.title()).toBe('Dynamics');
    expect(await tabs().allTextContents()).toEqual([
      'Benchmark',
      'AllMatrices',
      'OneCell',
      'Wallet',
      'Status',
      'LiveCycles',
      'RunCycle',
    ]);
  });

  it('runs a query, and neither breaks its policy nor asks another machine', async () => {
    await execute();
    await shown('"turn": 1');
    await screenshot(opened, 'graphiql-query.png');
    expect(opened.faults).toEqual([]);
  });

  it('shows each result of a subscription', async () => {
    await openTab('LiveCycles');
    await execute();
    await shown('"turn": 1,');
    for (const turn of [2, 3, 4]) {
      server.completeCycle();
      await shown(`"turn": ${turn},`);
    }
    await screenshot(opened, 'graphiql-subscription.png');
    expect(opened.faults).toEqual([]);
  });

  it('sends the token of the headers editor with queries and with subscriptions', async () => {
    const { page } = opened;
    const useToken = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Headers', exact: true }).click();
      await page.locator('.graphiql-editor-tool .monaco-editor').last().click();
      await page.keyboard.insertText('{ "Authorization": "Bearer abc" }');
    };
    await useToken();
    server.authorizations.length = 0;
    await execute();
    await shown('"turn": 1');
    expect(server.authorizations).toContain('Bearer abc');

    await openTab('LiveCycles');
    await useToken();
    server.authorizations.length = 0;
    await execute();
    await shown('"turn": 1,');
    expect(server.authorizations).toEqual(['Bearer abc']);
    expect(opened.faults).toEqual([]);
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
