import { expect, it } from 'vitest';
import { query } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import { scripted, useDashboards } from '../support/dashboards.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, refused, ScriptedMarket } from '../support/scripted-market.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

describeWithBrowser('the status of an operator', () => {
  const { serve, open } = useDashboards(database);

  it('says what is stored, what is missing and why, and which channels are told nothing, in words', async () => {
    const from = Date.now() - 600_000;
    const market = new ScriptedMarket((n) =>
      // A pause of ten turns, in which the exchange cannot be reached.
      n > 3 && n < 8
        ? refused('EXCHANGE_UNREACHABLE', 'the exchange does not answer')
        : observed(frameAt(from + n * 1_000 + (n > 3 ? 30_000 : 0), n)),
    );
    const settings = {
      DATABASE_NAME: `dashboard_status_${process.pid}`,
      ALERT_PRIVATE_ADDRESSES: '127.0.0.1',
    };
    const first = await serve({ ...settings, ALERT_SECRET_KEY: 'a'.repeat(40) }, market);
    await turnReached(first, 2);
    await query(
      first,
      'mutation ($input: AlertInput!) { createAlert(input: $input) { userErrors { message } } }',
      {
        input: {
          name: 'Dear',
          line: { kind: 'CELL', base: 'BTC', quote: 'USDT' },
          condition: { above: 1e9 },
          channels: [{ kind: 'SLACK', name: 'desk', url: 'https://hooks.example.org/x' }],
        },
      },
    );
    await first.stop();
    const app = await serve({ ...settings, ALERT_SECRET_KEY: 'b'.repeat(40) }, market);
    await turnReached(app, 6);
    const view = await open(app);
    const { page } = view;
    await view.open('?view=status');
    const part = (name: string) => page.getByRole('region', { name, exact: true });
    await part('History').getByText('Sealed').waitFor();
    await part('History')
      .getByRole('cell', { name: /the exchange does not answer/ })
      .waitFor();
    const { data } = await query<{ history: { oldestTurn: number } }>(
      app,
      '{ history { oldestTurn } }',
    );
    await part('History').getByText(`${data?.history.oldestTurn} to `).waitFor();
    await part('Channels of alerts').getByText('0 of 1 are told').waitFor();
    await part('Channels of alerts')
      .getByText(/stored under another key/)
      .waitFor();
    await part('Exchange').getByText('simulated').waitFor();
    await part('Database')
      .getByText(/answers/)
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'status');

    await view.open('?view=alerts');
    await page
      .locator('p.fault')
      .getByText(/stored under another key/)
      .waitFor();
    expect(view.faults).toEqual([]);
  });

  it('waits for a server that takes longer to answer than the status is asked for again', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    const { page } = view;
    const asked: string[] = [];
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('OperatorStatus')) return route.continue();
      asked.push('again');
      // Longer than it is until the page would ask anew.
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      await route.continue().catch(() => asked.push('given up'));
    });
    await view.open('?view=status');
    await page.getByRole('region', { name: 'Callers', exact: true }).waitFor();
    expect(asked).not.toContain('given up');
    expect(view.faults).toEqual([]);
  });
});
