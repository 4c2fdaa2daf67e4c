// The dashboard in a browser: how much it loads, how soon it shows a matrix, how soon a push is
// painted, how soon a pair's day is drawn, how smoothly a large matrix scrolls while it is pushed to, and
// what a page holds that is kept open.
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { launchChromium } from '../test/support/chromium.mjs';
import { IS_DRAWN } from '../test/support/is-drawn.mjs';
import { median, startServer } from './measure.mjs';
import { keptOpen, untilServed } from './page-kept-open.mjs';

const ASSETS = new URL('../dist/dashboard/assets/', import.meta.url);

/** The assets of a large universe. */
const LARGE = 300;
/** The turns of a day, one every 8 seconds. */
const DAY = 10_800;

/**
 * Notes when a cycle comes in, when the page shows it, and how many frames are painted until then.
 * `requestAnimationFrame` calls back before a frame is painted: one that finds the new turn in the
 * page is the frame that paints it.
 */
const WATCH_PUSHES = `
  window.paints = [];
  const Original = window.WebSocket;
  window.WebSocket = class extends Original {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => {
        const turn = /"cycleCompleted":\\{"turn":(\\d+)/.exec(data)?.[1];
        if (turn === undefined) return;
        const begun = performance.now();
        let frames = 0;
        const look = () => {
          frames++;
          const label = document.querySelector('[role=grid]')?.getAttribute('aria-label') ?? '';
          if (label.endsWith('turn ' + turn)) {
            window.paints.push({ frames, ms: performance.now() - begun });
          } else if (frames < 60) requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    }
  };`;

/**
 * Opens the pair's view, and waits until a chart has a line or candles: something that is not grey. The
 * frame that is asked for after that has painted it.
 */
const OPEN_PAIR = `new Promise((resolve) => {
  const isDrawn = ${IS_DRAWN};
  const begun = performance.now();
  document.querySelector('nav[aria-label=Views] a[href*="view=pair"]').click();
  const look = () => {
    const canvas = document.querySelector('main canvas');
    if (isDrawn(canvas)) requestAnimationFrame(() => resolve(performance.now() - begun));
    else requestAnimationFrame(look);
  };
  look();
})`;

/** Scrolls down and right, a little in every frame, and notes the time between frames. */
const SCROLL = `new Promise((resolve) => {
  const map = document.querySelector('.heatmap');
  const times = [];
  let last = performance.now();
  const step = (now) => {
    times.push(now - last);
    last = now;
    map.scrollTop = (map.scrollTop + 24) % (map.scrollHeight - map.clientHeight);
    map.scrollLeft = (map.scrollLeft + 16) % (map.scrollWidth - map.clientWidth);
    if (times.length < 300) requestAnimationFrame(step);
    else resolve(times.slice(1));
  };
  requestAnimationFrame(step);
})`;

/** @param {{ quick: boolean }} options */
export async function benchPage({ quick }) {
  const browser = await launchChromium();
  try {
    return [
      { title: 'page: scripts, bytes', rows: [await scriptBytes()] },
      {
        title: 'page: first matrix and pushes, N = 9',
        rows: [await firstAndPushes(browser, quick)],
      },
      {
        title: 'page: from the click to the day of a pair',
        rows: [await dayOfPair(browser, quick)],
      },
      { title: 'page: scrolling while cycles are pushed', rows: [await scrolling(browser, quick)] },
      { title: 'page: kept open, N = 9', rows: await keptOpen(browser, quick) },
    ];
  } finally {
    await browser.close();
  }
}

async function scriptBytes() {
  const files = (await readdir(ASSETS)).filter((name) => name.endsWith('.js'));
  const contents = await Promise.all(files.map((name) => readFile(new URL(name, ASSETS))));
  const styles = (await readdir(ASSETS)).filter((name) => name.endsWith('.css'));
  const styled = await Promise.all(styles.map((name) => readFile(new URL(name, ASSETS))));
  const total = (sizes) => sizes.reduce((sum, size) => sum + size, 0);
  const page = await readFile(fileURLToPath(new URL('../index.html', ASSETS)), 'utf8');
  const first = contents.filter((_, index) => page.includes(files[index]));
  return {
    files: files.length,
    'all, as they are': total(contents.map((content) => content.length)),
    'all, compressed': total(contents.map((content) => gzipSync(content).length)),
    'at first, compressed': total(first.map((content) => gzipSync(content).length)),
    'styles, compressed': total(styled.map((content) => gzipSync(content).length)),
  };
}

