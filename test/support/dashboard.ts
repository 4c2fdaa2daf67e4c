import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { TestBrowser } from './browser.js';
import { IS_DRAWN } from './is-drawn.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The dashboard in a browser. */
export interface DashboardPage {
  readonly page: Page;
  /** What went wrong in the browser so far, in words. */
  readonly faults: readonly string[];
  /** The turns that were pushed to this page since it was opened last, in the order in which they came. */
  readonly pushed: readonly number[];
  /** Opens a view; `search` is the query of the address. */
  open(search?: string): Promise<void>;
  /** The turn that is shown. */
  turn(): Promise<number>;
  /** Waits until a later turn than that is shown. */
  turnAfter(turn: number): Promise<number>;
  /** The cell of a pair in the table. */
  cell(base: string, quote: string): Promise<Locator>;
  /** Opens what the bar of the matrix has beside its buttons. */
  more(): Promise<void>;
  /** Goes to a view by its link. */
  goTo(view: string): Promise<void>;
}

/** Opens a page that is closed after the test. */
export async function openDashboard(
  browser: TestBrowser,
  url: () => string,
  options?: BrowserContextOptions,
): Promise<DashboardPage> {
  const { page, faults } = await browser.newPage({
    viewport: { width: 1280, height: 860 },
    ...options,
  });
  onTestFinished(() => page.context().close());
  const pushed: number[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const found = /"cycleCompleted":\{"turn":(\d+)/.exec(String(payload));
      if (found) pushed.push(Number(found[1]));
    }),
  );
  const shownTurn = page.getByTestId('turn');
  const turn = async (): Promise<number> =>
    Number((await shownTurn.textContent())?.replaceAll(',', ''));
  return {
    page,
    faults,
    pushed,
    open: async (search = '') => {
      await page.goto(`${url()}/${search}`);
      // One that was open before left off where it was, and this one begins with what it reads.
      pushed.length = 0;
    },
    turn,
    async turnAfter(before) {
      await expect.poll(turn).toBeGreaterThan(before);
      return turn();
    },
    async cell(base, quote) {
      const grid = page.getByRole('grid');
      await grid.waitFor();
      const isTransposed = (await grid.locator('.corner').textContent())?.startsWith('quote');
      const [row, column] = isTransposed ? [quote, base] : [base, quote];
      const index = await grid
        .getByRole('columnheader', { name: column, exact: true })
        .getAttribute('aria-colindex');
      return grid
        .getByRole('row')
        .filter({ has: page.getByRole('rowheader', { name: row, exact: true }) })
        .locator(`td[aria-colindex="${index}"]`);
    },
    more: () => page.getByRole('button', { name: 'More', exact: true }).click(),
    async goTo(view) {
      const menu = page.locator('.views-button');
      if (await menu.isVisible()) await menu.click();
      await page.getByRole('navigation', { name: 'Views' }).getByText(view).click();
    },
  };
}

/** Whether what is typed goes to an element. */
export async function hasFocus(element: Locator): Promise<boolean> {
  return (await element.and(element.page().locator(':focus')).count()) === 1;
}

/** What the accessibility check finds wrong with what is on the page now, in words. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(`axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }).then(({ violations }) => violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => id + ': ' + help + ': ' + node.html.slice(0, 200))))`);
}

/** Whether a chart has a line or candles: something that is not grey. @param selector of its canvas */
export function isDrawn(page: Page, selector: string): Promise<boolean> {
  return page.evaluate(`(${IS_DRAWN})(document.querySelector(${JSON.stringify(selector)}))`);
}

/** Kept in the folder that SCREENSHOTS names, for people to look at. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
