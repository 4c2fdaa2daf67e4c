import { expect, it } from 'vitest';
import { query } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { keepScreenshot } from '../support/dashboard.js';
import { expectWell, scripted, useDashboards, VIEWS } from '../support/dashboards.js';
import { useDatabase } from '../support/database.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

/** The texts of the table for paper, row by row. */
const CELLS = `[...document.querySelectorAll('.print-table tbody tr')].map((row) =>
  [...row.children].map((cell) => cell.textContent))`;

/** What scrolls, though nothing does on paper: what does not fit would be lost. */
const CUT_OFF = `[...document.querySelectorAll('main, main *')]
  .filter((each) => ['auto', 'scroll'].includes(getComputedStyle(each).overflowY))
  .filter((each) => each.scrollHeight > each.clientHeight + 1)
  .map((each) => each.outerHTML.slice(0, 120))`;

describeWithBrowser('on paper', () => {
  const { serve, open } = useDashboards(database);

  it('a matrix is a table of its numbers under the moment and the turn that they are from', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 2);
    const view = await open(app, { timezoneId: 'UTC', locale: 'en-GB' });
    const { page } = view;
    await view.open('?kind=ID_BENCHMARK&turn=2');
    await page.getByRole('grid').waitFor();
    expect(await page.locator('.print-table').count()).toBe(0);
    await page.emulateMedia({ media: 'print' });
    await page.locator('.print-table').waitFor();
    interface Answer {
      readonly cycle: {
        readonly observedAt: string;
        readonly matrix: { readonly bases: string[]; readonly values: (number | null)[][] };
      };
    }
    const { data } = await query<Answer>(
      app,
      '{ cycle(turn: 2) { observedAt matrix(kind: ID_BENCHMARK) { bases values } } }',
    );
    const { observedAt, matrix } = data!.cycle;
    const title = await page.locator('.print-title').textContent();
    expect(title).toContain('turn 2');
    expect(title).toContain(observedAt.slice(11, 19));
    const rows = await page.evaluate<string[][]>(CELLS);
    expect(rows.map(([name]) => name)).toEqual(matrix.bases);
    rows.forEach(([, ...numbers], row) =>
      numbers.forEach((text, column) => {
        const value = matrix.values[row]?.[column] ?? null;
        if (row === column) expect(text).toBe('·');
        else if (value === null) expect(text).toBe('–');
        else expect(Number(text.replaceAll(',', ''))).toBeCloseTo(value, 1);
      }),
    );
    // What one presses is of no use there, and the table that scrolls is cut off.
    await expect.poll(() => page.locator('.top-line').isVisible()).toBe(false);
    expect(await page.locator('.heatmap-frame').isVisible()).toBe(false);
    expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0);
    await keepScreenshot(page, 'print-matrix');
    await page.emulateMedia({ media: 'screen' });
    await page.locator('.print-table').waitFor({ state: 'detached' });
    expectWell(view);
  });

  it('every other view is there whole, without what one presses', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 2);
    const view = await open(app);
    const { page } = view;
    for (const name of ['pair', 'wallet', 'strategy', 'consistency', 'status', 'help'] as const) {
      await page.emulateMedia({ media: 'screen' });
      await view.open(VIEWS[name]);
      await page.locator('main').getByRole('heading').first().waitFor();
      await page.emulateMedia({ media: 'print' });
      await page.locator('.print-title').waitFor();
      expect(await page.locator('.print-title').textContent(), name).toMatch(/turn \d/);
      await expect.poll(() => page.locator('.top-line').isVisible()).toBe(false);
      expect(await page.getByText('Tell me when…').filter({ visible: true }).count()).toBe(0);
      expect(await page.evaluate<string[]>(CUT_OFF), name).toEqual([]);
      await keepScreenshot(page, `print-${name}`);
    }
    expect(view.faults).toEqual([]);
  });
});
