import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { describeWithBrowser } from '../support/browser.js';
import { type DashboardPage } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { scripted, useDashboards } from '../support/dashboards.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

describeWithBrowser('the dashboard in a browser', () => {
  const { serve, open } = useDashboards(database);

  describe('has tools that', () => {
    async function atTurn(turn: number, search = ''): Promise<DashboardPage> {
      const app = await serve({}, scripted());
      await turnReached(app, turn);
      const view = await open(app);
      await view.open(`?turn=${turn}${search}`);
      await view.page.getByRole('grid').or(view.page.getByRole('table')).waitFor();
      return view;
    }

    it('transpose the matrix', async () => {
      const view = await atTurn(1);
      const before = await (await view.cell('BTC', 'USDT')).textContent();
      await view.more();
      await view.page.getByLabel('Transpose').check();
      const grid = view.page.getByRole('grid');
      expect(await grid.locator('.corner').textContent()).toBe('quote \\ base');
      expect(await (await view.cell('BTC', 'USDT')).textContent()).toBe(before);
      expect(await grid.locator('tbody tr').first().locator('td').nth(1).textContent()).toBe(
        before,
      );
      expect(view.page.url()).toContain('transposed=true');
      expect(view.faults).toEqual([]);
    });

    it('compare Δ between two turns', async () => {
      const view = await atTurn(4, '&kind=ID_DELTA');
      const { page } = view;
      await view.more();
      await page.getByLabel('Minus turn').fill('9');
      await page.getByText('a turn from 1 to 4').waitFor();
      await page.getByLabel('Minus turn').fill('1');
      await page.getByText(/\(turn 4\) minus .*\(turn 1\)/).waitFor();
      expect(await (await view.cell('BTC', 'USDT')).textContent()).toBe('+30');
      expect(await (await view.cell('ETH', 'USDT')).textContent()).toBe('−3.0');
      await page.getByRole('button', { name: 'Stop comparing' }).click();
      await expect.poll(async () => (await view.cell('BTC', 'USDT')).textContent()).toBe('+1,040');
      expect(view.faults).toEqual([]);
    });

    it('fade what is below a threshold', async () => {
      const view = await atTurn(1);
      const faded = async (base: string, quote: string) =>
        (await (await view.cell(base, quote)).getAttribute('class'))?.includes('faded');
      // Δ% of BTC is 1.68, that of ETH in USDT -0.36.
      await view.more();
      await view.page.getByLabel('At least ±').fill('1');
      await expect.poll(() => faded('ETH', 'USDT')).toBe(true);
      expect(await faded('BTC', 'USDT')).toBe(false);
      await view.page.getByLabel('At least ±').fill('much');
      await view.page.getByText('a number from 0 on').waitFor();
      expect(await faded('ETH', 'USDT')).toBe(false);
      expect(view.faults).toEqual([]);
    });

    it('list the pairs, sorted and searched', async () => {
      const view = await atTurn(1, '&layout=list');
      const { page } = view;
      const names = async () =>
        (await page.locator('.pair-list tbody tr').allTextContents()).map((text) =>
          text.replace(/ in .*/, ''),
        );
      expect(await names()).toHaveLength(12);
      await page.getByRole('button', { name: 'Value' }).click();
      const values = (await page.locator('.pair-list tbody td:nth-child(3)').allTextContents())
        .map((text) => parseFloat(text.replace('−', '-')))
        .filter((value) => !Number.isNaN(value));
      expect(values).toHaveLength(6);
      expect(values).toEqual(values.toSorted((a, b) => b - a));
      await page.getByLabel('Search pairs').fill('btc/');
      await page.getByText('3 pairs').waitFor();
      expect(await names()).toEqual(['BTC', 'BTC', 'BTC']);
      const waiting = page.waitForEvent('download');
      await view.more();
      await page.getByRole('button', { name: 'Download CSV' }).click();
      const csv = await readFile(await (await waiting).path(), 'utf8');
      expect(csv.trimEnd().split('\r\n')).toHaveLength(1 + 3);
      await page.getByRole('button', { name: 'BTC in USDT' }).click();
      await page.getByRole('heading', { name: 'BTC/USDT' }).waitFor();
      expect(view.faults).toEqual([]);
    });

    it('mark the inverse pair', async () => {
      const view = await atTurn(1);
      await view.more();
      await view.page.getByLabel('Mark the inverse pair').check();
      await view.page.keyboard.press('Escape');
      await (await view.cell('BTC', 'ETH')).hover();
      const mirror = await view.cell('ETH', 'BTC');
      await expect.poll(() => mirror.getAttribute('class')).toContain('mirror');
      expect(await view.page.locator('td.mirror').count()).toBe(1);
    });

    it('download what is seen, as JSON and as CSV', async () => {
      const view = await atTurn(2, '&kind=ID_BENCHMARK&filter=BTC%20USDT&transposed=true');
      const { page } = view;
      const download = async (button: string): Promise<{ name: string; text: string }> => {
        const waiting = page.waitForEvent('download');
        await page.getByRole('button', { name: button }).click();
        const file = await waiting;
        return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
      };
      await view.more();
      const json = await download('Download JSON');
      expect(json.name).toBe('dynamics-id_benchmark-turn-2.json');
      expect(JSON.parse(json.text)).toMatchObject({
        turn: 2,
        against: null,
        exchange: 'SIMULATED',
        kind: 'ID_BENCHMARK',
        unit: 'QUOTE_PER_BASE',
        transposed: true,
        bases: ['USDT', 'BTC'],
        quotes: ['USDT', 'BTC'],
        values: [
          [1, 61_020],
          [1 / 61_020, 1],
        ],
      });
      const csv = await download('Download CSV');
      expect(csv.text).toBe(
        `quote \\ base,USDT,BTC\r\nUSDT,1,61020\r\nBTC,${String(1 / 61_020)},1\r\n`,
      );
    });
  });
});
