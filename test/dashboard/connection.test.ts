import mongoose from 'mongoose';
import { expect, it } from 'vitest';
import { query } from '../support/app.js';
import { startProxy } from '../chaos/proxy.mjs';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectNoGap, useDashboards } from '../support/dashboards.js';
import { startServer } from '../support/process.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();

describeWithBrowser('the dashboard in a browser', () => {
  const { serve, open } = useDashboards(database);

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
    expect(await accessibilityFaults(page)).toEqual([]);
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
      await view.page.getByText('Connection lost.').waitFor();
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
    await view.open('?view=pair&base=BTC&quote=USDT&range=15m&shape=line');
    await view.turnAfter(12);
    const { page } = view;
    const numbers = page.getByRole('button', { name: 'Numbers of BTC/USDT' });
    await numbers.click();
    const connection = await mongoose
      .createConnection(database.engine.uri, { dbName: `${name}_simulated` })
      .asPromise();
    const cycles = connection.collection('cycle_matrices');
    await cycles.deleteMany({ turn: { $gt: 5 } });
    // The same turns come again, as others.
    await expect.poll(() => view.pushed).toContain(11);
    await until(
      'turn 12 to be shown',
      () => view.turn(),
      (turn) => turn >= 12,
    );
    await page.getByText('Live', { exact: true }).waitFor();
    const region = page.getByRole('region', { name: /as numbers/ });
    const row = region
      .locator('tbody tr')
      .filter({ has: page.locator('td:nth-child(2)', { hasText: /^9$/ }) });
    // Whether and when the page begins anew, with the numbers put away, depends on how soon it is told.
    await until(
      'turn 9 to be among the numbers',
      async () => {
        if (!(await region.isVisible())) await numbers.click();
        return row.isVisible();
      },
      (isThere) => isThere,
    );
    const shown = Number((await row.locator('td').allTextContents())[1]?.replaceAll(',', ''));
    const { data } = await query<{ cycle: { matrix: { values: number[][] } } }>(
      app,
      '{ cycle(turn: 9) { matrix(kind: ID_BENCHMARK, bases: ["BTC"], quotes: ["USDT"]) { values(digits: 8) } } }',
    );
    expect(shown).toBeCloseTo(data?.cycle.matrix.values[0]?.[0] ?? 0, 0);
    await connection.close();
    expect(view.faults).toEqual([]);
  });
});
