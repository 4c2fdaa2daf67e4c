import { expect, it } from 'vitest';
import { issueToken } from '../../src/http/auth.js';
import { query } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults, hasFocus, keepScreenshot } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectWell, scripted, useDashboards } from '../support/dashboards.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

describeWithBrowser('the dashboard in a browser', () => {
  const { serve, open } = useDashboards(database);

  it('takes a right value into the settings, and says what the server says of a wrong one', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    await view.open('?view=strategy');
    const { page } = view;
    const imprint = page.getByLabel('Expected imprint');
    await imprint.fill('-3');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Not saved.').waitFor();
    expect(await imprint.getAttribute('aria-invalid')).toBe('true');
    const said = await page.locator('.field .fault').textContent();
    const { data } = await query<{
      updateStrategyConfig: { userErrors: { message: string }[] };
    }>(
      app,
      'mutation { updateStrategyConfig(input: { expectedImprint: -3 }) { userErrors { message } } }',
    );
    expect(said).toBe(data?.updateStrategyConfig.userErrors[0]?.message);
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'strategy-wrong');

    await imprint.fill('1.25');
    await page.getByLabel('Lead', { exact: true }).selectOption('MOMENTUM');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/^Saved: in force from/).waitFor();
    await page.getByText('version 2').waitFor();
    expect(await imprint.inputValue()).toBe('1.25');
    const stored = await query(app, '{ strategyConfig { version mode expectedImprint } }');
    expect(stored.data).toEqual({
      strategyConfig: { version: 2, mode: 'MOMENTUM', expectedImprint: 1.25 },
    });
    // As long as for a turn: it has to come to the page.
    await page.getByText('wait for 1.2500').waitFor();
    // Once a turn has run under them, it says which was the first.
    const since = await page.getByText(/^Saved: in force from turn/).textContent();
    const first = Number(/turn (\d+)/.exec(since ?? '')?.[1]);
    const ran = await query<{ before: unknown; at: unknown }>(
      app,
      `{ before: cycle(turn: ${first - 1}) { config { version } } at: cycle(turn: ${first}) { config { version } } }`,
    );
    expect(ran.data).toEqual({
      before: { config: { version: 1 } },
      at: { config: { version: 2 } },
    });
    // What somebody else changes shows up as well, and what is being typed stays.
    await imprint.fill('1.3');
    await query(
      app,
      'mutation { updateStrategyConfig(input: { tier: AGGRESSIVE }) { userErrors { code } } }',
    );
    await page.getByText('version 3').waitFor();
    expect(await page.getByLabel('Smoothing').inputValue()).toBe('AGGRESSIVE');
    expect(await imprint.inputValue()).toBe('1.3');
    expectWell(view);
  });

  it('keeps what is typed into the settings while the figures of the strategy are still on their way', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    const { page } = view;
    let showFigures: () => void = () => undefined;
    const figures = new Promise<void>((resolve) => (showFigures = resolve));
    await page.route('**/graphql', async (route) => {
      if (/"CycleStrategy"/.test(route.request().postData() ?? '')) await figures;
      await route.continue();
    });
    await view.open('?view=strategy');
    const imprint = page.getByLabel('Expected imprint');
    await imprint.fill('1.75');
    expect(await page.getByText('Over time').count()).toBe(0);
    showFigures();
    await page.getByText('Over time').waitFor();
    expect(await imprint.inputValue()).toBe('1.75');
    expect(await hasFocus(imprint)).toBe(true);
    expectWell(view);
  });

  it('asks again by itself for what the server did not answer when the view was opened', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    const { page } = view;
    await page.route('**/graphql', (route) =>
      /query (StrategyConfig|Role)\b/.test(route.request().postData() ?? '')
        ? route.abort()
        : route.fallback(),
    );
    await view.open('?view=strategy');
    await page.getByText('The server cannot be reached').first().waitFor();
    await page.unroute('**/graphql');
    await page.getByLabel('Expected imprint').waitFor();
    expect(await page.getByText('The server cannot be reached').count()).toBe(0);
  });

  it('asks for a token where the server wants one, and for another where it is not enough', async () => {
    const app = await serve({ API_SECRET_KEY }, scripted());
    const token = (role: 'viewer' | 'operator') =>
      issueToken(API_SECRET_KEY, role, Date.now() + 60_000);
    const view = await open(app);
    await view.open('?view=strategy');
    const { page } = view;
    const use = async (text: string): Promise<void> => {
      await page.getByLabel('Access token').fill(text);
      await page.getByRole('button', { name: 'Use it in this tab' }).click();
    };
    await page.getByRole('heading', { name: 'This server wants a token' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'token');
    await use('nonsense');
    await page
      .getByText('for those with a token only')
      .or(page.getByLabel('Access token'))
      .first()
      .waitFor();
    await use(await token('viewer'));
    await page.getByRole('button', { name: 'Use another token' }).click();
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
    await use(await token('operator'));
    await page.getByLabel('Expected luggage').fill('2');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('version 2').waitFor();
    await view.turnAfter(await view.turn());
    expect(await page.evaluate('localStorage.length')).toBe(0);
    expect(view.faults.filter((fault) => !/ 40[13] |\b40[13]\b/.test(fault))).toEqual([]);
  });
});
