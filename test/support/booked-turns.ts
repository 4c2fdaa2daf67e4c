import type { Holdings } from '../../src/domain/wallet.js';
import type { ScriptedApp } from './scripted-app.js';
import { frameAt, observed } from './scripted-market.js';

const HOLDINGS: Holdings = {
  source: 'PAPER',
  balances: [
    { asset: 'USDT', free: '100.50', locked: '0' },
    { asset: 'BTC', free: '0.5', locked: '0.25' },
    { asset: 'XRP', free: '10', locked: '0' },
  ],
};

/**
 * Runs turns 2 and 3. Turn 2 by hand: BTCUSDT bid 60900, last 61000, ask 61100; ETHBTC 0.049, 0.05, 0.051;
 * of ETHUSDT nothing is bid and asked. Turn 3 has other prices.
 */
export async function runBookedTurns(scripted: ScriptedApp): Promise<void> {
  const { observedAt, tickers } = frameAt(1_700_000_000_000 + 120_000);
  const books = [
    [60_900, 61_100],
    [0.049, 0.051],
    [0, 0],
  ];
  const booked = tickers.map((ticker, at) => {
    const [bid = 0, ask = 0] = books[at] ?? [];
    return { ...ticker, bid, ask };
  });
  scripted.market.answerWith(() => observed({ observedAt, tickers: booked }, HOLDINGS));
  await scripted.runTurns(1);
  scripted.market.answerWith(() => observed(frameAt(observedAt + 60_000, 7), HOLDINGS));
  await scripted.runTurns(1);
}
