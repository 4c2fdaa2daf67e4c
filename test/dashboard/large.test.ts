import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { keepScreenshot } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectWell, useDashboards } from '../support/dashboards.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

describeWithBrowser('the dashboard in a browser', () => {
  const { open } = useDashboards(database);

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
      expect(await grid.locator('td[data-at]').count()).toBeLessThan(1_200);
      await (await view.cell('USDT', 'BTC')).focus();
      await page.keyboard.press('Control+End');
      const at = () => page.evaluate('document.activeElement?.dataset.at');
      await expect.poll(at).toBe('119:119');
      // The names stay where they are, however far one goes.
      const top = async (of: string) => (await page.locator(of).first().boundingBox())?.y ?? 0;
      expect((await top('.heatmap thead')) - (await top('.heatmap'))).toBeLessThan(2);
      // So does the place, whatever is marked in it.
      const scrolled = () => page.evaluate(`document.querySelector('.heatmap').scrollTop`);
      const place = await scrolled();
      expect(place).toBeGreaterThan(500);
      await view.more();
      await page.getByLabel('Mark the inverse pair').check();
      await page.keyboard.press('Escape');
      expect(await scrolled()).toBe(place);
      await (await view.cell(assets[119] ?? '', assets[119] ?? '')).focus();
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
      const universe = (await names()).slice(0, 10);
      await view.more();
      await page.getByLabel('Order').selectOption('strength');
      await expect.poll(async () => (await names())[0]).not.toBe('USDT');
      // Of the turn at which the order was chosen, which is one of the last.
      const answer = await query<{
        cycles: { nodes: { assets: { symbol: string; strength: number }[] }[] };
      }>(large, '{ cycles(first: 20) { nodes { assets { symbol strength } } } }');
      const orders = answer.data?.cycles.nodes.map(({ assets: all }) =>
        all.toSorted((a, b) => b.strength - a.strength).map(({ symbol }) => symbol),
      );
      const shown = (await names()).slice(0, 10);
      expect(orders?.map((order) => order.slice(0, 10))).toContainEqual(shown);
      await page.getByLabel('Order').selectOption('cluster');
      const others = [universe, shown].map((order) => order.join());
      await expect
        .poll(async () => others.includes((await names()).slice(0, 10).join()))
        .toBe(false);
      await page.getByLabel('Assets').fill('btc eth');
      await expect.poll(async () => (await names()).toSorted()).toEqual(['BTC', 'ETH']);
      await page.getByLabel('Assets').fill('nothing');
      await page.getByRole('heading', { name: 'No asset matches' }).waitFor();
      await page.getByRole('button', { name: 'Show all assets' }).click();
      await view.more();
      await page.getByLabel('Overview').check();
      await page.keyboard.press('Escape');
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
      // It fits its window, and says what one points at.
      const frame = await page.locator('.overview').boundingBox();
      const drawn = await canvas.boundingBox();
      expect(drawn?.width).toBeLessThanOrEqual(frame?.width ?? 0);
      expect(drawn?.height).toBeLessThanOrEqual(frame?.height ?? 0);
      await page.locator('.overview').focus();
      await page.keyboard.press('End');
      await page
        .getByTestId('details')
        .getByText(/^[A-Z\d]+\/[A-Z\d]+$/)
        .waitFor();
      await keepScreenshot(page, 'overview-120');
      expectWell(view);
    });

    it('reads the course of the strength of each asset, and again every five minutes', async () => {
      const view = await open(large);
      const { page } = view;
      const asked: number[] = [];
      page.on('request', (request) => {
        const { operationName, variables } = JSON.parse(request.postData() ?? '{}') as {
          operationName?: string;
          variables?: { assets: string[] };
        };
        if (operationName === 'StrengthCourses') asked.push(variables?.assets.length ?? 0);
      });
      await page.clock.install();
      await view.open();
      const isDrawn = () =>
        page.evaluate(`(() => {
          const rows = [...document.querySelectorAll('.strength-scroller li')];
          return rows.length > 10 && rows.every((row) => row.querySelector('[role=img]'));
        })()`);
      await expect.poll(isDrawn).toBe(true);
      expect(asked).toEqual([100, 20]);
      await page.clock.fastForward(300_000);
      await expect.poll(() => asked).toEqual([100, 20, 100, 20]);
      expectWell(view);
    });

    it('has of its board what is in the window, and the asset with the focus wherever it goes', async () => {
      const view = await open(large);
      await view.open();
      const { page } = view;
      const board = '[aria-label^="Strength by asset"]';
      const places = () =>
        page.evaluate<string[]>(`[...document.querySelectorAll('${board} li')].map(
          (row) => row.getAttribute('aria-posinset') + '/' + row.getAttribute('aria-setsize'))`);
      const focused = () => page.evaluate(`document.activeElement.closest('li')?.dataset.symbol`);
      await expect.poll(async () => (await places()).slice(0, 2)).toEqual(['1/120', '2/120']);
      expect((await places()).length).toBeLessThan(80);
      const row = page.locator(`${board} li`).nth(2);
      await row.getByRole('button').focus();
      const symbol = await focused();
      expect(symbol).toMatch(/^[A-Z]/);
      await page.evaluate(`document.querySelector('.strength-scroller').scrollTo(0, 1e6)`);
      await expect.poll(async () => (await places()).at(-1)).toBe('120/120');
      // Those that stood beside it are gone.
      expect(Number.parseInt((await places())[1] ?? '')).toBeGreaterThan(40);
      expect(await focused()).toBe(symbol);
      const turn = await view.turn();
      await expect.poll(() => view.turn()).toBeGreaterThan(turn + 1);
      expect(await focused()).toBe(symbol);
      expectWell(view);
    });

    it('lists all its pairs', async () => {
      const view = await open(large);
      await view.open('?layout=list');
      await view.page.getByText('14,280 pairs').waitFor();
      expect(await view.page.locator('.pair-list tbody tr').count()).toBeLessThan(80);
      expectWell(view);
    });
  });
});
