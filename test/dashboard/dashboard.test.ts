import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { issueToken } from '../../src/http/auth.js';
import type { ObservationResult } from '../../src/market/market-port.js';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { startProxy } from '../chaos/proxy.mjs';
import { describeWithBrowser, openBrowser, type TestBrowser } from '../support/browser.js';
import {
  accessibilityFaults,
  keepScreenshot,
  openDashboard,
  type DashboardPage,
} from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { startServer } from '../support/process.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();
let run = 0;

const VIEWS = {
  matrix: '',
  'matrix-benchmark': '?kind=ID_BENCHMARK',
  overview: '?layout=overview',
  list: '?layout=list',
  pair: '?view=pair&base=BTC&quote=USDT',
  wallet: '?view=wallet',
  strategy: '?view=strategy',
  status: '?view=status',
};

/** Prices that move a little with each turn; one asset has no price, and all are 1.5 s old. */
function scripted(): ScriptedMarket {
  const from = Date.now() - 60_000;
  return new ScriptedMarket((n) => observed(frameAt(from + n * 1_000, n)));
}

/** Settings that play a recording of two answers of the exchange, one a turn. */
function recorded(): Record<string, string> {
  const folder = temporaryFolder();
  for (const minute of [0, 1]) {
    const closeTime = Date.UTC(2024, 6, 29, 17, minute);
    const name = `2024-07-29T17${String(minute).padStart(2, '0')}00Z.json`;
    const lastPrice = String(61_000 + minute);
    const ticker = { symbol: 'BTCUSDT', openPrice: '60000', bidPrice: lastPrice, lastPrice };
    writeFileSync(
      path.join(folder, name),
      JSON.stringify([{ ...ticker, askPrice: lastPrice, quoteVolume: '1', closeTime }]),
    );
  }
  return { EXCHANGE: 'replay', REPLAY_PATH: folder, REPLAY_SPEED: 'step', ASSETS: 'USDT,BTC' };
}

