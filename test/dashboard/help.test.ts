import { expect, it } from 'vitest';
import { query } from '../support/app.js';
import { describeWithBrowser } from '../support/browser.js';
import { hasFocus } from '../support/dashboard.js';
import { useDatabase } from '../support/database.js';
import { useDashboards } from '../support/dashboards.js';
import { frameAt, observed, refused, ScriptedMarket } from '../support/scripted-market.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();

interface Cell {
  readonly values: readonly (readonly number[])[];
}
interface Figures {
  readonly cycle: Readonly<Record<'delta' | 'percent' | 'pct' | 'quantid' | 'mid', Cell>> & {
    readonly assets: readonly Readonly<
      Record<'symbol', string> & Record<'quant' | 'strength', number>
    >[];
    readonly aux: Readonly<Record<'shift' | 'grt' | 'imprint' | 'luggage', number>>;
    readonly consistency: { readonly maxBps: number };
  };
}

const CELL = 'bases: ["BTC"], quotes: ["USDT"]) { values }';
const FIGURES = `query ($turn: Int!) {
  cycle(turn: $turn) {
    delta: matrix(kind: ID_DELTA, ${CELL}
    percent: matrix(kind: ID_PERCENT, ${CELL}
    pct: matrix(kind: ID_PCT, ${CELL}
    quantid: matrix(kind: QUANTID, ${CELL}
    mid: matrix(kind: ID_BENCHMARK, price: MID, ${CELL}
    assets { symbol quant strength }
    aux { shift grt imprint luggage }
    consistency { maxBps }
  }
}`;

describeWithBrowser('the help', () => {
  const { serve, open } = useDashboards(database);

  it('works each figure out with the numbers of a turn, and comes to what the API answers', async () => {
    const app = await serve();
    // Seconds are the shortest buckets, and a window needs four prices.
    const turn = await turnReached(app, 24);
    const view = await open(app);
    await view.open(`?view=help&turn=${turn}&base=BTC&quote=USDT`);
    const { page } = view;
    const outputs = page.locator('output[data-figure]');
    await outputs.first().waitFor();
    const shown: Record<string, number> = {};
    for (const output of await outputs.all()) {
      shown[(await output.getAttribute('data-figure')) as string] = Number(
        await output.getAttribute('data-value'),
      );
    }
    const { data } = await query<Figures>(app, FIGURES, { turn });
    const cycle = data?.cycle;
    if (!cycle) throw new Error(`turn ${turn} is not stored`);
    const only = ({ values }: Cell): number => values[0]?.[0] as number;
    const btc = cycle.assets.find(({ symbol }) => symbol === 'BTC');
    const { shift, grt, imprint } = cycle.aux;
    const answered: Record<string, number | undefined> = {
      ...{ delta: only(cycle.delta), percent: only(cycle.percent), pct: only(cycle.pct) },
      ...{ quantid: only(cycle.quantid), mid: only(cycle.mid) },
      ...{ quant: btc?.quant, strength: btc?.strength },
      ...{ grt, imprint, consistency: cycle.consistency.maxBps },
      // Where the lead has just taken over there is nothing to take it against.
      ...('shift' in shown && { shift }),
      ...('luggage' in shown && { luggage: cycle.aux.luggage }),
    };
    for (const [name, value] of Object.entries(answered)) {
      expect(shown[name], name).toBeCloseTo(value ?? NaN, 8);
    }
    const windows = ['correlation', 'covariance', 'beta', 'volatility', 'attribution', 'path'];
    expect(Object.keys(shown)).toEqual(expect.arrayContaining(windows));
    // What the page works out and what the API answers are the same, for each of them.
    expect(await page.getByText('✓ as the API answers').count()).toBe(Object.keys(shown).length);
    expect(await page.locator('.example .fault').count()).toBe(0);
    expect(view.faults).toEqual([]);
  });

  it('explains a word where it stands, by key and pointer, and leads to all of it', async () => {
    // Never answers: the first turn stays under way.
    const market = new ScriptedMarket(() => new Promise(() => undefined));
    const app = await serve({}, market);
    const view = await open(app);
    await view.open();
    const { page } = view;
    await page.getByRole('heading', { name: 'No cycle is stored yet' }).waitFor();
    const term = page.locator('.first-minute').getByRole('link', { name: 'cycle', exact: true });
    await term.focus();
    const tooltip = page.getByRole('tooltip').filter({ hasText: 'What a turn has completed' });
    await tooltip.waitFor();
    await page.keyboard.press('Escape');
    await tooltip.waitFor({ state: 'hidden' });
    await term.hover();
    await tooltip.waitFor();
    await term.press('Enter');
    const figure = page.locator('#figure-cycle');
    await figure.waitFor();
    await expect.poll(() => hasFocus(figure)).toBe(true);
    await page.getByText('Once there is a cycle, each figure is worked out').waitFor();
    expect(view.faults).toEqual([]);
  });

  it('says what to try where the first turn fails, and gives way to the first cycle', async () => {
    const market = new ScriptedMarket(() => refused('EXCHANGE_UNREACHABLE'));
    const known = market.status();
    market.status = () => ({
      ...known,
      warnings: ['ASSETS: BTCC is not listed; BTC may be meant'],
      trouble: {
        code: 'NO_NAME',
        since: Date.now(),
        message: 'getaddrinfo ENOTFOUND',
        tryThis: ['BINANCE_HTTP_BASE names another server.', 'EXCHANGE=simulated needs none.'],
      },
    });
    const app = await serve({}, market);
    const view = await open(app);
    await view.open();
    const { page } = view;
    await page.getByRole('heading', { name: 'The exchange cannot be reached' }).waitFor();
    await page.getByText('getaddrinfo ENOTFOUND').waitFor();
    expect(await page.locator('.first-minute li').allTextContents()).toEqual([
      'BINANCE_HTTP_BASE names another server.',
      'EXCHANGE=simulated needs none.',
    ]);
    await page.locator('.first-minute').getByText('BTC may be meant').waitFor();
    await page.getByRole('button', { name: /warning/ }).click();
    await page.getByRole('dialog', { name: 'Warnings' }).getByText('BTC may be meant').waitFor();
    await page.keyboard.press('Escape');
    market.status = () => known;
    market.answerWith((n) => observed(frameAt(Date.now(), n)));
    await page.getByRole('grid').waitFor();
    expect(
      await page.getByRole('heading', { name: 'The exchange cannot be reached' }).count(),
    ).toBe(0);
    expect(view.faults).toEqual([]);
  });
});
