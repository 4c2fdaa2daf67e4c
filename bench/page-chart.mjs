// A chart of a day of a pair in the browser: from the click on its cell until it is on screen.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { openHistory } from './history-database.mjs';
import { median, startServer } from './measure.mjs';

/** A day of turns, 8 seconds apart. */
const DAY_TURNS = 10_800;
const INTERVAL_MS = 8_000;
const ASSETS = 9;
const CELL = 'td[data-at="1:0"]';

/**
 * Clicks a cell and waits for the frame in which its chart has something drawn: a chart that says when its
 * last value was has its data, and the frame after that is painted.
 */
const CLICK = `new Promise((resolve) => {
  const begun = performance.now();
  document.querySelector('${CELL}').click();
  const look = () => {
    const chart = document.querySelector('.price-chart [role=slider]');
    const text = chart?.getAttribute('aria-valuetext') ?? 'no values';
    if (text === 'no values' || !chart.querySelector('canvas')) return requestAnimationFrame(look);
    requestAnimationFrame(() => resolve(performance.now() - begun));
  };
  requestAnimationFrame(look);
})`;

/** @param browser a launched one */
export async function benchPageChart(browser, quick) {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'dynamics-bench-'));
  try {
    await fill(dataDir);
    const server = await startServer('whole', ASSETS, INTERVAL_MS, 0, { DATA_DIR: dataDir });
    try {
      return await clicks(browser, `http://127.0.0.1:${server.port}/`, quick);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The day before now. */
async function fill(dataDir) {
  const log = pino({ level: 'silent' });
  const start = Date.now() - DAY_TURNS * INTERVAL_MS;
  const history = await openHistory({ dataDir, assets: ASSETS, count: DAY_TURNS, log, start });
  try {
    await history.seal();
  } finally {
    await history.close();
  }
}

async function clicks(browser, url, quick) {
  const times = [];
  for (let round = 0; round < (quick ? 3 : 9); round++) {
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1440, height: 900 },
    });
    const page = await context.newPage();
    await page.goto(url);
    await page.locator(CELL).waitFor();
    // What the page loads once it has nothing else to do.
    await page.waitForTimeout(1_500);
    times.push(await page.evaluate(CLICK));
    await context.close();
  }
  const sorted = times.toSorted((a, b) => a - b);
  return {
    turns: DAY_TURNS,
    clicks: times.length,
    'on screen ms, first': times[0],
    median: median(times),
    worst: sorted.at(-1),
  };
}
