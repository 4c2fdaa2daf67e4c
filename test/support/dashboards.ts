import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchApp, type RunningApp } from './app.js';
import { openBrowser, type TestBrowser } from './browser.js';
import { openDashboard, type DashboardPage } from './dashboard.js';
import type { TestDatabase } from './database.js';
import { frameAt, observed, ScriptedMarket } from './scripted-market.js';
import { turnReached } from './turns.js';

/** Each view by its name, as the query of its address. */
export const VIEWS = {
  matrix: '',
  'matrix-benchmark': '?kind=ID_BENCHMARK',
  overview: '?layout=overview',
  list: '?layout=list',
  pair: '?view=pair&base=BTC&quote=USDT',
  wallet: '?view=wallet',
  strategy: '?view=strategy',
  consistency: '?view=consistency',
  alerts: '?view=alerts',
  status: '?view=status',
  help: '?view=help',
};

let run = 0;

/** Prices that move a little with each turn; one asset has no price, and all are 1.5 s old. */
export function scripted(): ScriptedMarket {
  const from = Date.now() - 60_000;
  return new ScriptedMarket((n) => observed(frameAt(from + n * 1_000, n)));
}

/** A browser for the tests of one file, and a server for each of them. */
export function useDashboards(database: TestDatabase) {
  let browser: TestBrowser;
  let server: RunningApp | null = null;

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await server?.stop();
    server = null;
  });

  /** A system of the simulated exchange, or of a scripted one, with many cycles a second. */
  async function serve(
    settings: Readonly<Record<string, string>> = {},
    market?: ScriptedMarket,
  ): Promise<RunningApp> {
    server = await launchApp(
      {
        MONGO_URI: database.engine.uri,
        DATABASE_NAME: `dashboard_${process.pid}_${++run}`,
        DATA_DIR: database.dataDir,
        CYCLE_INTERVAL_MS: '300',
        ...(market && { ASSETS: 'USDT,BTC,ETH,XRP' }),
        ...settings,
      },
      market && { market },
    );
    return server;
  }

  const open = (
    app: { readonly url: string },
    options?: Parameters<typeof openDashboard>[2],
  ): Promise<DashboardPage> => openDashboard(browser, () => app.url, options);
  return { serve, open };
}

/**
 * One server for all tests of one file: a system of the simulated exchange that has run two turns when
 * the first test begins.
 * @param name of its database, which no other file uses
 */
export function useSharedServer(database: TestDatabase, name: string): { readonly url: string } {
  let app: RunningApp;

  beforeAll(async () => {
    app = await launchApp({
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `dashboard_${name}_${process.pid}`,
      DATA_DIR: database.dataDir,
      CYCLE_INTERVAL_MS: '1000',
    });
    await turnReached(app, 2);
  });
  afterAll(() => app.stop());

  return {
    get url() {
      return app.url;
    },
  };
}

/**
 * No turn was missed. One may come twice: with a subscription that the page has ended already, and
 * with the one that follows it.
 */
export function expectNoGap({ pushed }: DashboardPage): void {
  expect(pushed.length).toBeGreaterThan(0);
  const seen = [...new Set(pushed)];
  expect(seen).toEqual(seen.map((_, index) => (seen[0] ?? 0) + index));
}

/** Nothing went wrong in the browser, and no turn was missed. */
export function expectWell(view: DashboardPage): void {
  expect(view.faults).toEqual([]);
  if (view.pushed.length > 0) expectNoGap(view);
}
