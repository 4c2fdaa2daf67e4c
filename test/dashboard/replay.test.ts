import { expect, it } from 'vitest';
import { describeWithBrowser } from '../support/browser.js';
import { accessibilityFaults, keepScreenshot } from '../support/dashboard.js';
import { expectWell, useDashboards } from '../support/dashboards.js';
import { useDatabase } from '../support/database.js';
import { folderWith, MINUTE, minuteCandle } from '../support/recordings.js';
import { playedOut } from '../support/replay.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();
const START = Date.UTC(2022, 10, 8, 12);
const MINUTES = 200;

/** A recording of BTC in USDT, a candle a minute. */
function recording(minutes: number): string {
  return folderWith({
    'BTCUSDT.csv': Array.from({ length: minutes }, (_, minute) =>
      minuteCandle(START + minute * MINUTE, String(18_000 + minute)),
    ),
  });
}

describeWithBrowser('a replay in a browser', () => {
  const { serve, open } = useDashboards(database);
  const settings = (minutes: number) => ({
    ...{ EXCHANGE: 'replay', REPLAY_PATH: recording(minutes), REPLAY_SPEED: 'step' },
    ASSETS: 'USDT,BTC',
  });

  it('has the clock of the recording, and how far it is', async () => {
    const app = await serve(settings(MINUTES));
    await turnReached(app, 2);
    const view = await open(app, { timezoneId: 'Asia/Tokyo', locale: 'en-GB' });
    const { page } = view;
    await view.open();
    await view.turnAfter(2);
    const clock = page.locator('.clock');
    const moment = clock.locator('time');
    // Turn n is the candle that closed n minutes after the start.
    const at = async (): Promise<number> =>
      Date.parse((await moment.getAttribute('datetime')) ?? '');
    expect(await at()).toBeGreaterThan(START);
    expect(await at()).toBeLessThanOrEqual(START + MINUTES * MINUTE);
    expect(await moment.textContent()).toMatch(/8 Nov 2022.* 2[1-3]:\d\d|9 Nov 2022.* 0\d:\d\d/);
    await clock.getByRole('button').click();
    expect(await moment.textContent()).toMatch(/8 Nov 2022.* 1[2-5]:\d\d/);
    const played = page.getByRole('meter', { name: 'Of the recording' });
    const part = async (): Promise<number> => Number(await played.getAttribute('value'));
    const before = await part();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(1);
    await expect.poll(part, { timeout: 30_000 }).toBeGreaterThan(before);
    expect(await accessibilityFaults(page)).toEqual([]);
    await keepScreenshot(page, 'replay');
    expectWell(view);
  });

  it('that is over says so, and stays at its last moment', async () => {
    const app = await serve({ ...settings(5), CYCLE_INTERVAL_MS: '50' });
    await playedOut(app);
    const view = await open(app, { timezoneId: 'UTC', locale: 'en-GB' });
    const { page } = view;
    await view.open();
    const played = page.getByRole('meter', { name: 'Of the recording' });
    await played.waitFor();
    expect(await played.getAttribute('value')).toBe('1');
    expect(await page.locator('.clock time').textContent()).toContain('8 Nov 2022');
    await view.open('?view=status');
    await page
      .locator('main')
      .getByText(/recording.* is over/i)
      .first()
      .waitFor();
    expectWell(view);
  });
});
