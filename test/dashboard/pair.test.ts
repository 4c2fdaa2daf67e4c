import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startProxy } from '../chaos/proxy.mjs';
import { query, type RunningApp } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { expectNoGap, expectWell, useDashboards } from '../support/dashboards.js';
import { frameAt, observed, refused, ScriptedMarket } from '../support/scripted-market.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();
const EVERY_MS = 300;
/** After so many turns the exchange was away for a minute. */
const TURNS_BEFORE_GAP = 12;

/** Turns as far apart as they are to be, with one gap of a minute, and its reason. */
function market(): ScriptedMarket {
  const from = Date.now() - 300_000;
  return new ScriptedMarket((n) => {
    if (n === TURNS_BEFORE_GAP + 1) return refused('EXCHANGE_TIMEOUT', 'no answer in time');
    const gap = n > TURNS_BEFORE_GAP ? 60_000 : 0;
    return observed(frameAt(from + n * EVERY_MS + gap, n));
  });
}

/** What a table of numbers has: the turn and the value of each row, the newest first. */
async function numbers(page: Page): Promise<readonly (readonly [turn: string, value: string])[]> {
  // At once: rows come while they are read.
  await page.getByRole('region', { name: /as numbers/ }).waitFor();
  const rows = await page.evaluate<string[][]>(
    `[...document.querySelectorAll('.chart-numbers tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].map((cell) => cell.textContent))`,
  );
  return rows.map(([turn = '', value = '']) => [turn, value] as const);
}

/** The same by the API: turns and rates. */
async function stored(app: RunningApp): Promise<Map<string, string>> {
  const { data } = await query<{
    series: { lastTurns: number[]; lines: { values: number[] }[] };
  }>(
    app,
    `{ series(cells: [{ base: "BTC", quote: "USDT" }], from: "start", every: "turn", maxPoints: 5000) {
      lastTurns lines { values } } }`,
  );
  const { lastTurns = [], lines = [] } = data?.series ?? {};
  const format = new Intl.NumberFormat('en', { minimumFractionDigits: 0 });
  return new Map(
    lastTurns.map((turn, at) => [format.format(turn), format.format(lines[0]?.values[at] ?? NaN)]),
  );
}

const LINE = '?view=pair&base=BTC&quote=USDT&range=15m&shape=line';

