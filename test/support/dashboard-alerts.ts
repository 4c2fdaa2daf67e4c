import type { Page } from 'playwright-core';
import { query, type RunningApp } from './app.js';
import { frameAt, observed, ScriptedMarket } from './scripted-market.js';

/** The address at which a rule over the price of BTC is made. */
export const MAKE = '?view=alerts&make=cell&base=BTC&quote=USDT';

/** Between the two prices that BTC has in turn. */
export const LEVEL = 61_050;

/** BTC is at 61,000 for five turns, then at 61,100 for five, and so on. */
export function swinging(): ScriptedMarket {
  const from = Date.now() - 600_000;
  return new ScriptedMarket((n) => observed(frameAt(from + n * 1_000, n % 10 < 5 ? 0 : 10)));
}

/** A firing as it is stored. */
export interface Fired {
  readonly id: string;
  readonly turn: number;
}

/** The turns of the firings that are stored, in their order. */
export async function firedTurns(app: RunningApp): Promise<number[]> {
  const { data } = await query<{ alertFirings: { nodes: Fired[] } }>(
    app,
    '{ alertFirings(first: 100) { nodes { id turn } } }',
  );
  return (data?.alertFirings.nodes ?? []).map(({ turn }) => turn);
}

/** The turns of the firings that the page lists, in its order. */
export async function listedTurns(page: Page): Promise<number[]> {
  const texts = await page
    .getByRole('list', { name: 'Firings' })
    .locator('small')
    .allTextContents();
  return texts.map((text) => Number(/\d+/.exec(text)?.[0]));
}
