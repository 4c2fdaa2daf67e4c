import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { query } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { isDrawn } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectWell, scripted, useDashboards } from '../support/dashboards.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

/** Notes which cells are brightened, by row and column. */
const WATCH_FLASHES = `
  window.flashed = new Set();
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      if ('flash' in target.dataset) window.flashed.add(target.dataset.at);
    }
  }).observe(document, { subtree: true, attributeFilter: ['data-flash'] });`;

const flashed = async (page: Page): Promise<string[]> =>
  (await page.evaluate<string[]>('[...window.flashed]')).toSorted();

const focused = (page: Page): Promise<unknown> =>
  page.evaluate('document.activeElement?.dataset.at ?? null');

describeWithBrowser('the matrix in a browser', () => {
  const { serve, open } = useDashboards(database);

  it('is sorted by the header that is clicked, or reached by keys, and back', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    await view.open('?turn=1');
    const { page } = view;
    const grid = page.getByRole('grid');
    const rows = () => grid.locator('tbody th').allTextContents();
    const columns = () => grid.locator('thead th:not(.corner)').allTextContents();
    await grid.waitFor();
    expect(await rows()).toEqual(['USDT', 'BTC', 'ETH', 'XRP']);
    // In USDT, BTC rose and ETH fell; XRP has no price, and USDT is itself.
    const inUsdt = grid.getByRole('columnheader', { name: 'USDT', exact: true });
    await inUsdt.click();
    await expect.poll(rows).toEqual(['BTC', 'USDT', 'ETH', 'XRP']);
    expect(await inUsdt.getAttribute('aria-sort')).toBe('descending');
    await inUsdt.click();
    await expect.poll(rows).toEqual(['ETH', 'USDT', 'BTC', 'XRP']);
    expect(page.url()).toContain('rowsBy=USDT');
    await page.getByRole('button', { name: 'end sorting' }).click();
    await expect.poll(rows).toEqual(['USDT', 'BTC', 'ETH', 'XRP']);
    // By keys: to the header of the row of BTC, which sorts the columns.
    await (await view.cell('BTC', 'USDT')).focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => focused(page)).toBe('1:-1');
    await page.keyboard.press('Enter');
    await expect.poll(columns).toEqual(['ETH', 'USDT', 'BTC', 'XRP']);
    expect(view.faults).toEqual([]);
  });

  it('gives what is chosen to the inspector, opens it, and has the focus when one comes back', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    await view.open();
    const { page } = view;
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    await (await view.cell('ETH', 'BTC')).focus();
    await page.keyboard.press('Enter');
    await inspector.getByRole('heading', { name: 'ETH/BTC' }).waitFor();
    const price = inspector.getByTestId('price');
    await price.waitFor();
    const before = await price.textContent();
    expect(before).toMatch(/^0\.0\d{3,}$/);
    // It goes on with the turns, and what is pointed at changes nothing of it.
    await (await view.cell('BTC', 'USDT')).hover();
    await page.getByTestId('details').getByText('BTC/USDT').waitFor();
    await expect.poll(() => price.textContent()).not.toBe(before);
    expect(await inspector.getByRole('heading').first().textContent()).toBe('ETH/BTC');
    const { data } = await query<{ latestCycle: { matrix: { values: number[][] } } }>(
      app,
      '{ latestCycle { matrix(kind: ID_BENCHMARK, price: TAKE, bases: ["ETH"], quotes: ["BTC"]) { values } } }',
    );
    const bid = Number(
      await inspector.locator('dl div').filter({ hasText: 'Bid' }).locator('dd').textContent(),
    );
    expect(bid / (data?.latestCycle.matrix.values[0]?.[0] ?? 0)).toBeCloseTo(1, 2);
    await inspector.getByText('2.00').first().waitFor();
    await (await view.cell('ETH', 'BTC')).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('view=pair');
    await page.goBack();
    await expect.poll(() => focused(page)).toBe('2:1');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await inspector.getByText('No pair is chosen.').waitFor();
    expect(await focused(page)).toBe('2:1');
    expectWell(view);
  });

  it('draws the course of the chosen pair in the inspector, over the range of all charts', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 3);
    const view = await open(app);
    const { page } = view;
    await view.open('?base=ETH&quote=BTC');
    const chart = page.getByRole('slider', { name: 'ETH/BTC' });
    const words = () => chart.getAttribute('aria-valuetext');
    await expect.poll(words).toMatch(/ETH\/BTC .*0\.0\d+/);
    await expect.poll(() => isDrawn(page, '.inspector canvas')).toBe(true);
    const before = await words();
    await view.turnAfter(await view.turnAfter(0));
    await expect.poll(words).not.toBe(before);
    await page.getByRole('complementary').getByLabel('Range').selectOption('15m');
    await expect.poll(() => page.url()).toContain('range=15m');
    await expect.poll(words).not.toBe('no values');
    // Another pair is drawn at once, without what was drawn of the one before.
    await page.getByRole('button', { name: 'Turn round to BTC/ETH' }).click();
    await page.getByRole('slider', { name: 'BTC/ETH' }).waitFor();
    await expect.poll(() => chart.count()).toBe(0);
    // At full size it is not there twice.
    await page.getByRole('link', { name: 'BTC/ETH at full size' }).click();
    await page.getByRole('main').getByRole('slider', { name: 'BTC/ETH', exact: true }).waitFor();
    expect(await page.getByRole('slider', { name: 'BTC/ETH', exact: true }).count()).toBe(1);
    expectWell(view);
  });

  it('brightens the cells that changed, none else, and none where motion is unwanted', async () => {
    // BTC moves, ETH in USDT stays; ETH/BTC is listed, and stays as well.
    const market = new ScriptedMarket((n) => {
      const frame = frameAt(Date.now());
      const tickers = frame.tickers.map((ticker) =>
        ticker.symbol === 'BTCUSDT' ? { ...ticker, last: 61_000 + 100 * n } : ticker,
      );
      return observed({ ...frame, tickers });
    });
    const app = await serve({ CYCLE_INTERVAL_MS: '500' }, market);
    const view = await open(app);
    await view.page.addInitScript(WATCH_FLASHES);
    await view.open();
    await view.page.getByRole('grid').waitFor();
    await view.turnAfter((await view.turnAfter(0)) + 2);
    expect(await flashed(view.page)).toEqual(['0:1', '1:0']);
    await expect.poll(() => view.page.locator('td[data-flash]').count()).toBeLessThanOrEqual(2);

    const still = await open(app, { reducedMotion: 'reduce' });
    await still.page.addInitScript(WATCH_FLASHES);
    await still.open();
    await still.turnAfter((await still.turnAfter(0)) + 2);
    expect(await flashed(still.page)).toEqual([]);
    expectWell(view);
  });

  it('looks back another time, and over windows, with what is pushed', async () => {
    const from = Date.now() - 3_600_000;
    // A turn every ten seconds of the market's clock.
    const market = new ScriptedMarket((n) => observed(frameAt(from + n * 10_000, n % 7)));
    const app = await serve({ CYCLE_INTERVAL_MS: '100' }, market);
    await turnReached(app, 45);
    const view = await open(app);
    const { page } = view;
    await view.open('?kind=ID_BENCHMARK');
    await page.getByRole('grid').waitFor();
    expect(await page.getByRole('button', { name: '5 min', exact: true }).isDisabled()).toBe(true);
    await page.keyboard.press('3');
    await page.getByRole('button', { name: '5 min', exact: true }).click();
    const label = () => page.getByRole('grid').getAttribute('aria-label');
    await expect.poll(label).toMatch(/^Percent \(Δ%\), percent, over 5 min, turn \d+$/);
    const asked: string[] = [];
    page.on('request', (request) => {
      const { query: text = '' } = (request.postDataJSON() ?? {}) as { query?: string };
      if (/query Cycle(Matrix|Window)/.test(text)) asked.push(text);
    });
    const turn = await view.turn();
    await view.turnAfter(turn + 3);
    const cell = await view.cell('BTC', 'USDT');
    const { data } = await query<{ latestCycle: { matrix: { values: number[][] } } }>(
      app,
      '{ latestCycle { matrix(kind: ID_PERCENT, over: "5m", bases: ["BTC"], quotes: ["USDT"]) { values } } }',
    );
    expect(Math.abs(data?.latestCycle.matrix.values[0]?.[0] ?? 1)).toBeLessThan(0.2);
    expect(await cell.textContent()).toMatch(/^[+−]?0\.\d{3}$/);
    await page.getByRole('button', { name: '7 d', exact: true }).click();
    await page.getByRole('heading', { name: 'No turn is stored 7 d before this one' }).waitFor();
    await page.getByRole('button', { name: 'Show 24 h' }).click();
    await page.getByRole('grid').waitFor();

    await page.getByRole('button', { name: 'Correlation', exact: true }).click();
    await page.getByRole('button', { name: '1 h', exact: true }).click();
    await expect
      .poll(label)
      .toMatch(/^Correlation \(corr\), no unit, −1 to \+1, over 1 h by 1 min, turn \d+$/);
    expect(await (await view.cell('BTC', 'BTC')).textContent()).toBe('1.00');
    await page.getByLabel('Priced in').selectOption('BTC');
    await expect.poll(async () => (await view.cell('BTC', 'BTC')).textContent()).toContain('–');
    asked.length = 0;
    await view.turnAfter((await view.turn()) + 3);
    expect(asked).toEqual([]);
    expectWell(view);
  });

  describe('with 20 assets', () => {
    const assets = ['USDT', 'BTC', 'ETH', ...Array.from({ length: 17 }, (_, i) => `X${i + 10}`)];

    it('shows all without scrolling at 1440x900, a number within 100 pixels of the top at any size', async () => {
      const app = await serve({ ASSETS: assets.join(), CYCLE_INTERVAL_MS: '1000' });
      await turnReached(app, 2);
      const view = await open(app, { viewport: { width: 1440, height: 900 } });
      await view.open();
      const { page } = view;
      await page.getByRole('grid').waitFor();
      expect(await page.locator('.heatmap td').count()).toBe(400);
      const beyond = await page.evaluate<number[]>(`(() => {
        const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.querySelector('.heatmap');
        return [scrollWidth - clientWidth, scrollHeight - clientHeight];
      })()`);
      expect(beyond).toEqual([0, 0]);
      expect(await page.locator('.cut').count()).toBe(0);
      for (const [width, height] of [
        [1440, 900],
        [720, 450],
        [390, 800],
      ] as const) {
        await page.setViewportSize({ width, height });
        const top = await page.evaluate<number>(`Math.min(...[...document.querySelectorAll(
          '.heatmap td, .strength .number')].map((cell) => cell.getBoundingClientRect().top)
          .filter((top) => top >= 0))`);
        expect(top).toBeLessThanOrEqual(100);
      }
      // What is cut off is told.
      await page.locator('.cut.columns').waitFor();
      expect(await page.locator('.cut.columns').textContent()).toMatch(/^\d+ ›$/);
      expectWell(view);
    });
  });
});
