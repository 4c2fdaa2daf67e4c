import { expect, it } from 'vitest';
import { describeWithBrowser } from '../support/browser.js';
import { hasFocus } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { useDashboards } from '../support/dashboards.js';
import { frameAt, observed, refused, ScriptedMarket } from '../support/scripted-market.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

const MINUTE = 60_000;
/** Afternoon in Berlin, an hour later than in UTC. */
const FIRST = Date.parse('2023-11-14T12:00:30Z');
const TURNS = 20;
/** After the tenth turn nothing comes for two hours. */
const BEFORE_GAP = 10;

/** A turn a minute, but for a gap, and none after the last: what is looked at stays the newest. */
function withGap(): ScriptedMarket {
  const market = new ScriptedMarket((n) => {
    if (n > BEFORE_GAP && n <= BEFORE_GAP + 2)
      return refused('EXCHANGE_TIMEOUT', 'no answer in 5 s');
    const turn = n > BEFORE_GAP ? n - 2 : n;
    if (turn > TURNS) return refused('EXCHANGE_TIMEOUT', 'no answer in 5 s');
    const gap = turn > BEFORE_GAP ? 120 * MINUTE : 0;
    return observed(frameAt(FIRST + (turn - 1) * MINUTE + gap, turn));
  });
  return Object.assign(market, { intervalFor: () => MINUTE });
}

describeWithBrowser('time in the dashboard', () => {
  const { serve, open } = useDashboards(database);

  it('is gone through by moments, by turns and over a gap, by pointer, keys and words', async () => {
    const app = await serve({}, withGap());
    await turnReached(app, TURNS);
    const view = await open(app, { timezoneId: 'Europe/Berlin' });
    await view.open('?track=all');
    const { page } = view;
    const slider = page.getByRole('slider', { name: 'Moment' });
    const words = () => slider.getAttribute('aria-valuetext');
    await expect.poll(words).toBe('14 Nov 2023 15:19:30 UTC+1, turn 20, the newest');
    await expect.poll(() => page.locator('.tick').allTextContents()).toContain('14:00');

    // The gap is where time is missing, and says why.
    const gap = page.locator('.track .gap');
    await expect.poll(() => gap.count()).toBe(1);
    const track = await slider.boundingBox();
    const hole = await gap.boundingBox();
    if (!track || !hole) throw new Error('the track is not on the page');
    expect(hole.width / track.width).toBeCloseTo(121 / 139, 1);
    await page.mouse.move(hole.x + hole.width / 2, hole.y + 2);
    const tip = page.locator('.track .tip');
    await expect
      .poll(() => tip.textContent())
      .toMatch(/Nothing stored for 2 h 1 min, .*no answer in 5 s \(EXCHANGE_TIMEOUT, 2 turns\)\./);

    // A place in the gap is the last turn before it; the keys go turn by turn, and over it.
    await page.mouse.down();
    await page.mouse.up();
    await expect.poll(() => view.turn()).toBe(BEFORE_GAP);
    await expect.poll(words).toBe('14 Nov 2023 13:09:30 UTC+1, turn 10');
    await slider.press('ArrowRight');
    await expect.poll(words).toContain('turn 11, Nothing stored for 2 h 1 min');
    await slider.press('ArrowLeft');
    // A page goes from the moment that is shown.
    await expect.poll(words).toBe('14 Nov 2023 13:09:30 UTC+1, turn 10');
    await slider.press('PageUp');
    await expect.poll(() => view.turn()).toBe(BEFORE_GAP + 1);
    await slider.press('Home');
    await expect.poll(() => view.turn()).toBe(1);
    await slider.press('End');
    await expect.poll(() => view.turn()).toBe(TURNS);
    expect(page.url()).not.toContain('turn=');

    // The other clock, everywhere.
    const clock = page.locator('.clock time');
    expect(await clock.textContent()).toBe('14 Nov 2023 15:19:30');
    await page.getByRole('button', { name: 'Show UTC' }).click();
    expect(await clock.textContent()).toBe('14 Nov 2023 14:19:30');
    expect(await words()).toContain('14:19:30 UTC, turn 20');
    expect(await page.locator('.tick').allTextContents()).toContain('13:00');
    await page.reload();
    await expect.poll(() => clock.textContent()).toBe('14 Nov 2023 14:19:30');
    expect(view.faults).toEqual([]);
  });

  it('is typed as a time or a turn, and says in place what cannot be found', async () => {
    const app = await serve({}, withGap());
    await turnReached(app, TURNS);
    const view = await open(app, { timezoneId: 'Europe/Berlin' });
    await view.open('?track=all');
    const { page } = view;
    const cell = await view.cell('BTC', 'USDT');
    await cell.focus();
    await page.keyboard.press('t');
    const input = page.getByLabel('Type a time or a turn');
    const isAsked = () => hasFocus(input);
    expect(await isAsked()).toBe(true);
    const type = async (text: string): Promise<void> => {
      await input.fill(text);
      await input.press('Enter');
    };
    const alert = page.locator('.ask [role=alert]');
    for (const [text, said] of [
      ['soon', '“soon” is no time and no turn.'],
      ['999', 'Turn 999 is not stored: 1 to 20 are.'],
      ['2023-11-14 16:00', 'The newest turn is of 14 Nov 2023 15:19:30'],
      ['-1d', 'Nothing is stored from before 14 Nov 2023 13:00:30.'],
    ] as const) {
      await type(text);
      await expect.poll(() => alert.textContent()).toContain(said);
      expect(await input.getAttribute('aria-invalid')).toBe('true');
    }
    await input.press('Escape');
    expect(await isAsked()).toBe(false);
    expect(await hasFocus(cell)).toBe(true);
    expect(await alert.count()).toBe(0);

    // Where nothing is stored at a time, the last turn before it, with a word of it.
    await page.keyboard.press('t');
    await type('14:00');
    await expect.poll(() => view.turn()).toBe(BEFORE_GAP);
    await page.getByText('The last turn before that is of 14 Nov 2023 13:09:30.').waitFor();
    await page.keyboard.press('t');
    await type('15:15');
    await expect.poll(() => view.turn()).toBe(15);
    await page.keyboard.press('t');
    await type('7');
    await expect.poll(() => view.turn()).toBe(7);
    expect(new URL(page.url()).searchParams.get('turn')).toBe('7');
    await page.keyboard.press('t');
    await type('now');
    await expect.poll(() => view.turn()).toBe(TURNS);
    expect(view.faults).toEqual([]);

    // What was not answered may be stored all the same.
    const clock = page.locator('.clock');
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('query TurnMoment') ? route.abort() : route.continue(),
    );
    await view.open('?turn=3&track=all');
    await clock.getByText('not read').waitFor();
    await page.unroute('**/graphql');
    await view.open('?turn=999&track=all');
    await clock.getByText('not stored').waitFor();
  });
});