describeWithBrowser('a pair in a browser', () => {
  const { serve, open } = useDashboards(database);

  it('is shown over time as it is stored, with its gaps and why, and misses no turn', async () => {
    const app = await serve({}, market());
    await turnReached(app, TURNS_BEFORE_GAP + 3);
    const network = await startProxy({ host: '127.0.0.1', port: Number(new URL(app.url).port) });
    const view = await open({ url: `http://127.0.0.1:${network.port}` });
    const { page } = view;
    try {
      await view.open(LINE);
      const chart = page.getByRole('slider', { name: 'BTC/USDT' });
      await chart.focus();
      // The gap is after the last turn before it, and says why there are none.
      const readout = page.locator('.price-chart .readout');
      const pointed = async () => (await readout.textContent()) ?? '';
      const press = (key: string) => page.keyboard.press(key);
      await expect.poll(() => press('Home').then(pointed)).toMatch(/turn 1\D/);
      for (let turn = 1; turn <= TURNS_BEFORE_GAP; turn++) {
        const before = await pointed();
        await press('ArrowRight');
        await expect.poll(pointed).not.toBe(before);
      }
      await expect.poll(pointed).toContain('No turn for');
      await expect.poll(pointed).toContain('no answer in time (1)');
      expect(await chart.getAttribute('aria-valuetext')).toContain('BTC/USDT –');
      await page.keyboard.press('Escape');

      await page.keyboard.press('n');
      const before = Number((await numbers(page))[0]?.[0]);
      network.set('cut');
      await page.getByText('Connection lost').waitFor();
      network.set('pass');
      await expect
        .poll(async () => Number((await numbers(page))[0]?.[0]))
        .toBeGreaterThan(before + 8);
      const shown = (await numbers(page)).filter(([turn]) => turn !== '–');
      const turns = shown.map(([turn]) => Number(turn));
      expect(turns).toEqual(turns.map((_, index) => (turns[0] ?? 0) - index));
      expect(turns.at(-1)).toBe(1);
      const known = await stored(app);
      expect(shown).toEqual(shown.map(([turn]) => [turn, known.get(turn)]));

      await page.keyboard.press('Escape');
      await expect.poll(() => page.evaluate('document.activeElement?.role')).toBe('slider');
    } finally {
      await network.stop();
    }
  });

  it('has its crosshairs in step, zooms by wheel, drag and keys, and goes back', async () => {
    const app = await serve({}, market());
    await turnReached(app, TURNS_BEFORE_GAP + 3);
    const view = await open(app);
    const { page } = view;
    await view.open('?view=pair&base=BTC&quote=USDT&range=15m');
    await expect
      .poll(() => page.locator('.pair-view [role=slider]:not([aria-valuetext*="–"])').count())
      .toBe(5);
    const over = page.locator('.price-chart .u-over');
    const { x = 0, y = 0, width = 0, height = 0 } = (await over.boundingBox()) ?? {};
    // Where the newest turns are: amid the gap, what is zoomed to would be a note that there are none.
    const at = x + width * 0.9;
    await page.mouse.move(at, y + height / 2);
    // All five are at the same moment, with or without a value there.
    await expect.poll(() => page.locator('.readout.pointed').count()).toBe(5);
    const places = await page.evaluate<number[]>(
      `[...document.querySelectorAll('.u-cursor-x')].map((line) =>
        Math.round(line.getBoundingClientRect().x))`,
    );
    expect(new Set(places).size).toBe(1);

    const shown = () => {
      const parameters = new URL(page.url()).searchParams;
      const [from, to] = ['from', 'to'].map((name) => Date.parse(parameters.get(name) ?? ''));
      return (to ?? NaN) - (from ?? NaN);
    };
    await page.mouse.wheel(0, -300);
    await expect.poll(shown).toBeGreaterThan(0);
    const zoomed = shown();
    await page.mouse.down();
    await page.mouse.move(at - width / 4, y + height / 2, { steps: 4 });
    await page.mouse.up();
    await expect.poll(shown).toBeLessThan(zoomed);
    const dragged = shown();
    await page.getByRole('slider', { name: 'BTC/USDT' }).focus();
    await page.keyboard.press('-');
    await expect.poll(shown).toBeGreaterThan(dragged);
    await page.mouse.dblclick(at, y + height / 2);
    await expect.poll(() => page.url()).not.toContain('from=');
    await page.getByRole('button', { name: '15m', pressed: true }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'pair-candles');
    expectWell(view);
  });

  it('is compared in percent, says where there is nothing, and is drawn anew in another theme', async () => {
    const app = await serve({}, market());
    await turnReached(app, TURNS_BEFORE_GAP + 3);
    const view = await open(app, { colorScheme: 'light' });
    const { page } = view;
    await view.open('?view=pair&base=BTC&quote=USDT&range=15m&compare=ETH/USDT');
    const chart = page.getByRole('slider', { name: 'BTC/USDT, ETH/USDT' });
    await expect.poll(() => chart.getAttribute('aria-valuetext')).toContain(' %');
    await chart.focus();
    await page.keyboard.press('Home');
    await expect
      .poll(() => chart.getAttribute('aria-valuetext'))
      .toContain('BTC/USDT 0.00 %, ETH/USDT 0.00 %');
    await page.getByRole('button', { name: 'More of the pair' }).click();
    await page.getByTitle('Without ETH/USDT').click();
    await page.getByRole('slider', { name: 'BTC/USDT', exact: true }).waitFor();

    await view.open(
      '?view=pair&base=BTC&quote=USDT&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z',
    );
    await page.getByText('No turn is stored in this range.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const drawn = () =>
      page.evaluate<string>("document.querySelector('.price-chart canvas').toDataURL()");
    const light = await drawn();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(drawn).not.toBe(light);
    await page.getByRole('button', { name: 'All that is stored' }).click();
    await expect.poll(() => page.getByText('No turn is stored').count()).toBe(0);
    await page.getByLabel('Base').selectOption('XRP');
    await page.getByText('No path of listed pairs joins the two assets.').waitFor();
    await page.getByRole('button', { name: 'Swap' }).click();
    await page.locator('#pair-title', { hasText: 'USDT/XRP' }).waitFor();
    expect(view.faults).toEqual([]);
  });

  it('has a bar of one line with nothing cut off, however wide it is', async () => {
    const app = await serve({}, market());
    await turnReached(app, TURNS_BEFORE_GAP + 3);
    const view = await open(app);
    const { page } = view;
    const range = `from=2026-11-24T14:00:00Z&to=2026-11-25T15:30:00Z`;
    const tellMe = page.getByRole('link', { name: 'Tell me when…' });
    for (const search of [LINE, `?view=pair&base=BTC&quote=USDT&${range}`]) {
      await view.open(search);
      for (const width of [1920, 1440, 1280, 1024, 390]) {
        await page.setViewportSize({ width, height: 860 });
        await page.getByRole('group', { name: 'Pair', exact: true }).waitFor();
        await expect
          .poll(() =>
            page.evaluate<string[]>(`(() => {
              const bar = document.querySelector('.pair-bar');
              const { right } = bar.getBoundingClientRect();
              return [...bar.querySelectorAll('button, select, a')]
                .filter((part) => part.getBoundingClientRect().right > right + 0.5)
                .map((part) => part.textContent);
            })()`),
          )
          .toEqual([]);
        const more = page.getByRole('button', { name: 'More of the pair' });
        // Without the list, Escape leaves the pair.
        if (await tellMe.isVisible()) continue;
        await more.click();
        await tellMe.waitFor();
        await page.keyboard.press('Escape');
      }
    }
    expectWell(view);
  });

  it('asks again for what the server did not answer, with a turn that comes', async () => {
    const app = await serve({}, market());
    await turnReached(app, TURNS_BEFORE_GAP + 3);
    const view = await open(app);
    const { page } = view;
    await page.route('**/graphql', (route) => {
      const body = route.request().postData() ?? '';
      const isOfKind = body.includes('query PairSeries(') && !body.includes('ID_BENCHMARK');
      return isOfKind ? route.abort() : route.fallback();
    });
    await view.open(LINE);
    const faults = page.locator('.kind-chart .fault');
    await expect.poll(() => faults.count()).toBe(4);
    await page.unroute('**/graphql');
    await expect.poll(() => faults.count()).toBe(0);
    await expect
      .poll(() => page.locator('.pair-view [role=slider]:not([aria-valuetext*="–"])').count())
      .toBe(5);
    expectNoGap(view);
  });
});
