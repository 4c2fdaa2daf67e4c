import { expect, it } from 'vitest';
import { issueToken } from '../../src/http/auth.js';
import { query } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import {
  type Fired,
  firedTurns,
  LEVEL,
  listedTurns,
  MAKE,
  swinging,
} from '../support/dashboard-alerts.js';
import { expectWell, useDashboards } from '../support/dashboards.js';
import { useDatabase } from '../support/database.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();

describeWithBrowser('alerts in the dashboard', () => {
  const { serve, open } = useDashboards(database);

  it('are made from a cell: tried over what is stored, saved, and their firings come live', async () => {
    const app = await serve({}, swinging());
    await turnReached(app, 12);
    const view = await open(app);
    const { page } = view;
    await page.addInitScript(`
      window.told = [];
      window.Notification = class {
        static permission = 'default';
        static requestPermission() {
          this.permission = 'granted';
          return Promise.resolve('granted');
        }
        constructor(title, { body, tag }) { told.push({ title, body, tag }); }
      };
    `);
    await view.open(MAKE);
    expect(await page.getByLabel('Base').inputValue()).toBe('BTC');
    expect(await page.getByLabel('Quote').inputValue()).toBe('USDT');
    const level = page.getByLabel('Level');
    // Until somebody says otherwise, it is the highest there was, which nothing has gone above.
    await expect.poll(() => level.inputValue()).toBe('61,100');
    await page.getByText('It would not have fired in the last 24 h').waitFor();

    // Its line is dragged half way down the chart, between the two prices.
    const handle = await page.locator('main .level-handle').boundingBox();
    const plot = await page.locator('.rule-form .u-over').boundingBox();
    if (!handle || !plot) throw new Error('the level is not on the chart');
    const x = plot.x + plot.width / 2;
    await page.mouse.move(x, handle.y + handle.height / 2);
    await page.mouse.down();
    await page.mouse.move(x, plot.y + plot.height / 2, { steps: 4 });
    await page.mouse.up();
    const dragged = Number((await level.inputValue()).replace(',', ''));
    expect(dragged).toBeGreaterThan(61_000);
    expect(dragged).toBeLessThan(61_100);
    await page.getByText(/It would have fired/).waitFor();

    await level.fill(String(LEVEL));
    await page.getByText(/It would have fired/).waitFor();
    const words = (await page.getByText(/It would have fired/).textContent()) ?? '';
    const [, turn] = /\(turn (\d+)\)/.exec(words) ?? [];
    const { data } = await query<{ testAlert: { total: number; firings: Fired[] } }>(
      app,
      `query ($input: AlertInput!) { testAlert(input: $input, from: "now-1d") { total firings { turn } } }`,
      {
        input: {
          name: 'It',
          line: { kind: 'CELL', base: 'BTC', quote: 'USDT' },
          condition: { above: LEVEL },
          cooldown: '1h',
        },
      },
    );
    expect(data?.testAlert).toEqual({ total: 1, firings: [{ turn: Number(turn) }] });
    expect(words).toMatch(/fired once in the last 24 h, of which .+ are stored/);

    await page.getByLabel('At most once in').fill('');
    await page.getByText(/It would have fired (\d+ times|once)/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'alert-made');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('is watched from the next turn on').waitFor();
    const rules = page.getByRole('list', { name: 'Rules' });
    await rules.getByText('BTC/USDT price is above 61,050 USDT').first().waitFor();

    await page.getByText('Notifications off').click();
    await page.getByRole('button', { name: 'Notify in this browser' }).click();
    await page.getByText('Notifications on').waitFor();

    await until(
      'two firings to be listed',
      () => listedTurns(page),
      (turns) => turns.length >= 2,
    );
    const listed = await listedTurns(page);
    const stored = await firedTurns(app);
    // Newest first, each once, none left out; one more may be stored by now.
    expect(listed).toEqual(stored.slice(-listed.length));
    expect(listed).toEqual(listed.toSorted((a, b) => b - a));
    await rules.getByText('Last fired').waitFor();
    await expect
      .poll(() => page.evaluate('told[0]?.title'))
      .toBe('BTC/USDT price is above 61,050 USDT');
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'alerts');

    await page.getByRole('list', { name: 'Firings' }).getByRole('link').last().click();
    await page.getByText('BTC/USDT').first().waitFor();
    expect(new URL(page.url()).searchParams.get('turn')).toBe(String(listed.at(-1)));
    expectWell(view);
  });

  it('can be tried by a viewer, who is told in words that saving takes another token', async () => {
    const app = await serve({ API_SECRET_KEY }, swinging());
    const token = await issueToken(API_SECRET_KEY, 'viewer', Date.now() + 600_000);
    const view = await open(app);
    const { page } = view;
    await view.open(MAKE);
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: /^Use it/ }).click();
    await page.getByLabel('Level').fill(String(LEVEL));
    await page.getByText(/It would (not )?have fired/).waitFor();
    await page.getByText(/saved with an operator’s token only/).waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
    await keepScreenshot(page, 'alert-viewer');
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.getByText('There is no rule yet').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('suggest a level that does not come under the hands of whoever types one', async () => {
    const app = await serve({}, swinging());
    await turnReached(app, 2);
    const view = await open(app);
    const { page } = view;
    let answerCourse: () => void = () => undefined;
    const course = new Promise<void>((resolve) => (answerCourse = resolve));
    await page.route('**/graphql', async (route) => {
      if (/query RuleCellCourse\b/.test(route.request().postData() ?? '')) await course;
      await route.fallback();
    });
    await view.open(MAKE);
    const level = page.getByLabel('Level');
    await level.focus();
    answerCourse();
    await page.getByRole('slider', { name: /BTC\/USDT/ }).waitFor();
    await page.keyboard.type('61,050');
    expect(await level.inputValue()).toBe('61,050');
    await level.fill('');
    await page.getByText('a number is wanted').waitFor();
    // Where nothing is typed, it is there.
    await view.open(MAKE);
    await expect.poll(() => level.inputValue()).toMatch(/^61,\d{3}$/);
    expectWell(view);
  });
});
