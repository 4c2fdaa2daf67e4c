import { expect, it } from 'vitest';
import { describeWithBrowser } from '../support/browser.js';
import { useDatabase } from '../support/database.js';
import { expectWell, scripted, useDashboards } from '../support/dashboards.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

describeWithBrowser('the dashboard in a browser', () => {
  const { serve, open } = useDashboards(database);

  it('goes through the stored turns, plays them, and comes back to live', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 8);
    const view = await open(app);
    await view.open('?kind=ID_BENCHMARK&turn=3');
    const { page } = view;
    expect(await view.turn()).toBe(3);
    const price = async () => (await view.cell('BTC', 'USDT')).textContent();
    expect(await price()).toBe('61,030');
    await page.getByRole('button', { name: 'One turn back' }).click();
    await expect.poll(price).toBe('61,020');
    await page.getByRole('slider', { name: 'Moment' }).focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press('ArrowRight');
    await expect.poll(price).toBe('61,050');
    expect(page.url()).toContain('turn=5');
    await page.getByRole('button', { name: 'Play' }).click();
    await view.turnAfter(6);
    await page.getByRole('button', { name: 'Back to live' }).click();
    await page.getByRole('button', { name: 'Following live' }).waitFor();
    expect(page.url()).not.toContain('turn=');
    await view.turnAfter(await view.turn());
    expect(view.faults).toEqual([]);
  });

  it('says so where a turn is not stored', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 1);
    const view = await open(app);
    await view.open('?turn=999999');
    await view.page.getByRole('heading', { name: 'Turn 999999 is not stored' }).waitFor();
    await view.page.getByRole('button', { name: 'Go to the newest' }).click();
    await view.page.getByRole('grid').waitFor();
    expectWell(view);
  });

  it('opens a pair from its cell, and adds each new turn to its course', async () => {
    const app = await serve({}, scripted());
    await turnReached(app, 3);
    const view = await open(app);
    await view.open();
    const { page } = view;
    await (await view.cell('ETH', 'BTC')).dblclick();
    await page.locator('#pair-title', { hasText: 'ETH/BTC' }).waitFor();
    expect(page.url()).toContain('view=pair&base=ETH&quote=BTC');
    await page.getByLabel('Drawn as').selectOption('line');
    await page.getByRole('button', { name: 'Numbers of ETH/BTC' }).click();
    // The past comes after the page.
    const table = page.getByRole('region', { name: 'ETH/BTC as numbers' });
    await table.locator('tbody tr').nth(4).waitFor();
    const rows = () => table.locator('tbody td:nth-child(2)', { hasNotText: '–' }).count();
    const before = await rows();
    expect(before).toBeGreaterThanOrEqual(3);
    await expect.poll(rows).toBeGreaterThan(before + 2);
    // Turns that are further apart than they are to be have a row of nothing between them.
    const turns = table.locator('tbody td:nth-child(2)').filter({ hasNotText: '–' });
    const shown = (await turns.allTextContents()).map(Number);
    expect(shown).toEqual(shown.map((_, index) => (shown[0] as number) - index));
    expect(await table.locator('tbody td:nth-child(3)').last().textContent()).toBe('0.050010');
    const first = page.getByRole('slider', { name: 'Delta, BTC per ETH' });
    await first.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => first.getAttribute('aria-valuetext')).toContain('Δ −0.00099');
    await page.goBack();
    await page.getByRole('grid').waitFor();
    expectWell(view);
  });
});
