import type { Page, Request } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { useDashboards, useSharedServer } from '../support/dashboards.js';

const database = useDatabase();

/** Marks the document: a mark that is away tells that the page was loaded anew. */
async function mark(page: Page): Promise<void> {
  await page.evaluate('window.marked = true');
}

function isMarked(page: Page): Promise<boolean> {
  return page.evaluate('window.marked === true');
}

/** How often the page is loaded from now on. */
function countLoads(page: Page): () => number {
  let loads = 0;
  page.on('request', (request) => {
    if (request.isNavigationRequest()) loads++;
  });
  return () => loads;
}

describeWithBrowser('the shell of the dashboard loads a view that', () => {
  const { open } = useDashboards(database);
  const app = useSharedServer(database, 'loading');
  const SCRIPTS = '**/static/dashboard/assets/*.js*';

  /** Without a view that is loaded before it is wanted, at some moment. */
  const openIdle = async () => {
    const view = await open(app);
    await view.page.addInitScript('delete window.requestIdleCallback');
    return view;
  };

  it('was first opened while the server was away, without loading the page anew', async () => {
    const view = await openIdle();
    const { page } = view;
    await view.open();
    // It tries again by itself once it listens.
    await page.getByText('Live', { exact: true }).waitFor();
    await mark(page);
    await page.route(SCRIPTS, (route) => route.abort());
    await view.goTo('Wallet');
    await page.getByRole('heading', { name: 'This view could not be loaded' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const tryAgain = page.getByRole('button', { name: 'Try again' });
    await tryAgain.click();
    await page.getByText('The server cannot be reached').waitFor();
    // While it tries, the button says so.
    await tryAgain.waitFor();
    await page.unroute(SCRIPTS);
    await tryAgain.click();
    await page.getByTestId('wallet-value').waitFor();
    expect(await isMarked(page)).toBe(true);
  });

  it('an upgrade has taken away, by loading the page anew once', async () => {
    const view = await openIdle();
    const { page } = view;
    await view.open();
    await page.getByRole('grid').waitFor();
    await mark(page);
    const loads = countLoads(page);
    await page.route(SCRIPTS, (route) =>
      loads() === 0 ? route.fulfill({ status: 404 }) : route.continue(),
    );
    await view.goTo('Wallet');
    await page.getByTestId('wallet-value').waitFor();
    expect(await isMarked(page)).toBe(false);
    expect(loads()).toBe(1);
  });

  it('is away for good, by saying so', async () => {
    const view = await openIdle();
    const { page } = view;
    const first = new Set<string>();
    const note = (request: Request): void => void first.add(request.url());
    page.on('request', note);
    await view.open();
    await page.getByRole('grid').waitFor();
    page.off('request', note);
    const loads = countLoads(page);
    await page.route(SCRIPTS, async (route) => {
      const isOfPage = first.has(route.request().url());
      await (isOfPage ? route.continue() : route.fulfill({ status: 404 }));
    });
    await view.goTo('Wallet');
    await page.getByText("The server does not have the view's file").waitFor();
    expect(loads()).toBe(1);
  });

  it('needs a file that could not be loaded before it was wanted, by loading the page anew once', async () => {
    const scripts = new Set<string>();
    const idle = await openIdle();
    idle.page.on('request', (request) => void scripts.add(request.url()));
    await idle.open();
    await idle.page.getByRole('grid').waitFor();
    const view = await open(app);
    const { page } = view;
    const early = new Set<string>();
    await page.route(SCRIPTS, async (route) => {
      const address = route.request().url();
      if (scripts.has(address)) return route.continue();
      // The view's own file comes, and what it needs does not.
      const isOwn = early.size === 0 || early.values().next().value === address;
      early.add(address);
      return isOwn ? route.continue() : route.abort();
    });
    await view.open();
    await expect.poll(() => early.size).toBeGreaterThan(1);
    await page.unroute(SCRIPTS);
    const loads = countLoads(page);
    await view.goTo('Wallet');
    await page.getByTestId('wallet-value').waitFor();
    expect(loads()).toBeLessThanOrEqual(1);
  });
});
