import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithBrowser, openBrowserIn, type TestBrowser } from '../support/browser.js';
import { openDashboard } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { useDashboards, VIEWS } from '../support/dashboards.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

describeWithBrowser('the dashboard in a browser', () => {
  const { serve } = useDashboards(database);
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await openBrowserIn({ LANG: 'C', LC_ALL: 'C', LANGUAGE: '' });
  });
  afterAll(() => browser.close());

  it('shows its numbers where the browser runs under the locale C, which is no language', async () => {
    const app = await serve();
    await turnReached(app, 3);
    const view = await openDashboard(browser, () => app.url);
    for (const search of [VIEWS.matrix, VIEWS.pair, VIEWS.wallet, VIEWS.status]) {
      await view.open(search);
      await view.page.locator('#content :is(h2, table, form)').first().waitFor();
      expect(await view.page.getByText('could not be').count()).toBe(0);
    }
    // Without the page it is none that Intl takes: this is such a browser.
    const language = await view.page.context().newPage();
    const plain = await language.evaluate<string>('navigator.language');
    expect(() => new Intl.NumberFormat(plain)).toThrow(RangeError);
    expect(view.faults).toEqual([]);
  });
});
