import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { ObservationResult } from '../../src/market/market-port.js';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectWell, scripted, useDashboards, VIEWS } from '../support/dashboards.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

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
  const { serve, open } = useDashboards(database);

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
      /^ETH\/USDT [+−]\d.* % cross rate ETHBTC → BTCUSDT 1\.5 s old, stale$/,
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

  it('values the wallet in the asset that one picks', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    await view.open('?view=wallet&turn=1');
    const { page } = view;
    const value = page.getByTestId('wallet-value');
    expect(await value.textContent()).toBe('100.50');
    await page.getByLabel('Valued in').selectOption('BTC');
    await expect.poll(() => value.textContent()).toBe((100.5 / 61_010).toFixed(7));
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
    const content = view.page.getByRole('main');
    await content.getByRole('heading', { name: 'This view could not be drawn' }).waitFor();
    await view.goTo('Alerts');
    await content.getByRole('heading', { name: 'Alerts' }).waitFor();
  });
});
