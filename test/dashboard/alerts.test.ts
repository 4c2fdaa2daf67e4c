import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startProxy } from '../chaos/proxy.mjs';
import { query } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults } from '../support/dashboard.js';
import { firedTurns, LEVEL, listedTurns, MAKE, swinging } from '../support/dashboard-alerts.js';
import { expectWell, useDashboards } from '../support/dashboards.js';
import { useDatabase } from '../support/database.js';
import { startReceiver } from '../support/receiver.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';
import { SIGNING_KEY } from '../support/webhooks.js';

const database = useDatabase();

const WRONG = {
  name: 'Wrong',
  line: { kind: 'CELL', base: 'DOGE', quote: 'USDT' },
  condition: { above: 1 },
};

describeWithBrowser('alerts in the dashboard', () => {
  const { serve, open } = useDashboards(database);

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
