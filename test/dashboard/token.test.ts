import type { Route, WebSocket } from 'playwright-core';
import { expect, it } from 'vitest';
import { issueToken } from '../../src/http/auth.js';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectWell, scripted, useDashboards, useSharedServer } from '../support/dashboards.js';
import { API_SECRET_KEY } from '../support/secrets.js';

const database = useDatabase();

describeWithBrowser('the shell of the dashboard', () => {
  const { serve, open } = useDashboards(database);
  const app = useSharedServer(database, 'token');

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