async function firstAndPushes(browser, quick) {
  const server = await startServer('whole', 9, 500);
  const url = `http://127.0.0.1:${server.port}/`;
  await untilServed(url);
  const loads = [];
  const paints = [];
  for (let round = 0; round < (quick ? 3 : 7); round++) {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.addInitScript(WATCH_PUSHES);
    await page.goto(url, { waitUntil: 'commit' });
    await page.locator('td[data-at]').first().waitFor();
    // When the cell was there, by the page's own clock from its start on.
    loads.push(
      await page.evaluate('new Promise((r) => requestAnimationFrame(() => r(performance.now())))'),
    );
    const pushes = quick ? 5 : 10;
    while ((await page.evaluate('window.paints.length')) < pushes) await page.waitForTimeout(100);
    paints.push(...(await page.evaluate('window.paints')));
    await context.close();
  }
  await server.stop();
  const within = paints.filter(({ frames }) => frames <= 2).length;
  return {
    loads: loads.length,
    'first matrix ms': median(loads),
    pushes: paints.length,
    'to paint ms': median(paints.map(({ ms }) => ms)),
    'frames, median': median(paints.map(({ frames }) => frames)),
    'within two frames %': (100 * within) / paints.length,
  };
}

/** The day before a stored turn; with the view's file loaded at the click, and with it there. */
async function dayOfPair(browser, quick) {
  const stored = quick ? 1_000 : DAY;
  const server = await startServer('whole', 9, 2_000, stored);
  const url = `http://127.0.0.1:${server.port}/`;
  await untilServed(url);
  const times = { first: [], again: [] };
  for (let round = 0; round < (quick ? 3 : 7); round++) {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    for (const which of ['first', 'again']) {
      if (which === 'first') await page.goto(`${url}?turn=${stored}&base=BTC&quote=USDT`);
      else await page.goBack();
      await page.locator('td[data-at]').first().waitFor();
      times[which].push(await page.evaluate(OPEN_PAIR));
    }
    await context.close();
  }
  await server.stop();
  return {
    turns: stored,
    rounds: times.first.length,
    'ms, first': median(times.first),
    'ms, again': median(times.again),
  };
}

/** The heatmap against a table that is just there: as smoothly as this browser scrolls anything. */
async function scrolling(browser, quick) {
  const server = await startServer('whole', LARGE, 2_000);
  const url = `http://127.0.0.1:${server.port}/`;
  await untilServed(url);
  const options = { locale: 'en-GB', viewport: { width: 1280, height: 860 } };
  const page = await browser.newPage(options);
  await page.goto(url);
  await page.locator('td[data-at]').first().waitFor();
  const still = await browser.newPage(options);
  await still.setContent(stillTable());
  const times = { heatmap: [], baseline: [] };
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    await page.bringToFront();
    times.heatmap.push(...(await page.evaluate(SCROLL)));
    await still.bringToFront();
    times.baseline.push(...(await still.evaluate(SCROLL)));
  }
  await page.close();
  await still.close();
  await server.stop();
  const [heatmap, baseline] = [times.heatmap, times.baseline].map((frames) =>
    frames.toSorted((a, b) => a - b),
  );
  const rate = (frames) => (1_000 * frames.length) / frames.reduce((sum, time) => sum + time, 0);
  return {
    N: LARGE,
    frames: heatmap.length,
    'frame ms, median': median(heatmap),
    'frame ms, 95 %': heatmap[Math.floor(heatmap.length * 0.95)],
    'frames a second': rate(heatmap),
    'of a still table': rate(baseline),
    ratio: rate(heatmap) / rate(baseline),
  };
}

function stillTable() {
  const cells = (row) =>
    Array.from({ length: LARGE }, (_, column) => `<td>${((row * column) / 7).toFixed(2)}</td>`);
  const rows = Array.from({ length: LARGE }, (_, row) => `<tr>${cells(row).join('')}</tr>`);
  return `<style>.heatmap { width: 1248px; height: 420px; overflow: auto }
    td { min-width: 88px; height: 30px }</style>
    <div class="heatmap"><table>${rows.join('')}</table></div>`;
}
