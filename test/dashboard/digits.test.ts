import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { SHOWN_DIGITS } from '../../src/dashboard/api/shown-digits.js';
import { query } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { scripted, useDashboards } from '../support/dashboards.js';
import { useDatabase } from '../support/database.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();

/** What a page asks for, as variables of operations; and what it is pushed. */
function traffic(page: Page) {
  const asked: Record<string, unknown>[] = [];
  const pushed: string[] = [];
  page.on('request', (request) => {
    const { variables } = (request.postDataJSON() ?? {}) as { variables?: object };
    if (variables && 'digits' in variables) asked.push({ ...variables });
  });
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const { payload: sent } = JSON.parse(String(payload)) as {
        payload?: { query?: string; variables?: Record<string, unknown> };
      };
      if (sent?.query?.includes('$digits')) asked.push(sent.variables ?? {});
    });
    socket.on('framereceived', ({ payload }) => {
      if (String(payload).includes('"next"')) pushed.push(String(payload));
    });
  });
  return { asked, pushed };
}

/** How many significant digits the longest number of a text has. */
function mostDigits(text: string): number {
  const numbers = text.match(/-?\d+(\.\d+)?(e[+-]?\d+)?/g) ?? [];
  const significant = numbers.map((number) =>
    number
      .replace(/e.*$/, '')
      .replace(/[-.]/g, '')
      .replace(/^0+|0+$/g, ''),
  );
  return Math.max(0, ...significant.map(({ length }) => length));
}

describeWithBrowser('the dashboard in a browser asks for', () => {
  const { serve, open } = useDashboards(database);

  it('the digits that it shows, with what it is pushed and with what it reads', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 2);
    const view = await open(app);
    const { asked, pushed } = traffic(view.page);
    await view.open('?kind=ID_BENCHMARK');
    await view.page.getByRole('grid').waitFor();
    const [push] = await until(
      'a cycle to be pushed with its matrix',
      () => pushed.filter((text) => text.includes('"values"')),
      ({ length }) => length > 0,
    );
    const [values] = /"values":\[\[.*?\]\]/.exec(push as string) ?? [];
    expect(mostDigits(values as string)).toBe(SHOWN_DIGITS);
    await view.open('?kind=ID_BENCHMARK&turn=1');
    await view.page.getByRole('grid').waitFor();
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(new Set(asked.map(({ digits }) => digits))).toEqual(new Set([SHOWN_DIGITS]));
    expect(view.faults).toEqual([]);
  });

  it('all digits of what it computes with, and of what is downloaded', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 3);
    const view = await open(app);
    const { page } = view;
    await view.open('?kind=ID_BENCHMARK&turn=3');
    await page.getByRole('grid').waitFor();
    const { asked } = traffic(page);
    const waiting = page.waitForEvent('download');
    await view.more();
    await page.getByRole('button', { name: 'Download CSV' }).click();
    const csv = await readFile(await (await waiting).path(), 'utf8');
    const { data } = await query<{ cycle: { matrix: { values: (number | null)[][] } } }>(
      app,
      '{ cycle(turn: 3) { matrix(kind: ID_BENCHMARK) { values } } }',
    );
    const rows = csv
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',').slice(1));
    const stored = data?.cycle.matrix.values.map((row) =>
      row.map((value) => (value === null ? '' : String(value))),
    );
    expect(rows).toEqual(stored);
    expect(mostDigits(csv)).toBeGreaterThan(SHOWN_DIGITS);

    asked.length = 0;
    await page.getByLabel('Minus turn').fill('1');
    await page.getByText(/\(turn 3\) minus .*\(turn 1\)/).waitFor();
    const compared = await until(
      'both turns to be read',
      () => asked.filter(({ digits }) => digits === null),
      (reads) => [1, 3].every((turn) => reads.some((read) => read['turn'] === turn)),
    );
    expect(compared.map(({ kind }) => kind)).toEqual(compared.map(() => 'ID_BENCHMARK'));
    expect(view.faults).toEqual([]);
  });

  it('says so where what is downloaded cannot be read', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    const { page } = view;
    await view.open('?kind=ID_BENCHMARK&turn=1');
    await page.getByRole('grid').waitFor();
    await page.route('**/graphql', (route) =>
      route.fulfill({
        contentType: 'application/json',
        body: JSON.stringify({ errors: [{ message: 'the database is away' }] }),
      }),
    );
    await view.more();
    await page.getByRole('button', { name: 'Download CSV' }).click();
    await page.getByRole('alert').getByText('the database is away').waitFor();
  });
});
