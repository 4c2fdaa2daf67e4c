import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchApp, type RunningApp } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectWell, useDashboards, VIEWS } from '../support/dashboards.js';
import { IS_DRAWN } from '../support/is-drawn.mjs';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

describeWithBrowser('the dashboard in a browser', () => {
  const { open } = useDashboards(database);

  describe('is without faults for whoever cannot see it as drawn', () => {
    let app: RunningApp;
    beforeAll(async () => {
      app = await launchApp({
        MONGO_URI: database.engine.uri,
        DATABASE_NAME: `dashboard_views_${process.pid}`,
        DATA_DIR: database.dataDir,
        CYCLE_INTERVAL_MS: '1000',
      });
      await turnReached(app, 2);
    });
    afterAll(() => app.stop());

    it.each(Object.entries(VIEWS))(
      'in the view %s: in both themes, wide and as a phone',
      async (name, search) => {
        const view = await open(app, { reducedMotion: 'reduce' });
        const { page } = view;
        await view.open(search);
        for (const [width, height, colorScheme] of [
          [1280, 860, 'light'],
          [1280, 860, 'dark'],
          [390, 800, 'dark'],
        ] as const) {
          await page.setViewportSize({ width, height });
          await page.emulateMedia({ colorScheme });
          await page.locator('main :is(table, canvas, dl, ul, article, .note)').first().waitFor();
          const found = await accessibilityFaults(page);
          expect({ colorScheme, width, found }).toEqual({ colorScheme, width, found: [] });
          const overflow = 'document.documentElement.scrollWidth - window.innerWidth';
          expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
          await keepScreenshot(page, `${name}-${colorScheme}-${width}`);
        }
        expect(view.faults).toEqual([]);
      },
    );

    it.each(['light', 'dark'] as const)(
      'says in high contrast, %s, what is pressed, chosen, strong and drawn',
      async (colorScheme) => {
        const view = await open(app, { colorScheme, forcedColors: 'active' });
        await view.open('?base=ETH&quote=BTC');
        const { page } = view;
        const styleOf = (selector: string, property: string) =>
          page.evaluate<string>(
            `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`,
          );
        await page.locator('.strength-bar').first().waitFor();
        const pressed = await styleOf('main [aria-pressed=true]', 'backgroundColor');
        expect(pressed).not.toBe(await styleOf('main [aria-pressed=false]', 'backgroundColor'));
        expect(await styleOf('.views [aria-current]', 'backgroundColor')).toBe(pressed);
        expect(await styleOf('td.chosen', 'outlineStyle')).toBe('solid');
        expect(await styleOf('td:not(.chosen)', 'borderBottomStyle')).toBe('solid');
        const back = await styleOf('body', 'backgroundColor');
        for (const drawn of ['.strength-bar', '.play-icon', '.dot']) {
          expect([drawn, await styleOf(drawn, 'backgroundColor')]).not.toEqual([drawn, back]);
        }
        const isDrawn = `(${IS_DRAWN})(document.querySelector('aside canvas'))`;
        await expect.poll(() => page.evaluate(isDrawn)).toBe(true);
        await keepScreenshot(page, `high-contrast-${colorScheme}`);
        expectWell(view);
      },
    );

    it('works by keys alone: past the head, through the cells, into a pair', async () => {
      const view = await open(app);
      await view.open();
      await view.page.getByRole('grid').waitFor();
      await view.page.keyboard.press('Tab');
      expect(await view.page.evaluate('document.activeElement.textContent')).toBe(
        'Skip to the content',
      );
      await view.page.keyboard.press('Enter');
      const at = () => view.page.evaluate('document.activeElement?.dataset.at ?? null');
      for (let press = 0; press < 30 && (await at()) === null; press++) {
        await view.page.keyboard.press('Tab');
      }
      await expect.poll(at).toBe('0:0');
      await view.page.keyboard.press('ArrowRight');
      await expect.poll(at).toBe('0:1');
      await view.page.getByTestId('details').getByText('USDT/BTC').waitFor();
      await view.page.keyboard.press('Enter');
      await view.page.getByRole('heading', { name: 'USDT/BTC' }).waitFor();
      expectWell(view);
    });
  });
});
