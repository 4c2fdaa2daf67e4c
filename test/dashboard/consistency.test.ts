import { expect, it } from 'vitest';
import { formatNumber } from '../../src/dashboard/format/numbers.js';
import { query } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectWell, scripted, useDashboards } from '../support/dashboards.js';
import { textsOf } from '../support/tables.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

interface Answer {
  readonly cycle: {
    readonly observedAt: string;
    readonly consistency: {
      readonly medianBps: number;
      readonly maxBps: number;
      readonly triangles: readonly {
        readonly base: string;
        readonly quote: string;
        readonly pair: string;
        readonly legs: readonly string[];
        readonly bps: number;
      }[];
    };
  };
}

describeWithBrowser('the consistency in a browser', () => {
  const { serve, open } = useDashboards(database);

  it('lists each triangle once, the worst first, with its course beside it', async () => {
    const app = await serve();
    await turnReached(app, 4);
    const view = await open(app);
    await view.open('?view=consistency&turn=3&range=all');
    const { page } = view;
    const { data } = await query<Answer>(
      app,
      `{ cycle(turn: 3) { observedAt consistency { medianBps maxBps
        triangles(first: 1000) { base quote pair legs bps } } } }`,
    );
    const { medianBps, maxBps, triangles } = (data as Answer).cycle.consistency;
    await page.getByTestId('median-bps').waitFor();
    expect(await page.getByTestId('median-bps').textContent()).toBe(formatNumber(medianBps, 2));
    expect(await page.getByTestId('max-bps').textContent()).toBe(formatNumber(maxBps, 2));
    const keyOf = ({ pair, legs }: (typeof triangles)[number]) => [pair, ...legs].sort().join();
    const first = new Map(triangles.toReversed().map((each) => [keyOf(each), each]));
    const expected = [...first.values()].toReversed().sort((a, b) => b.bps - a.bps);
    const table = page.getByRole('region', { name: /^Triangles/ });
    const rows = await textsOf(table.locator('tbody tr'));
    expect(rows.length).toBe(Math.min(100, expected.length));
    expect(rows.map(([, bps]) => bps)).toEqual(
      expected.slice(0, 100).map(({ bps }) => formatNumber(bps, 2)),
    );
    expect(rows[0]?.[0]).toBe(`${expected[0]?.base}/${expected[0]?.quote}`);
    const chart = page.getByRole('slider', { name: /^Differences/ });
    await expect
      .poll(() => chart.getAttribute('aria-valuetext'))
      .toContain(`Median ${formatNumber(medianBps, 2)}, Largest ${formatNumber(maxBps, 2)}`);
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'consistency-past');
    await page.getByRole('link', { name: rows[0]?.[0] ?? '' }).click();
    await expect.poll(() => page.url()).toContain('view=pair');
    expectWell(view);
  });

  it('says what a triangle is where there is none', async () => {
    const app = await serve({ ASSETS: 'USDT,BTC,XRP' }, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    await view.open('?view=consistency');
    await view.page.getByRole('heading', { name: 'No triangle' }).waitFor();
    expect(await accessibilityFaults(view.page)).toEqual([]);
    expectWell(view);
  });
});
