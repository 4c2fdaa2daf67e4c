import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { describeWithBrowser, openBrowser, type TestBrowser } from '../support/browser.js';
import { refuseStaleBuild } from '../support/build-check.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { turnReached } from '../support/turns.js';
import { inTime } from '../support/until.js';

/** A Python that has pandas; undefined where there is none. */
const python = ['python3', '/usr/bin/python3'].find(
  (each) => spawnSync(each, ['-c', 'import pandas']).status === 0,
);
const database = useDatabase();
const page = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html');
  const text = readFileSync('examples/browser.html', 'utf8');
  response.end(text.replace('http://localhost:4000', app.url));
});
let app: RunningApp;
let origin: string;

beforeAll(async () => {
  refuseStaleBuild();
  page.listen(0, '127.0.0.1');
  await once(page, 'listening');
  origin = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
  const from = Date.now() - 600_000;
  const market = new ScriptedMarket((n) => observed(frameAt(from + n * 1_000, n)));
  app = await launchApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `examples_${process.pid}`,
      DATA_DIR: database.dataDir,
      ASSETS: 'USDT,BTC,ETH',
      CYCLE_INTERVAL_MS: '200',
      CORS_ORIGINS: origin,
    },
    { market },
  );
  await turnReached(app, 3);
});
afterAll(async () => {
  page.close();
  await app.stop();
});

describe('the examples', () => {
  it('show each turn as it comes, in Node', async () => {
    const program = spawn(process.execPath, ['examples/node.mjs', app.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void program.kill());
    const lines = createInterface(program.stdout)[Symbol.asyncIterator]();
    const line = async (): Promise<string> =>
      ((await inTime('a line', lines.next())) as { value: string }).value;
    const [first, second] = [await line(), await line()];
    expect(first).toMatch(/^\d+ \S+Z USDT 1 {2}BTC \d+ {2}ETH \d+$/);
    expect(Number(second.split(' ')[0])).toBe(Number(first.split(' ')[0]) + 1);
  });

  it.skipIf(!python)('end in a DataFrame of candles, in Python with pandas', async () => {
    const { stdout } = await promisify(execFile)(python ?? '', ['examples/dataframe.py', app.url]);
    expect(stdout).toMatch(/BTC\/USDT open .*\nstart /);
    const { data } = await query<{ candles: { lines: { open: number[] }[] } }>(
      app,
      '{ candles(cells: [{base: "BTC", quote: "USDT"}], every: "1m", from: "start") { lines { open } } }',
    );
    expect(stdout).toContain(String(data?.candles.lines[0]?.open[0]));
  });

  it('have at most ten lines that matter', () => {
    const linesIn = (file: string, from = /^/, to = /$/): number => {
      const text = readFileSync(path.join('examples', file), 'utf8');
      const [, matter = ''] = new RegExp(`${from.source}(.*)${to.source}`, 's').exec(text) ?? [];
      return matter.split('\n').filter((line) => /^\s*\w/.test(line)).length;
    };
    const counts = [
      linesIn('node.mjs'),
      linesIn('dataframe.py'),
      linesIn('browser.html', /<script type="module">/, /<\/script>/),
    ];
    expect(counts).toEqual([6, 10, 6]);
  });
});

describeWithBrowser('the example for pages', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('shows live prices on a page of another server', async () => {
    const { page: shown, faults } = await browser.newPage();
    await shown.goto(origin);
    // As every page of another site, it is refused where it is not let in.
    const stranger = await fetch(`${app.url}/client.js`, {
      headers: { origin: 'http://a.example' },
    });
    expect(stranger.status).toBe(403);
    await shown.getByText(/turn \d+\s+USDT 1\s+BTC \d+/).waitFor();
    expect(faults).toEqual([]);
  });
});
