import { expect, it } from 'vitest';
import { describeWithBrowser } from '../support/browser.js';
import { contrastFaults } from '../support/contrast.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectWell, useDashboards, useSharedServer } from '../support/dashboards.js';

const database = useDatabase();

describeWithBrowser('the shell of the dashboard', () => {
  const { open } = useDashboards(database);
  const app = useSharedServer(database, 'shell');

  it.each(['light', 'dark'] as const)(
    'has controls that can be read in the %s theme, however they are used',
    async (colorScheme) => {
      const view = await open(app, { colorScheme, reducedMotion: 'reduce' });
      const { page } = view;
      await view.open('?turn=1&base=BTC&quote=USDT');
      await page.getByRole('grid').waitFor();
      expect(await contrastFaults(page, '#dashboard')).toEqual([]);
      await page.getByRole('button', { name: 'Settings' }).click();
      expect(await contrastFaults(page, '#settings')).toEqual([]);
      expect(await accessibilityFaults(page)).toEqual([]);
      await keepScreenshot(page, `settings-${colorScheme}`);
      const colour = () =>
        page.evaluate(
          `getComputedStyle(document.querySelector('td[style*="background"]')).backgroundColor`,
        );
      const before = await colour();
      expect(before).toMatch(/^rgb/);
      await page.getByLabel('Colours of up and down').selectOption('green-red');
      await page.keyboard.press('Escape');
      expect(await page.locator('html').getAttribute('data-colours')).toBe('green-red');
      expect(await colour()).not.toBe(before);
      expect(await accessibilityFaults(page)).toEqual([]);
      expectWell(view);
    },
  );

  it.each([
    ['1440 wide', { width: 1440, height: 900 }],
    ['1024 wide', { width: 1024, height: 768 }],
    ['a phone', { width: 390, height: 800 }],
    ['twice as large', { width: 720, height: 450 }],
  ])(
    'fits where the window is %s: a line, numbers at the top, and nothing cut off',
    async (_name, viewport) => {
      const view = await open(app, { viewport });
      const { page } = view;
      await view.open('?base=BTC&quote=USDT');
      await page.getByRole('grid').waitFor();
      const line = await page.getByRole('banner').boundingBox();
      expect(line?.height).toBe(40);
      // No word of the line is below another.
      const isOneLine = `[...document.querySelectorAll('.top-line > *')].every((part) => {
      const { top, bottom, width } = part.getBoundingClientRect();
      return width <= 1 || getComputedStyle(part).display === 'none' || (top >= 0 && bottom <= 40);
    })`;
      expect(await page.evaluate(isOneLine)).toBe(true);
      const numbers = page.locator('main td[data-at], [aria-label=Strength] .number');
      const boxes = await Promise.all((await numbers.all()).map((one) => one.boundingBox()));
      const tops = boxes.flatMap((box) => (box && box.y >= 0 ? [box.y + box.height] : []));
      expect(Math.min(...tops)).toBeLessThan(100);
      const overflow = `['scrollWidth', 'scrollHeight'].map((side, at) =>
      document.documentElement[side] - [innerWidth, innerHeight][at])`;
      expect(await page.evaluate(overflow)).toEqual([0, 0]);
      await keepScreenshot(page, `shell-${viewport.width}`);
      expectWell(view);
    },
  );

  it('finds pairs and views by keys, keeps views by name, and marks favourites', async () => {
    const view = await open(app);
    const { page } = view;
    await view.open();
    const cell = await view.cell('BTC', 'USDT');
    await cell.focus();
    const at = await cell.getAttribute('data-at');
    const search = page.getByRole('combobox', { name: 'Search assets, pairs and views' });
    await page.keyboard.press('/');
    await search.fill('ethbtc');
    await page.getByRole('option', { name: 'ETH/BTC' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'palette');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('base=ETH&quote=BTC');
    expect(await page.evaluate('document.activeElement.dataset.at')).toBe(at);

    await page.getByRole('button', { name: 'Favourite ETH/BTC' }).click();
    await page.keyboard.press('/');
    const options = page.getByRole('option');
    expect(await options.first().textContent()).toBe('ETH/BTC ★ pair');
    await search.fill('My pair');
    await page.getByRole('option', { name: 'Save what is looked at' }).click();
    await page.keyboard.press('?');
    await expect.poll(() => page.url()).toContain('view=help');
    await page.keyboard.press('/');
    await search.fill('wallet');
    await page.keyboard.press('Enter');
    await page.getByTestId('wallet-value').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
    await view.goTo('Wallet');
    await page.keyboard.press('/');
    await search.fill('my p');
    await page.keyboard.press('Enter');
    await page.getByRole('grid').waitFor();
    expect(page.url()).toContain('base=ETH&quote=BTC');

    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Rename My pair' }).click();
    await page.getByRole('textbox', { name: 'New name of My pair' }).fill('Ether');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Ether', exact: true }).waitFor();
    await view.open();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Remove Ether' }).click();
    await expect.poll(() => page.getByRole('link', { name: 'Ether', exact: true }).count()).toBe(0);
    // Letters do nothing once single keys are off.
    await page.getByLabel('Single keys as shortcuts').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.press('?');
    expect(await search.count()).toBe(0);
    expect(page.url()).not.toContain('view=help');
    expect(view.faults).toEqual([]);
  });
});
