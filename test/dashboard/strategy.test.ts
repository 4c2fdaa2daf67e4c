import { expect, it } from 'vitest';
import { issueToken } from '../../src/http/auth.js';
import { formatMoment } from '../../src/dashboard/format/moment-text.js';
import { query } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectWell, scripted, useDashboards } from '../support/dashboards.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { textsOf } from '../support/tables.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();
const START = Date.parse('2024-03-05T12:00:00Z');
const last = 8;

/** BTC rises for three turns, then ETH for three, then BTC again. */
function changing(): ScriptedMarket {
  return new ScriptedMarket((n) => {
    const rising = n <= 3 || n > 6 ? 'BTCUSDT' : 'ETHUSDT';
    const { observedAt, tickers } = frameAt(START + n * 60_000, n);
    return observed({
      observedAt,
      tickers: tickers.map((ticker) =>
        ticker.symbol === rising ? { ...ticker, last: ticker.open * 1.5 } : ticker,
      ),
    });
  });
}

describeWithBrowser('the strategy in a browser', () => {
  const { serve, open } = useDashboards(database);

  it('shows who led when, what is waited for, and six figures of which none is alone', async () => {
    const app = await serve({}, changing());
    await turnReached(app, last);
    const view = await open(app, { timezoneId: 'UTC' });
    await view.open(`?view=strategy&turn=${last}&range=all`);
    const { page } = view;
    const { data } = await query<{
      cycles: { nodes: { turn: number; observedAt: string; aux: { leadQuant: string } }[] };
    }>(app, '{ cycles(last: 8) { nodes { turn observedAt aux { leadQuant imprint } } } }');
    const cycles = (data?.cycles.nodes ?? []).toReversed();
    const begins = cycles.filter(
      ({ aux }, index) => aux.leadQuant !== cycles[index - 1]?.aux.leadQuant,
    );
    expect(begins.length).toBeGreaterThan(2);
    const leads = page.getByRole('region', { name: 'Who led' }).locator('tbody tr');
    await leads.first().waitFor();
    const rows = await textsOf(leads);
    expect(rows.map(([asset, from]) => [asset, from])).toEqual(
      begins
        .toReversed()
        .map(({ observedAt, aux }) => [
          aux.leadQuant,
          formatMoment(observedAt, 'utc').split(' ').at(-1),
        ]),
    );
    const chart = page.getByRole('slider', { name: /^Quants/ });
    await expect.poll(() => chart.getAttribute('aria-valuetext')).toMatch(/BTC [+−]?\d\.\d{3}/);
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const rowsByTop = new Map<number, number>();
      for (const figure of await page.locator('.strategy-figures > div').all()) {
        const top = (await figure.boundingBox())?.y ?? 0;
        rowsByTop.set(top, (rowsByTop.get(top) ?? 0) + 1);
      }
      const counts = [...rowsByTop.values()];
      expect(counts.reduce((sum, count) => sum + count)).toBe(6);
      expect(new Set(counts).size).toBe(1);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'strategy-past');

    await view.open('?view=strategy&turn=1');
    await page.getByText('took the lead with this turn: its imprint begins at 1').waitFor();
    expect(await page.getByText('reached').count()).toBe(0);
    expect(view.faults).toEqual([]);
  });

  it('lets a viewer see the settings, and change nothing', async () => {
    const app = await serve({ API_SECRET_KEY }, scripted());
    const token = await issueToken(API_SECRET_KEY, 'viewer', Date.now() + 60_000);
    const view = await open(app);
    await view.page.addInitScript(`sessionStorage.setItem('dynamics.token', '${token}')`);
    await view.open('?view=strategy');
    const { page } = view;
    const settings = page.getByRole('region', { name: /^Settings/ });
    await settings.getByText('neutral (largest ±quant)').waitFor();
    await settings.getByText('version 1').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    expectWell(view);
  });
});
