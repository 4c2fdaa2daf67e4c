import { expect, it } from 'vitest';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectWell, useDashboards, useSharedServer } from '../support/dashboards.js';

const database = useDatabase();

describeWithBrowser('the shell of the dashboard', () => {
  const { open } = useDashboards(database);
  const app = useSharedServer(database, 'panes');

  it('remembers how wide its panes are and which are folded, and has it in the address', async () => {
    const view = await open(app);
    const { page } = view;
    await view.open();
    const width = async (name: string) =>
      (await page.getByRole('complementary', { name }).boundingBox())?.width;
    const strength = page.getByRole('separator', { name: 'Width: strength' });
    await strength.focus();
    const before = (await width('Strength')) ?? 0;
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => width('Strength')).toBe(before + 16);
    await page.getByRole('button', { name: 'Inspector' }).click();
    await expect.poll(() => width('Inspector')).toBe(28);
    const address = new URL(page.url()).search;
    expect(address).toContain('panes=');
    await view.open();
    expect(await width('Strength')).toBe(before + 16);
    expect(await width('Inspector')).toBe(28);
    // Another browser, which remembers nothing.
    const other = await open(app);
    await other.open(address);
    const pane = other.page.getByRole('complementary', { name: 'Strength' });
    expect((await pane.boundingBox())?.width).toBe(before + 16);
    expect(view.faults).toEqual([]);
  });

  it('has a pane follow the pointer, however long its edge is drawn, and keeps where it is let go', async () => {
    const view = await open(app);
    const { page } = view;
    await view.open();
    const pane = page.getByRole('complementary', { name: 'Strength' });
    const edge = await page.getByRole('separator', { name: 'Width: strength' }).boundingBox();
    const width = async () => (await pane.boundingBox())?.width;
    const x = (edge?.x ?? 0) + 4;
    await page.mouse.move(x, 400);
    await page.mouse.down();
    await page.mouse.move(x + 200, 400, { steps: 40 });
    await page.mouse.move(x + 80, 400, { steps: 24 });
    await expect.poll(width).toBe(Math.round(x + 80));
    await page.mouse.up();
    await expect.poll(() => page.url()).toContain(`panes=${Math.round(x + 80)}`);
    await view.open();
    expect(await width()).toBe(Math.round(x + 80));
    expect(view.faults).toEqual([]);
  });

  it('has the inspector as a sheet from below where it is narrow', async () => {
    const view = await open(app, { viewport: { width: 390, height: 800 } });
    const { page } = view;
    await view.open('?base=BTC&quote=USDT');
    const handle = page.getByRole('button', { name: 'BTC/USDT', exact: true });
    await handle.click();
    expect(await handle.getAttribute('aria-expanded')).toBe('true');
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'sheet');
    await page.keyboard.press('Escape');
    await expect.poll(() => handle.getAttribute('aria-expanded')).toBe('false');
  });

  it('tells what moved up to the newest turn as soon as one is back from another', async () => {
    const view = await open(app);
    const { page } = view;
    const asked: number[] = [];
    page.on('request', (request) => {
      const { query = '', variables } = (request.postDataJSON() ?? {}) as {
        query?: string;
        variables?: { turn: number };
      };
      if (query.includes('query Movers')) asked.push(variables?.turn ?? 0);
    });
    await page.clock.install();
    await view.open('?turn=1');
    await expect.poll(() => asked).toEqual([1]);
    // Whatever comes now comes without waiting for anything.
    await page.clock.pauseAt(Date.now() + 60_000);
    await page.getByRole('button', { name: 'Back to live' }).click();
    await expect.poll(() => asked.at(-1)).toBeGreaterThan(1);
    expect(view.faults).toEqual([]);
  });

  it.each([
    ['the inspector shows it', '208,320', true],
    ['the inspector is folded', '208,~320', false],
  ])('has a pair pushed along only where it is seen: %s', async (_what, panes, expected) => {
    const view = await open(app);
    const { page } = view;
    const asked: unknown[] = [];
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        const found = /"query":"subscription LiveCycles.*"withPair":(true|false)/.exec(
          String(payload),
        );
        if (found) asked.push(found[1] === 'true');
      }),
    );
    await view.open(`?base=BTC&quote=USDT&panes=${panes}`);
    await page.getByRole('grid').waitFor();
    await view.turnAfter((await view.turnAfter(0)) + 1);
    expect(asked.at(-1)).toBe(expected);
    expectWell(view);
  });
});
