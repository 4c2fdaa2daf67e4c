import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { formatNumber, formatPercent } from '../../src/dashboard/format/numbers.js';
import { query, type RunningApp } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectWell, useDashboards } from '../support/dashboards.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { textsOf } from '../support/tables.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();
const MINUTE = 60_000;
/** Three minutes before midnight in Berlin, which is an hour before that of UTC. */
const START = Date.parse('2023-11-14T22:57:00Z');
/** How much is held at turns that are a minute apart: a purchase at turn 4, a deposit at turn 6. */
const BITCOINS = [1, 1, 1, 1.5, 1.5, 1.5, 2];
const DOLLARS = [90_000, 90_000, 90_000, 59_000, 59_000, 59_000, 59_000];
const last = 7;

/** Prices move by the turn; BTC is bought and then deposited; XRP has no price. */
function bought(): ScriptedMarket {
  return new ScriptedMarket((n) => {
    const at = Math.min(n, last) - 1;
    return observed(frameAt(START + (n - 1) * MINUTE, 40 * n), {
      source: 'PAPER',
      balances: [
        { asset: 'BTC', free: String(BITCOINS[at]), locked: '0' },
        { asset: 'USDT', free: String(DOLLARS[at]), locked: '10.5' },
        { asset: 'XRP', free: '250', locked: '0' },
      ],
    });
  });
}

interface Parts {
  readonly asset: string | null;
  readonly price: number[];
  readonly flow: number[];
  readonly unpriced: number[];
}

interface Attribution {
  readonly startValue: number;
  readonly endValue: number;
  readonly assets: readonly Parts[];
  readonly total: Parts;
}

async function attributionOf(app: RunningApp, args: string): Promise<Attribution> {
  const { data } = await query<{ walletAttribution: Attribution }>(
    app,
    `{ walletAttribution(${args}) { startValue endValue
      assets { asset price flow unpriced } total { asset price flow unpriced } } }`,
  );
  return data?.walletAttribution as Attribution;
}

function rowsOf(page: Page, region: string): Promise<string[][]> {
  return textsOf(page.getByRole('region', { name: region, exact: true }).locator('tbody tr'));
}

