import type { Page, Request, Route, WebSocket } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueToken } from '../../src/http/auth.js';
import { launchApp, type RunningApp } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { contrastFaults } from '../support/contrast.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectWell, scripted, useDashboards } from '../support/dashboards.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

/** Marks the document: a mark that is away tells that the page was loaded anew. */
async function mark(page: Page): Promise<void> {
  await page.evaluate('window.marked = true');
}

function isMarked(page: Page): Promise<boolean> {
  return page.evaluate('window.marked === true');
}

/** How often the page is loaded from now on. */
function countLoads(page: Page): () => number {
  let loads = 0;
  page.on('request', (request) => {
    if (request.isNavigationRequest()) loads++;
  });
  return () => loads;
}

describeWithBrowser('the shell of the dashboard', () => {
  const { serve, open } = useDashboards(database);
  let app: RunningApp;

  beforeAll(async () => {
    app = await launchApp({
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `dashboard_shell_${process.pid}`,
      DATA_DIR: database.dataDir,
      CYCLE_INTERVAL_MS: '1000',
    });
    await turnReached(app, 2);
  });
  afterAll(() => app.stop());

  describe('loads a view that', () => {
    const SCRIPTS = '**/static/dashboard/assets/*.js*';

    /** Without a view that is loaded before it is wanted, at some moment. */
    const openIdle = async () => {
      const view = await open(app);
      await view.page.addInitScript('delete window.requestIdleCallback');
      return view;
    };

    it('was first opened while the server was away, without loading the page anew', async () => {
      const view = await openIdle();
      const { page } = view;
      await view.open();
      // It tries again by itself once it listens.
      await page.getByText('Live', { exact: true }).waitFor();
      await mark(page);
      await page.route(SCRIPTS, (route) => route.abort());
      await view.goTo('Wallet');
      await page.getByRole('heading', { name: 'This view could not be loaded' }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      const tryAgain = page.getByRole('button', { name: 'Try again' });
      await tryAgain.click();
      await page.getByText('The server cannot be reached').waitFor();
      // While it tries, the button says so.
      await tryAgain.waitFor();
      await page.unroute(SCRIPTS);
      await tryAgain.click();
      await page.getByTestId('wallet-value').waitFor();
      expect(await isMarked(page)).toBe(true);
    });

    it('an upgrade has taken away, by loading the page anew once', async () => {
      const view = await openIdle();
      const { page } = view;
      await view.open();
      await page.getByRole('grid').waitFor();
      await mark(page);
      const loads = countLoads(page);
      await page.route(SCRIPTS, (route) =>
        loads() === 0 ? route.fulfill({ status: 404 }) : route.continue(),
      );
      await view.goTo('Wallet');
      await page.getByTestId('wallet-value').waitFor();
      expect(await isMarked(page)).toBe(false);
      expect(loads()).toBe(1);
    });

    it('is away for good, by saying so', async () => {
      const view = await openIdle();
      const { page } = view;
      const first = new Set<string>();
      const note = (request: Request): void => void first.add(request.url());
      page.on('request', note);
      await view.open();
      await page.getByRole('grid').waitFor();
      page.off('request', note);
      const loads = countLoads(page);
      await page.route(SCRIPTS, async (route) => {
        const isOfPage = first.has(route.request().url());
        await (isOfPage ? route.continue() : route.fulfill({ status: 404 }));
      });
      await view.goTo('Wallet');
      await page.getByText("The server does not have the view's file").waitFor();
      expect(loads()).toBe(1);
    });

    it('needs a file that could not be loaded before it was wanted, by loading the page anew once', async () => {
      const scripts = new Set<string>();
      const idle = await openIdle();
      idle.page.on('request', (request) => void scripts.add(request.url()));
      await idle.open();
      await idle.page.getByRole('grid').waitFor();
      const view = await open(app);
      const { page } = view;
      const early = new Set<string>();
      await page.route(SCRIPTS, async (route) => {
        const address = route.request().url();
        if (scripts.has(address)) return route.continue();
        // The view's own file comes, and what it needs does not.
        const isOwn = early.size === 0 || early.values().next().value === address;
        early.add(address);
        return isOwn ? route.continue() : route.abort();
      });
      await view.open();
      await expect.poll(() => early.size).toBeGreaterThan(1);
      await page.unroute(SCRIPTS);
      const loads = countLoads(page);
      await view.goTo('Wallet');
      await page.getByTestId('wallet-value').waitFor();
      expect(loads()).toBeLessThanOrEqual(1);
    });
  });

  it.each(['light', 'dark'] as const)(
    'has controls that can be read in the %s theme, however they are used',
    async (colorScheme) => {
      const view = await open(app, { colorScheme, reducedMotion: 'reduce' });
      const { page } = view;
      await view.open('?turn=1&base=BTC&quote=USDT');
      await page.getByRole('grid').waitFor();
      expect(await contrastFaults(page, '#dashboard')).toEqual([]);
      await page.getByRole('button', { name: 'Settings' }).click();
      expect(await contrastFaults(page, '#settings')).toEqual([]);
      expect(await accessibilityFaults(page)).toEqual([]);
      await keepScreenshot(page, `settings-${colorScheme}`);
      const colour = () =>
        page.evaluate(
          `getComputedStyle(document.querySelector('td[style*="background"]')).backgroundColor`,
        );
      const before = await colour();
      expect(before).toMatch(/^rgb/);
      await page.getByLabel('Colours of up and down').selectOption('green-red');
      await page.keyboard.press('Escape');
      expect(await page.locator('html').getAttribute('data-colours')).toBe('green-red');
      expect(await colour()).not.toBe(before);
      expect(await accessibilityFaults(page)).toEqual([]);
      expectWell(view);
    },
  );

  it('remembers how wide its panes are and which are folded, and has it in the address', async () => {
    const view = await open(app);
    const { page } = view;
    await view.open();
    const width = async (name: string) =>
      (await page.getByRole('complementary', { name }).boundingBox())?.width;
    const strength = page.getByRole('separator', { name: 'Width: strength' });
    await strength.focus();
    const before = (await width('Strength')) ?? 0;
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => width('Strength')).toBe(before + 16);
    await page.getByRole('button', { name: 'Inspector' }).click();
    await expect.poll(() => width('Inspector')).toBe(28);
    const address = new URL(page.url()).search;
    expect(address).toContain('panes=');
    await view.open();
    expect(await width('Strength')).toBe(before + 16);
    expect(await width('Inspector')).toBe(28);
    // Another browser, which remembers nothing.
    const other = await open(app);
    await other.open(address);
    const pane = other.page.getByRole('complementary', { name: 'Strength' });
    expect((await pane.boundingBox())?.width).toBe(before + 16);
    expect(view.faults).toEqual([]);
  });

  it('has a pane follow the pointer, however long its edge is drawn, and keeps where it is let go', async () => {
    const view = await open(app);
    const { page } = view;
    await view.open();
    const pane = page.getByRole('complementary', { name: 'Strength' });
    const edge = await page.getByRole('separator', { name: 'Width: strength' }).boundingBox();
    const width = async () => (await pane.boundingBox())?.width;
    const x = (edge?.x ?? 0) + 4;
    await page.mouse.move(x, 400);
    await page.mouse.down();
    await page.mouse.move(x + 200, 400, { steps: 40 });
    await page.mouse.move(x + 80, 400, { steps: 24 });
    await expect.poll(width).toBe(Math.round(x + 80));
    await page.mouse.up();
    await expect.poll(() => page.url()).toContain(`panes=${Math.round(x + 80)}`);
    await view.open();
    expect(await width()).toBe(Math.round(x + 80));
    expect(view.faults).toEqual([]);
  });

  it.each([
    ['1440 wide', { width: 1440, height: 900 }],
    ['1024 wide', { width: 1024, height: 768 }],
    ['a phone', { width: 390, height: 800 }],
    ['twice as large', { width: 720, height: 450 }],
  ])(
    'fits where the window is %s: a line, numbers at the top, and nothing cut off',
    async (_name, viewport) => {
      const view = await open(app, { viewport });
      const { page } = view;
      await view.open('?base=BTC&quote=USDT');
      await page.getByRole('grid').waitFor();
      const line = await page.getByRole('banner').boundingBox();
      expect(line?.height).toBe(40);
      // No word of the line is below another.
      const isOneLine = `[...document.querySelectorAll('.top-line > *')].every((part) => {
      const { top, bottom, width } = part.getBoundingClientRect();
      return width <= 1 || getComputedStyle(part).display === 'none' || (top >= 0 && bottom <= 40);
    })`;
      expect(await page.evaluate(isOneLine)).toBe(true);
      const numbers = page.locator('main td[data-at], [aria-label=Strength] .number');
      const boxes = await Promise.all((await numbers.all()).map((one) => one.boundingBox()));
      const tops = boxes.flatMap((box) => (box && box.y >= 0 ? [box.y + box.height] : []));
      expect(Math.min(...tops)).toBeLessThan(100);
      const overflow = `['scrollWidth', 'scrollHeight'].map((side, at) =>
      document.documentElement[side] - [innerWidth, innerHeight][at])`;
      expect(await page.evaluate(overflow)).toEqual([0, 0]);
      await keepScreenshot(page, `shell-${viewport.width}`);
      expectWell(view);
    },
  );

  it('has the inspector as a sheet from below where it is narrow', async () => {
    const view = await open(app, { viewport: { width: 390, height: 800 } });
    const { page } = view;
    await view.open('?base=BTC&quote=USDT');
    const handle = page.getByRole('button', { name: 'BTC/USDT', exact: true });
    await handle.click();
    expect(await handle.getAttribute('aria-expanded')).toBe('true');
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'sheet');
    await page.keyboard.press('Escape');
    await expect.poll(() => handle.getAttribute('aria-expanded')).toBe('false');
  });

  it('finds pairs and views by keys, keeps views by name, and marks favourites', async () => {
    const view = await open(app);
    const { page } = view;
    await view.open();
    const cell = await view.cell('BTC', 'USDT');
    await cell.focus();
    const at = await cell.getAttribute('data-at');
    const search = page.getByRole('combobox', { name: 'Search assets, pairs and views' });
    await page.keyboard.press('/');
    await search.fill('ethbtc');
    await page.getByRole('option', { name: 'ETH/BTC' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'palette');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('base=ETH&quote=BTC');
    expect(await page.evaluate('document.activeElement.dataset.at')).toBe(at);

    await page.getByRole('button', { name: 'Favourite ETH/BTC' }).click();
    await page.keyboard.press('/');
    const options = page.getByRole('option');
    expect(await options.first().textContent()).toBe('ETH/BTC ★ pair');
    await search.fill('My pair');
    await page.getByRole('option', { name: 'Save what is looked at' }).click();
    await page.keyboard.press('?');
    await expect.poll(() => page.url()).toContain('view=help');
    await page.keyboard.press('/');
    await search.fill('wallet');
    await page.keyboard.press('Enter');
    await page.getByTestId('wallet-value').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
    await view.goTo('Wallet');
    await page.keyboard.press('/');
    await search.fill('my p');
    await page.keyboard.press('Enter');
    await page.getByRole('grid').waitFor();
    expect(page.url()).toContain('base=ETH&quote=BTC');

    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Rename My pair' }).click();
    await page.getByRole('textbox', { name: 'New name of My pair' }).fill('Ether');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Ether', exact: true }).waitFor();
    await view.open();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Remove Ether' }).click();
    await expect.poll(() => page.getByRole('link', { name: 'Ether', exact: true }).count()).toBe(0);
    // Letters do nothing once single keys are off.
    await page.getByLabel('Single keys as shortcuts').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.press('?');
    expect(await search.count()).toBe(0);
    expect(page.url()).not.toContain('view=help');
    expect(view.faults).toEqual([]);
  });

  it('tells what moved up to the newest turn as soon as one is back from another', async () => {
    const view = await open(app);
    const { page } = view;
    const asked: number[] = [];
    page.on('request', (request) => {
      const { query = '', variables } = (request.postDataJSON() ?? {}) as {
        query?: string;
        variables?: { turn: number };
      };
      if (query.includes('query Movers')) asked.push(variables?.turn ?? 0);
    });
    await page.clock.install();
    await view.open('?turn=1');
    await expect.poll(() => asked).toEqual([1]);
    // Whatever comes now comes without waiting for anything.
    await page.clock.pauseAt(Date.now() + 60_000);
    await page.getByRole('button', { name: 'Back to live' }).click();
    await expect.poll(() => asked.at(-1)).toBeGreaterThan(1);
    expect(view.faults).toEqual([]);
  });

  it.each([
    ['the inspector shows it', '208,320', true],
    ['the inspector is folded', '208,~320', false],
  ])('has a pair pushed along only where it is seen: %s', async (_what, panes, expected) => {
    const view = await open(app);
    const { page } = view;
    const asked: unknown[] = [];
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        const found = /"query":"subscription LiveCycles.*"withPair":(true|false)/.exec(
          String(payload),
        );
        if (found) asked.push(found[1] === 'true');
      }),
    );
    await view.open(`?base=BTC&quote=USDT&panes=${panes}`);
    await page.getByRole('grid').waitFor();
    await view.turnAfter((await view.turnAfter(0)) + 1);
    expect(asked.at(-1)).toBe(expected);
    expectWell(view);
  });

  it('listens once, however late an answer comes that was asked for with another token', async () => {
    const view = await open(app);
    const { page } = view;
    /** Those over which cycles are asked for: what rules fire may be listened to before. */
    const sockets = new Set<WebSocket>();
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        if (payload.includes('LiveCycles')) sockets.add(socket);
      }),
    );
    const held: Route[] = [];
    await page.route('**/graphql', async (route) => {
      const isFirst = held.length === 0 && route.request().postData()?.includes('DashboardStart');
      if (isFirst) held.push(route);
      else await route.continue();
    });
    await view.open();
    await expect.poll(() => held.length).toBe(1);
    // As another tab has it that remembers a token.
    await page.evaluate(`dispatchEvent(new StorageEvent('storage', { key: 'dynamics.token' }))`);
    await view.turnAfter(0);
    await held[0]?.continue();
    await (await held[0]?.request().response())?.finished();
    await view.turnAfter((await view.turn()) + 1);
    expect(sockets.size).toBe(1);
    expectWell(view);
  });

  it('begins anew with another token also while a pair is followed', async () => {
    const view = await open(app);
    const { page } = view;
    let asked = 0;
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        if (payload.includes('subscription PairSeriesUpdated')) asked++;
      }),
    );
    await view.open('?view=pair&base=BTC&quote=USDT');
    await expect.poll(() => asked).toBeGreaterThan(0);
    await view.turnAfter(await view.turn());
    const before = asked;
    await page.evaluate(`dispatchEvent(new StorageEvent('storage', { key: 'dynamics.token' }))`);
    await view.turnAfter((await view.turnAfter(0)) + 1);
    await expect.poll(() => asked).toBeGreaterThan(before);
    expect(view.faults).toEqual([]);
  });

  it('says whether a token is wrong, has expired or may read only, and remembers one by choice', async () => {
    const closed = await serve({ API_SECRET_KEY }, scripted());
    const token = (role: 'viewer' | 'operator', ms = 60_000) =>
      issueToken(API_SECRET_KEY, role, Date.now() + ms);
    const view = await open(closed);
    const { page } = view;
    await view.open('?view=strategy');
    const use = async (text: string): Promise<void> => {
      await page.getByLabel('Access token').fill(text);
      await page.getByRole('button', { name: 'Use it in' }).click();
    };
    const title = (name: string) => page.getByRole('heading', { name }).waitFor();
    await title('This server wants a token');
    await use('nonsense');
    await page.getByText('That is no token').waitFor();
    await use(`${(await token('operator')).slice(0, -4)}AAAA`);
    await title('The access token is not valid here');
    expect(await accessibilityFaults(page)).toEqual([]);
    await use(await token('operator', -60_000));
    await title('The access token has expired');
    await use(await token('viewer'));
    await page.getByRole('heading', { name: 'Strategy', exact: true }).waitFor();
    expect(await page.evaluate('localStorage.length')).toBe(0);

    const settings = page.getByRole('dialog', { name: 'Settings' });
    await page.getByRole('button', { name: 'Settings' }).click();
    await settings.getByText('with the role viewer').waitFor();
    await settings.getByRole('button', { name: 'Use another token' }).click();
    await settings.getByLabel('Remember it in this browser').check();
    await settings.getByText('until it expires or is forgotten in the settings').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await settings.getByRole('textbox', { name: 'Access token' }).fill(await token('operator'));
    await settings.getByRole('button', { name: 'Use it in all tabs' }).click();
    await page.getByRole('button', { name: 'Settings' }).click();
    await settings.getByText('with the role operator').waitFor();
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await tab.getByRole('heading', { name: 'Strategy', exact: true }).waitFor();
    // Forgotten in one tab it is forgotten in all.
    await tab.getByRole('button', { name: 'Settings' }).click();
    await tab.getByRole('button', { name: 'Forget it' }).click();
    await title('This server wants a token');
    expect(view.faults.filter((fault) => !/ 40[13] |\b40[13]\b/.test(fault))).toEqual([]);
  });
});
