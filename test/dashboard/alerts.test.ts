import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { issueToken } from '../../src/http/auth.js';
import { startProxy } from '../chaos/proxy.mjs';
import { query, type RunningApp } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import { expectWell, useDashboards } from '../support/dashboards.js';
import { useDatabase } from '../support/database.js';
import { startReceiver } from '../support/receiver.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';
import { SIGNING_KEY } from '../support/webhooks.js';

const database = useDatabase();
const MAKE = '?view=alerts&make=cell&base=BTC&quote=USDT';
/** Between the two prices that BTC has in turn. */
const LEVEL = 61_050;

const WRONG = {
  name: 'Wrong',
  line: { kind: 'CELL', base: 'DOGE', quote: 'USDT' },
  condition: { above: 1 },
};

/** BTC is at 61,000 for five turns, then at 61,100 for five, and so on. */
function swinging(): ScriptedMarket {
  const from = Date.now() - 600_000;
  return new ScriptedMarket((n) => observed(frameAt(from + n * 1_000, n % 10 < 5 ? 0 : 10)));
}

interface Fired {
  readonly id: string;
  readonly turn: number;
}

async function firedTurns(app: RunningApp, headers = {}): Promise<number[]> {
  const { data } = await query<{ alertFirings: { nodes: Fired[] } }>(
    app,
    '{ alertFirings(first: 100) { nodes { id turn } } }',
    {},
    headers,
  );
  return (data?.alertFirings.nodes ?? []).map(({ turn }) => turn);
}

/** The turns of the firings that the page lists, in its order. */
async function listedTurns(page: Page): Promise<number[]> {
  const texts = await page
    .getByRole('list', { name: 'Firings' })
    .locator('small')
    .allTextContents();
  return texts.map((text) => Number(/\d+/.exec(text)?.[0]));
}

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

  it('go on without a gap after a connection that was lost, and are counted until they are seen', async () => {
    const app = await serve({}, swinging());
    await turnReached(app, 1);
    await query(
      app,
      'mutation ($input: AlertInput!) { createAlert(input: $input) { alert { id } } }',
      {
        input: {
          name: 'Dear',
          line: { kind: 'CELL', base: 'BTC', quote: 'USDT' },
          condition: { above: LEVEL },
        },
      },
    );
    const network = await startProxy({ host: '127.0.0.1', port: Number(new URL(app.url).port) });
    onTestFinished(() => network.stop());
    const view = await open({ url: `http://127.0.0.1:${network.port}` });
    const { page } = view;
    await view.open();
    const count = page.getByRole('link', { name: /^Alerts/ });
    await expect.poll(() => count.textContent()).toMatch(/[1-9]/);
    await view.open('?view=alerts');
    const listed = (atLeast: number) =>
      until(
        `${atLeast} firings to be listed`,
        () => listedTurns(page),
        (turns) => turns.length >= atLeast,
      );
    const before = (await listed(1)).length;
    await expect.poll(() => count.textContent()).not.toMatch(/\d/);
    network.set('cut');
    await until(
      'two more firings to be stored',
      () => firedTurns(app),
      (turns) => turns.length >= before + 2,
    );
    network.set('pass');
    const turns = await listed(before + 2);
    expect(turns).toEqual((await firedTurns(app)).slice(-turns.length));
  });

  it('are changed, tested through a channel, taken out as a file and in again, and deleted after a question', async () => {
    const receiver = await startReceiver();
    const app = await serve(
      { ALERT_SECRET_KEY: API_SECRET_KEY, ALERT_PRIVATE_ADDRESSES: '127.0.0.1' },
      swinging(),
    );
    await turnReached(app, 2);
    const view = await open(app);
    const { page } = view;
    await view.open(MAKE);
    await page.getByLabel('Called').fill('Dear');
    await page.getByLabel('Level').fill('70,000');
    await page.getByRole('button', { name: '+ Webhook' }).click();
    await page.getByLabel('Address').fill(`${receiver.url}/very-secret`);
    await page.getByLabel('Signing secret').fill('short');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/expected whsec_/).waitFor();
    expect(await page.getByLabel('Signing secret').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Signing secret').fill(SIGNING_KEY);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('“Dear” is watched').waitFor();
    await page.getByRole('button', { name: 'Send a test to Webhook' }).click();
    await page.getByText(/^Delivered/).waitFor();
    // A busy machine is overdue at times, and tells so, too.
    const types = receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(types.filter((type) => type.startsWith('alert.'))).toEqual(['alert.test']);

    await page.getByRole('button', { name: 'Edit Dear' }).click();
    await page.getByRole('heading', { name: 'Change “Dear”' }).waitFor();
    expect(await page.content()).not.toContain('very-secret');
    await page.getByLabel('Level').fill('80,000');
    await page.getByRole('button', { name: 'Save' }).click();
    const rules = page.getByRole('list', { name: 'Rules' });
    await rules.getByText('is above 80,000 USDT').waitFor();

    await page.getByText('File', { exact: true }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as a file' }).click();
    const text = await readFile(await (await saved).path(), 'utf8');
    const [filed] = JSON.parse(text) as Record<string, unknown>[];
    expect(filed).toMatchObject({
      name: 'Dear',
      condition: { above: 80_000 },
      channels: [{ kind: 'WEBHOOK', name: 'Webhook' }],
    });
    expect(text).not.toMatch(/very-secret|whsec/);
    const file = (rule: object) => ({
      name: 'alerts.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify([{ ...filed, ...rule }, WRONG])),
    });
    await page.getByLabel('File of rules').setInputFiles(file({ condition: { below: 5 } }));
    await page.getByText('1 of 2 rules were taken.').waitFor();
    await page
      .getByText('Rule 2 (Wrong): input.line.base: "DOGE" is not in the universe')
      .waitFor();
    await rules.getByText('is below 5 USDT').waitFor();
    await page.getByText('File', { exact: true }).press('Escape');

    await page.getByRole('switch', { name: 'Watch for Dear' }).click();
    await expect.poll(() => page.getByRole('switch').getAttribute('aria-checked')).toBe('false');
    await page.getByRole('button', { name: 'Delete Dear' }).click();
    await page.getByRole('alertdialog').getByText('Its firings stay').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keep it' }).click();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Delete Dear');
    await page.getByRole('button', { name: 'Delete Dear' }).click();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByText('There is no rule yet').waitFor();
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

  it('have a way on from the address of a rule that is not there, and one is deleted while it is changed', async () => {
    const app = await serve({}, swinging());
    await turnReached(app, 2);
    await query(
      app,
      'mutation ($input: AlertInput!) { createAlert(input: $input) { userErrors { message } } }',
      {
        input: {
          ...WRONG,
          name: 'Far',
          line: { ...WRONG.line, base: 'BTC' },
          condition: { above: 1e9 },
        },
      },
    );
    const view = await open(app);
    const { page } = view;
    await view.open('?view=alerts&alert=none');
    await page.getByText('The rule that this address names is not there').waitFor();
    await page.getByRole('button', { name: 'New alert' }).waitFor();
    await page.getByRole('button', { name: 'Edit Far' }).click();
    await page.getByRole('heading', { name: 'Change “Far”' }).waitFor();
    await page.getByRole('button', { name: 'Delete Far' }).click();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByText('There is no rule yet.').waitFor();
    await page.getByRole('button', { name: 'New alert' }).waitFor();
    expect(await page.getByText('The rule that this address names').count()).toBe(0);
    expect(view.faults).toEqual([]);
  });
});
