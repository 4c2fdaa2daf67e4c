// What a page of the dashboard holds that is kept open.
import { startServer } from './measure.mjs';

/**
 * What a page holds after a working day: 3,600 cycles are 8 hours of one every 8 seconds. The views are
 * open side by side, each in a process of its own.
 */
export async function keptOpen(browser, quick) {
  const server = await startServer('whole', 9, 50);
  const url = `http://127.0.0.1:${server.port}/`;
  await untilServed(url);
  const marks = quick ? [60, 120] : [600, 3_600];
  const views = ['', '?layout=list', '?view=pair&base=BTC&quote=USDT', '?view=wallet'];
  const rows = await Promise.all(views.map((view) => held(browser, url, view, marks)));
  await server.stop();
  return rows;
}

/** What a view holds after so many cycles. */
async function held(browser, url, view, marks) {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  const turn = async () =>
    Number((await page.getByTestId('turn').textContent()).replaceAll(/\D/g, ''));
  await page.goto(url + view);
  const row = { view: view || '?view=matrix' };
  const begun = await turn();
  for (const cycles of marks) {
    while ((await turn()) < begun + cycles) await page.waitForTimeout(200);
    // Rows come and go with each turn: what is not yet collected is not held.
    const looks = [];
    for (let look = 0; look < 5; look++) {
      await devtools.send('HeapProfiler.collectGarbage');
      const { usedSize } = await devtools.send('Runtime.getHeapUsage');
      looks.push({ MB: usedSize / 1e6, ...(await devtools.send('Memory.getDOMCounters')) });
      await page.waitForTimeout(200);
    }
    const least = (name) => Math.min(...looks.map((look) => look[name]));
    row[`MB after ${cycles}`] = least('MB');
    row[`nodes after ${cycles}`] = least('nodes');
    row[`listeners after ${cycles}`] = least('jsEventListeners');
  }
  await context.close();
  return row;
}

/** Until there is a turn to be looked at. */
export async function untilServed(url) {
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok && (await answer.json()).latestTurn !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