describeWithBrowser('the dashboard in a browser', () => {
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

  /**
   * No turn was missed. One may come twice: with a subscription that the page has ended already, and
   * with the one that follows it.
   */
  function expectNoGap({ pushed }: DashboardPage): void {
    expect(pushed.length).toBeGreaterThan(0);
    const seen = [...new Set(pushed)];
    expect(seen).toEqual(seen.map((_, index) => (seen[0] ?? 0) + index));
  }

  /** Nothing went wrong in the browser, and no turn was missed. */
  function expectWell(view: DashboardPage): void {
    expect(view.faults).toEqual([]);
    if (view.pushed.length > 0) expectNoGap(view);
  }

  it('says on a first visit that there is no cycle yet, and shows the first one by itself', async () => {
    let release: (result: ObservationResult) => void = () => undefined;
    const market = new ScriptedMarket(() => new Promise((resolve) => (release = resolve)));
    const view = await open(await serve({}, market));
    await view.open();
    const { page } = view;
    await page.getByRole('heading', { name: 'No cycle is stored yet' }).waitFor();
    const found = await accessibilityFaults(page);
    await keepScreenshot(page, 'empty');
    market.answerWith((n) => observed(frameAt(Date.now(), n)));
    release(observed(frameAt(Date.now())));
    expect(found).toEqual([]);
    await page.getByRole('grid').waitFor();
    expectWell(view);
  });

  it('shows the numbers of the newest turn, and each one that follows', async () => {
    const app = await serve({}, scripted());
    const view = await open(app);
    await view.open('?kind=ID_BENCHMARK');
    await view.turnAfter(await view.turnAfter(0));
    const turn = await view.turn();
    // While turns come quickly, what is shown is of one turn as a whole: BTC is 61000 + 10 a turn.
    const text = await (await view.cell('BTC', 'USDT')).textContent();
    const price = Number(text?.replaceAll(',', ''));
    expect((price - 61_000) / 10).toBeGreaterThanOrEqual(turn);
    expect((price - 61_000) / 10).toBeLessThanOrEqual((await view.turn()) + 1);
    await view.page.getByText('Live', { exact: true }).waitFor();
    // What is said of the pair that is pointed at goes on with the turns as well.
    await (await view.cell('BTC', 'USDT')).hover();
    const details = view.page.getByTestId('details');
    const said = await details.textContent();
    expect(said).toMatch(/^BTC\/USDT 61,\d{3} USDT per BTC/);
    await expect.poll(() => details.textContent()).not.toBe(said);
    await view.page.mouse.move(0, 0);
    // Each header and each cell is where it can be seen: nothing lies over it.
    const covered = await view.page.evaluate(`[...document.querySelectorAll(
      '[role=grid] :is(th[role=columnheader], td)')].filter((cell) => {
        const { x, y, width, height } = cell.getBoundingClientRect();
        return document.elementFromPoint(x + width / 2, y + height / 2) !== cell;
      }).map((cell) => cell.textContent)`);
    expect(covered).toEqual([]);
    expectWell(view);
  });

  it('marks what is missing, what is stale and what is a cross rate', async () => {
    const market = new ScriptedMarket((n) => {
      const frame = frameAt(Date.now(), n);
      const tickers = frame.tickers.filter(({ symbol }) => symbol !== 'ETHUSDT');
      return observed({ ...frame, tickers });
    });
    const view = await open(
      await serve({ STALE_AFTER_MS: '1000', CYCLE_INTERVAL_MS: '86400000' }, market),
    );
    await view.open();
    const { page } = view;
    expect(await (await view.cell('XRP', 'BTC')).textContent()).toBe('–no value');
    expect(await (await view.cell('ETH', 'USDT')).textContent()).toMatch(/, stale, cross rate$/);
    expect(await (await view.cell('ETH', 'BTC')).textContent()).toMatch(/\d, stale$/);
    await (await view.cell('ETH', 'USDT')).hover();
    const details = page.getByTestId('details');
    await details.getByText('cross rate').waitFor();
    expect(await details.textContent()).toMatch(
      /^ETH\/USDT [+-]\d.* % cross rate ETHBTC → BTCUSDT 1\.5 s old, stale$/,
    );
    await (await view.cell('XRP', 'BTC')).hover();
    await details.getByText('no path between them').waitFor();
    expectWell(view);
  });

  it.each([
    ['a simulated market', 'Simulated prices.', () => ({})],
    ['a recording', 'Replayed prices.', recorded],
  ])('can never be taken for a real market where it shows %s', async (_name, words, settings) => {
    const view = await open(await serve(settings()));
    for (const search of Object.values(VIEWS)) {
      await view.open(search);
      await view.page.getByText(words).waitFor();
    }
    expect(view.faults).toEqual([]);
  });

  it('goes on without a gap when the server is killed and started again', async () => {
    const folder = temporaryFolder();
    const settings = { CYCLE_INTERVAL_MS: '200', DATA_DIR: `${folder}/data` };
    const first = await startServer(settings, folder);
    const view = await open(first);
    await view.open();
    await view.turnAfter(2);
    await first.killTree();
    const { page } = view;
    await page.getByText('Connection lost.').waitFor();
    await keepScreenshot(page, 'connection-lost');
    const before = await view.turn();
    const second = await startServer({ ...settings, PORT: new URL(first.url).port }, folder);
    expect(second.url).toBe(first.url);
    await view.turnAfter(before + 3);
    await page.getByText('Live', { exact: true }).waitFor();
    expectNoGap(view);
    // While the server is away the browser says that it cannot connect; nothing else may be wrong.
    expect(
      view.faults.filter(
        (fault) =>
          !/ERR_CONNECTION_REFUSED|ERR_SOCKET_NOT_CONNECTED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection/.test(
            fault,
          ),
      ),
    ).toEqual([]);
  });

  it('notices a network that is gone without a word, and misses nothing', async () => {
    const app = await serve({ CYCLE_INTERVAL_MS: '1000' });
    const network = await startProxy({ host: '127.0.0.1', port: Number(new URL(app.url).port) });
    try {
      const view = await open({ url: `http://127.0.0.1:${network.port}` });
      await view.open();
      const before = await view.turnAfter(1);
      network.set('hang');
      await view.page.getByText('Connection lost.').waitFor({ timeout: 30_000 });
      network.set('pass');
      await view.turnAfter(before + 15);
      await view.page.getByText('Live', { exact: true }).waitFor();
      expectNoGap(view);
    } finally {
      await network.stop();
    }
  });

  it('begins anew where the database is put back: nothing that is stored no longer stays', async () => {
    const name = `dashboard_rewind_${process.pid}`;
    const app = await serve({ CYCLE_INTERVAL_MS: '300', DATABASE_NAME: name });
    await turnReached(app, 12);
    const view = await open(app);
    await view.open('?view=pair&base=BTC&quote=USDT');
    await view.turnAfter(12);
    const { page } = view;
    await page.getByText('as numbers').click();
    const connection = await mongoose
      .createConnection(database.engine.uri, { dbName: `${name}_simulated` })
      .asPromise();
    const cycles = connection.collection('cycle_matrices');
    await cycles.deleteMany({ turn: { $gt: 5 } });
    // The same turns come again, as others.
    await expect.poll(() => view.pushed, { timeout: 30_000 }).toContain(11);
    await until(
      'turn 12 to be shown',
      () => view.turn(),
      (turn) => turn >= 12,
    );
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('as numbers').click();
    const row = page
      .getByRole('table')
      .locator('tbody tr')
      .filter({ has: page.locator('th', { hasText: /^9$/ }) });
    const shown = Number((await row.locator('td').allTextContents())[1]?.replaceAll(',', ''));
    const { data } = await query<{ cycle: { matrix: { values: number[][] } } }>(
      app,
      '{ cycle(turn: 9) { matrix(kind: ID_BENCHMARK, bases: ["BTC"], quotes: ["USDT"]) { values(digits: 5) } } }',
    );
    expect(shown).toBeCloseTo(data?.cycle.matrix.values[0]?.[0] ?? 0, 0);
    await connection.close();
    expect(view.faults).toEqual([]);
  });

  it('goes through the stored turns, plays them, and comes back to live', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 8);
    const view = await open(app);
    await view.open('?kind=ID_BENCHMARK&turn=3');
    const { page } = view;
    expect(await view.turn()).toBe(3);
    const price = async () => (await view.cell('BTC', 'USDT')).textContent();
    expect(await price()).toBe('61,030');
    await page.getByRole('button', { name: 'One turn back' }).click();
    await expect.poll(price).toBe('61,020');
    await page.getByRole('slider', { name: 'Turn' }).focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press('ArrowRight');
    await expect.poll(price).toBe('61,050');
    expect(page.url()).toContain('turn=5');
    await page.getByRole('button', { name: 'Play' }).click();
    await view.turnAfter(6);
    await page.getByRole('button', { name: 'Back to live' }).click();
    await page.getByRole('button', { name: 'Following live' }).waitFor();
    expect(page.url()).not.toContain('turn=');
    await view.turnAfter(await view.turn());
    expect(view.faults).toEqual([]);
  });

  it('says so where a turn is not stored', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    await view.open('?turn=999999');
    await view.page.getByRole('heading', { name: 'Turn 999999 is not stored' }).waitFor();
    await view.page.getByRole('button', { name: 'Go to the newest' }).click();
    await view.page.getByRole('grid').waitFor();
    expectWell(view);
  });

  it('opens a pair from its cell, and adds each new turn to its course', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 3);
    const view = await open(app);
    await view.open();
    const { page } = view;
    await (await view.cell('ETH', 'BTC')).click();
    await page.getByRole('heading', { name: 'ETH/BTC' }).waitFor();
    expect(page.url()).toContain('view=pair&base=ETH&quote=BTC');
    await page.getByText('as numbers').click();
    const table = page.getByRole('table');
    const rows = () => table.locator('tbody tr').count();
    const before = await rows();
    expect(before).toBeGreaterThanOrEqual(3);
    await expect.poll(rows).toBeGreaterThan(before + 2);
    const shown = (await table.locator('tbody th').allTextContents()).map(Number);
    expect(shown).toEqual(shown.map((_, index) => (shown[0] as number) - index));
    const first = await table.locator('tbody tr').last().locator('td').allTextContents();
    expect(first.slice(1, 3)).toEqual(['0.05001', '-0.00099']);
    await page.goBack();
    await page.getByRole('grid').waitFor();
    expectWell(view);
  });

  it('takes a right value into the settings, and says what the server says of a wrong one', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    await view.open('?view=strategy');
    const { page } = view;
    const imprint = page.getByLabel('Expected imprint');
    await imprint.fill('-3');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Not saved.').waitFor();
    expect(await imprint.getAttribute('aria-invalid')).toBe('true');
    const said = await page.locator('.field .fault').textContent();
    const { data } = await query<{
      updateStrategyConfig: { userErrors: { message: string }[] };
    }>(
      app,
      'mutation { updateStrategyConfig(input: { expectedImprint: -3 }) { userErrors { message } } }',
    );
    expect(said).toBe(data?.updateStrategyConfig.userErrors[0]?.message);
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'strategy-wrong');

    await imprint.fill('1.25');
    await page.getByLabel('Lead', { exact: true }).selectOption('MOMENTUM');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved: in force from the next turn on.').waitFor();
    await page.getByText('version 2').waitFor();
    expect(await imprint.inputValue()).toBe('1.25');
    const stored = await query(app, '{ strategyConfig { version mode expectedImprint } }');
    expect(stored.data).toEqual({
      strategyConfig: { version: 2, mode: 'MOMENTUM', expectedImprint: 1.25 },
    });
    await page.getByText('waits for 1.2500').waitFor();
    // What somebody else changes shows up as well, and what is being typed stays.
    await imprint.fill('1.3');
    await query(
      app,
      'mutation { updateStrategyConfig(input: { tier: AGGRESSIVE }) { userErrors { code } } }',
    );
    await page.getByText('version 3').waitFor();
    expect(await page.getByLabel('Smoothing').inputValue()).toBe('AGGRESSIVE');
    expect(await imprint.inputValue()).toBe('1.3');
    expectWell(view);
  });

  it('asks for a token where the server wants one, and for another where it is not enough', async () => {
    const app = await serve({ API_SECRET_KEY }, scripted());
    const token = (role: 'viewer' | 'operator') =>
      issueToken(API_SECRET_KEY, role, Date.now() + 60_000);
    const view = await open(app);
    await view.open('?view=strategy');
    const { page } = view;
    const use = async (text: string): Promise<void> => {
      await page.getByLabel('Access token').fill(text);
      await page.getByRole('button', { name: 'Use it in this tab' }).click();
    };
    await page.getByRole('heading', { name: 'This server wants a token' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'token');
    await use('nonsense');
    await page
      .getByText('for those with a token only')
      .or(page.getByLabel('Access token'))
      .first()
      .waitFor();
    await use(await token('viewer'));
    await page.getByLabel('Expected luggage').fill('2');
    await page.getByRole('button', { name: 'Save' }).click();
    await use(await token('operator'));
    await page.getByLabel('Expected luggage').fill('2');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('version 2').waitFor();
    await view.turnAfter(await view.turn());
    expect(await page.evaluate('localStorage.length')).toBe(0);
    expect(view.faults.filter((fault) => !/ 40[13] |\b40[13]\b/.test(fault))).toEqual([]);
  });

  it('values the wallet in the asset that one picks', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    await view.open('?view=wallet&turn=1');
    const { page } = view;
    const value = page.getByTestId('wallet-value');
    expect(await value.textContent()).toBe('100.5');
    await page.getByLabel('Valued in').selectOption('BTC');
    await expect.poll(() => value.textContent()).toBe((100.5 / 61_010).toPrecision(8));
    await page.getByLabel('Valued in').selectOption('XRP');
    await page.getByText('no price').first().waitFor();
    await page.getByText('A paper wallet.').waitFor();
    expectWell(view);
  });

  it('keeps the rest of the page when a view cannot be drawn', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    await view.page.addInitScript(
      `Object.defineProperty(Intl.NumberFormat.prototype, 'format', {
        get() { throw new Error('broken on purpose'); },
      });`,
    );
    await view.open();
    await view.page.getByRole('heading', { name: 'This view could not be drawn' }).waitFor();
    await view.goTo('Status');
    await view.page.getByText('Stored turns').waitFor();
  });

  describe('has tools that', () => {
    async function atTurn(turn: number, search = ''): Promise<DashboardPage> {
      const app = await serve({}, scripted());
      await turnReached(app, turn);
      const view = await open(app);
      await view.open(`?turn=${turn}${search}`);
      await view.page.getByRole('grid').or(view.page.getByRole('table')).waitFor();
      return view;
    }

    it('transpose the matrix', async () => {
      const view = await atTurn(1);
      const before = await (await view.cell('BTC', 'USDT')).textContent();
      await view.page.getByLabel('Transpose').check();
      const grid = view.page.getByRole('grid');
      expect(await grid.locator('.corner').textContent()).toBe('quote \\ base');
      expect(await (await view.cell('BTC', 'USDT')).textContent()).toBe(before);
      expect(await grid.locator('tbody tr').first().locator('td').nth(1).textContent()).toBe(
        before,
      );
      expect(view.page.url()).toContain('transposed=true');
      expect(view.faults).toEqual([]);
    });

    it('compare Δ between two turns', async () => {
      const view = await atTurn(4, '&kind=ID_DELTA');
      const { page } = view;
      await page.getByLabel('Minus turn').fill('9');
      await page.getByText('a turn from 1 to 4').waitFor();
      await page.getByLabel('Minus turn').fill('1');
      await page.getByText('Turn 4 minus turn 1.').waitFor();
      expect(await (await view.cell('BTC', 'USDT')).textContent()).toBe('+30');
      expect(await (await view.cell('ETH', 'USDT')).textContent()).toBe('-3');
      await page.getByRole('button', { name: 'Stop comparing' }).click();
      await expect.poll(async () => (await view.cell('BTC', 'USDT')).textContent()).toBe('+1,040');
      expect(view.faults).toEqual([]);
    });

    it('fade what is below a threshold', async () => {
      const view = await atTurn(1);
      const faded = async (base: string, quote: string) =>
        (await (await view.cell(base, quote)).getAttribute('class'))?.includes('faded');
      // Δ% of BTC is 1.68, that of ETH in USDT -0.36.
      await view.page.getByLabel('At least ±').fill('1');
      await expect.poll(() => faded('ETH', 'USDT')).toBe(true);
      expect(await faded('BTC', 'USDT')).toBe(false);
      await view.page.getByLabel('At least ±').fill('much');
      await view.page.getByText('a number from 0 on').waitFor();
      expect(await faded('ETH', 'USDT')).toBe(false);
      expect(view.faults).toEqual([]);
    });

    it('list the pairs, sorted and searched', async () => {
      const view = await atTurn(1, '&layout=list');
      const { page } = view;
      const names = async () =>
        (await page.locator('.pair-list tbody tr').allTextContents()).map((text) =>
          text.replace(/ in .*/, ''),
        );
      expect(await names()).toHaveLength(12);
      await page.getByRole('button', { name: 'Value' }).click();
      const values = (await page.locator('.pair-list tbody td:nth-child(3)').allTextContents())
        .map(parseFloat)
        .filter((value) => !Number.isNaN(value));
      expect(values).toHaveLength(6);
      expect(values).toEqual(values.toSorted((a, b) => b - a));
      await page.getByLabel('Search pairs').fill('btc/');
      await page.getByText('3 pairs').waitFor();
      expect(await names()).toEqual(['BTC', 'BTC', 'BTC']);
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download CSV' }).click();
      const csv = await readFile(await (await waiting).path(), 'utf8');
      expect(csv.trimEnd().split('\r\n')).toHaveLength(1 + 3);
      await page.getByRole('button', { name: 'BTC in USDT' }).click();
      await page.getByRole('heading', { name: 'BTC/USDT' }).waitFor();
      expect(view.faults).toEqual([]);
    });

    it('mark the inverse pair', async () => {
      const view = await atTurn(1);
      await view.page.getByLabel('Mark the inverse pair').check();
      await (await view.cell('BTC', 'ETH')).hover();
      const mirror = await view.cell('ETH', 'BTC');
      await expect.poll(() => mirror.getAttribute('class')).toContain('mirror');
      expect(await view.page.locator('td.mirror').count()).toBe(1);
    });

    it('download what is seen, as JSON and as CSV', async () => {
      const view = await atTurn(2, '&kind=ID_BENCHMARK&filter=BTC%20USDT&transposed=true');
      const { page } = view;
      const download = async (button: string): Promise<{ name: string; text: string }> => {
        const waiting = page.waitForEvent('download');
        await page.getByRole('button', { name: button }).click();
        const file = await waiting;
        return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
      };
      const json = await download('Download JSON');
      expect(json.name).toBe('dynamics-id_benchmark-turn-2.json');
      expect(JSON.parse(json.text)).toMatchObject({
        turn: 2,
        against: null,
        exchange: 'SIMULATED',
        kind: 'ID_BENCHMARK',
        unit: 'QUOTE_PER_BASE',
        transposed: true,
        bases: ['USDT', 'BTC'],
        quotes: ['USDT', 'BTC'],
        values: [
          [1, 61_020],
          [1 / 61_020, 1],
        ],
      });
      const csv = await download('Download CSV');
      expect(csv.text).toBe(
        `quote \\ base,USDT,BTC\r\nUSDT,1,61020\r\nBTC,${String(1 / 61_020)},1\r\n`,
      );
    });
  });

  describe('with a universe of 120 assets', () => {
    const assets = ['USDT', 'BTC', 'ETH', ...Array.from({ length: 117 }, (_, i) => `X${i + 100}`)];
    let large: RunningApp;

    beforeAll(async () => {
      large = await launchApp({
        MONGO_URI: database.engine.uri,
        DATABASE_NAME: `dashboard_large_${process.pid}`,
        DATA_DIR: database.dataDir,
        ASSETS: assets.join(),
        CYCLE_INTERVAL_MS: '2000',
      });
      await turnReached(large, 2);
    });
    afterAll(() => large.stop());

    it('keeps in the page what is in the window, and comes to any cell by keys', async () => {
      const view = await open(large);
      await view.open();
      const { page } = view;
      const grid = page.getByRole('grid');
      await grid.waitFor();
      expect(await grid.getAttribute('aria-rowcount')).toBe('121');
      expect(await grid.locator('td[data-at]').count()).toBeLessThan(900);
      await (await view.cell('USDT', 'BTC')).focus();
      await page.keyboard.press('Control+End');
      const at = () => page.evaluate('document.activeElement?.dataset.at');
      await expect.poll(at).toBe('119:119');
      await page.keyboard.press('ArrowUp');
      await expect.poll(at).toBe('118:119');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: `${assets[118]}/${assets[119]}` }).waitFor();
      expectWell(view);
    });

    it('filters, orders by strength and by likeness, and shows all at one glance', async () => {
      const view = await open(large);
      await view.open();
      const { page } = view;
      const names = () => page.getByRole('grid').locator('tbody th').allTextContents();
      await expect.poll(async () => (await names())[0]).toBe('USDT');
      await page.getByLabel('Order').selectOption('strength');
      const answer = await query<{
        latestCycle: { assets: { symbol: string; strength: number }[] };
      }>(large, '{ latestCycle { assets { symbol strength } } }');
      const [strongest] = (answer.data?.latestCycle.assets ?? []).toSorted(
        (a, b) => b.strength - a.strength,
      );
      await expect.poll(async () => (await names())[0]).toBe(strongest?.symbol);
      await page.getByLabel('Order').selectOption('cluster');
      await expect.poll(async () => (await names())[0]).not.toBe(strongest?.symbol);
      await page.getByLabel('Assets').fill('btc eth');
      await expect.poll(async () => (await names()).toSorted()).toEqual(['BTC', 'ETH']);
      await page.getByLabel('Assets').fill('nothing');
      await page.getByRole('heading', { name: 'No asset matches' }).waitFor();
      await page.getByRole('button', { name: 'Show all assets' }).click();
      await page.getByLabel('Overview').check();
      const canvas = page.getByRole('img', { name: /^Percent/ });
      await canvas.waitFor();
      const colours = () =>
        page.evaluate(`(() => {
          const canvas = document.querySelector('.overview canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          const found = new Set();
          for (let at = 0; at < data.length; at += 40) found.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
          return found.size;
        })()`);
      await expect.poll(colours).toBeGreaterThan(10);
      await keepScreenshot(page, 'overview-120');
      expectWell(view);
    });

    it('lists all its pairs', async () => {
      const view = await open(large);
      await view.open('?layout=list');
      await view.page.getByText(`${120 * 119} pairs`).waitFor();
      expect(await view.page.locator('.pair-list tbody tr').count()).toBeLessThan(80);
      expectWell(view);
    });
  });

  describe('is without faults for whoever cannot see it as drawn', () => {
    let app: RunningApp;
    beforeAll(async () => {
      app = await launchApp({
        MONGO_URI: database.engine.uri,
        DATABASE_NAME: `dashboard_views_${process.pid}`,
        DATA_DIR: database.dataDir,
        CYCLE_INTERVAL_MS: '1000',
      });
      await turnReached(app, 2);
    });
    afterAll(() => app.stop());

    it.each(['light', 'dark'] as const)('in the %s theme, wide and as a phone', async (theme) => {
      for (const width of [1280, 390]) {
        const view = await open(app, {
          viewport: { width, height: width === 390 ? 800 : 860 },
          colorScheme: theme,
          reducedMotion: 'reduce',
        });
        for (const [name, search] of Object.entries(VIEWS)) {
          await view.open(search);
          const content = view.page.locator('main table, main canvas, main dl').first();
          await content.waitFor();
          expect({ name, theme, width, found: await accessibilityFaults(view.page) }).toEqual({
            name,
            theme,
            width,
            found: [],
          });
          const overflow = 'document.documentElement.scrollWidth - window.innerWidth';
          expect(await view.page.evaluate(overflow)).toBeLessThanOrEqual(0);
          await keepScreenshot(view.page, `${name}-${theme}-${width}`);
        }
        expect(view.faults).toEqual([]);
      }
    });

    it('works by keys alone: past the head, through the cells, into a pair', async () => {
      const view = await open(app);
      await view.open();
      await view.page.getByRole('grid').waitFor();
      await view.page.keyboard.press('Tab');
      expect(await view.page.evaluate('document.activeElement.textContent')).toBe(
        'Skip to the content',
      );
      await view.page.keyboard.press('Enter');
      const at = () => view.page.evaluate('document.activeElement?.dataset.at ?? null');
      for (let press = 0; press < 30 && (await at()) === null; press++) {
        await view.page.keyboard.press('Tab');
      }
      await expect.poll(at).toBe('0:0');
      await view.page.keyboard.press('ArrowRight');
      await expect.poll(at).toBe('0:1');
      await view.page.getByTestId('details').getByText('USDT/BTC').waitFor();
      await view.page.keyboard.press('Enter');
      await view.page.getByRole('heading', { name: 'USDT/BTC' }).waitFor();
      expectWell(view);
    });
  });
});