describeWithBrowser('the wallet in a browser', () => {
  const { serve, open } = useDashboards(database);

  it('says what it is worth, what the market did today and over the range, and what came', async () => {
    const app = await serve({}, bought());
    await turnReached(app, last);
    const view = await open(app, { timezoneId: 'Europe/Berlin' });
    await view.open(`?view=wallet&turn=${last}&range=all`);
    const { page } = view;
    const value = page.getByTestId('wallet-value');
    await value.waitFor();
    const end = new Date(START + (last - 1) * MINUTE + 1).toISOString();
    const { data } = await query<{ cycle: { wallet: Record<string, number> } }>(
      app,
      `{ cycle(turn: ${last}) { wallet { last: value mid: value(price: MID) take: value(price: TAKE) } } }`,
    );
    const worth = data?.cycle.wallet as { last: number; mid: number; take: number };
    expect(await value.textContent()).toBe(formatNumber(worth.last, 2));

    const today = await attributionOf(app, `from: "2023-11-14T23:00:00Z", to: "${end}"`);
    const gain = (100 * (today.total.price[0] as number)) / today.startValue;
    const changeToday = page.getByTestId('change-today');
    await expect.poll(() => changeToday.textContent()).toBe(`${formatPercent(gain)} %`);
    const whole = await attributionOf(app, `from: "start", to: "${end}"`);
    const wholeGain = (100 * (whole.total.price[0] as number)) / whole.startValue;
    const changeRange = page.getByTestId('change-range');
    await expect.poll(() => changeRange.textContent()).toBe(`${formatPercent(wholeGain)} %`);
    expect(wholeGain).not.toBeCloseTo(gain, 2);

    const signed = (number: number): string => formatNumber(number, 2, { signed: true });
    const rows = await rowsOf(page, 'What made it change');
    const expected = whole.assets.map(({ asset, price, flow, unpriced }) => {
      const parts = [price[0], flow[0], unpriced[0]] as [number, number, number];
      return [asset, ...parts.map(signed), signed(parts[0] + parts[1] + parts[2])];
    });
    expect(rows.toSorted()).toEqual(expected.toSorted());
    const sums = await page.locator('.attribution tfoot tr').first().locator('td').allInnerTexts();
    expect(sums.at(-1)).toBe(signed(whole.endValue - whole.startValue));

    await page.getByText('not counted: XRP').waitFor();
    const balances = await rowsOf(page, 'Balances');
    expect(balances.map(([asset]) => asset)).toEqual(['BTC', 'USDT', 'XRP']);
    expect(balances[0]?.[3]?.trim()).toBe('2');
    expect(balances[1]?.[5]?.trim()).toBe('10.5');
    expect(balances[2]?.[2]).toBe('no price');

    await page.getByLabel('At which prices').selectOption('TAKE');
    await expect.poll(() => value.textContent()).toBe(formatNumber(worth.take, 2));
    expect(page.url()).toContain('valueAt=TAKE');
    expect(worth.take).toBeLessThan(worth.mid);
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'wallet-past');

    // By the clock of UTC, that day began before the first turn.
    await page.evaluate("localStorage.setItem('dynamics.zone', 'utc')");
    await page.reload();
    await expect.poll(() => changeToday.textContent()).toBe(`${formatPercent(wholeGain)} %`);
    await page.getByText('since the first turn at 22:57:00').first().waitFor();
    expect(view.faults).toEqual([]);
  });

  it('is drawn over time as a whole, by asset, and balance upon balance, and goes on live', async () => {
    const app = await serve({}, bought());
    await turnReached(app, last);
    const view = await open(app);
    await view.open(`?view=wallet&turn=${last}&range=all`);
    const { page } = view;
    const { data } = await query<{ walletSeries: { lines: { values: number[] }[] } }>(
      app,
      `{ walletSeries(from: "start", to: "${new Date(START + (last - 1) * MINUTE + 1).toISOString()}",
        byAsset: true) { lines { values } } }`,
    );
    const lines = data?.walletSeries.lines.map(({ values }) => values) ?? [];
    const [whole = [], bitcoins = []] = lines;
    const chart = page.getByRole('slider', { name: /^Worth/ });
    const told = () => chart.getAttribute('aria-valuetext');
    await expect.poll(told).toContain(`Worth ${formatNumber(whole[last - 1] as number, 2)}`);
    await chart.press('Home');
    await expect.poll(told).toContain(`Worth ${formatNumber(whole[0] as number, 2)}`);
    const shape = page.getByLabel('How it is drawn');
    await shape.selectOption('stacked');
    await expect.poll(told).toContain(`BTC ${formatNumber(bitcoins[last - 1] as number, 2)}`);
    await shape.selectOption('shares');
    const share = (100 * (bitcoins[last - 1] as number)) / (whole[last - 1] as number);
    const shares = page.getByRole('slider', { name: /^Shares/ });
    await expect
      .poll(() => shares.getAttribute('aria-valuetext'))
      .toContain(`BTC ${formatNumber(share, 1)}`);
    expect(page.url()).toContain('walletShape=shares');
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'wallet-shares');

    await view.open('?view=wallet&range=all');
    await expect.poll(told).toMatch(/Worth [\d,.]+$/);
    const before = await told();
    await expect.poll(told).not.toBe(before);
    expect(view.faults).toEqual([]);
  });

  describe('without anything to value', () => {
    it('says why, and what one can do', async () => {
      const nothing = new ScriptedMarket((n) =>
        observed(frameAt(START + n * MINUTE, n), { source: 'PAPER', balances: [] }),
      );
      const app = await serve({}, nothing);
      await turnReached(app, 2);
      const view = await open(app);
      await view.open('?view=wallet');
      await view.page.getByRole('heading', { name: 'Nothing is held' }).waitFor();
      await view.page.getByText('PAPER_WALLET=USDT:10000,BTC:0.1').waitFor();
      expect(await accessibilityFaults(view.page)).toEqual([]);
      expectWell(view);
    });
  });
});
