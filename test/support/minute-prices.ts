import type { ScriptedApp } from './scripted-app.js';
import { frameAt, observed } from './scripted-market.js';

/**
 * Runs a turn for each price but the first, which is that of the start; they are a minute apart, and each is the
 * last of its minute.
 * @param prices of each symbol, as many of one as of another
 */
export async function runMinutes(
  scripted: ScriptedApp,
  prices: Readonly<Record<string, readonly number[]>>,
): Promise<void> {
  const [{ length } = []] = Object.values(prices);
  let turn = 1;
  scripted.market.answerWith(() => {
    const at = Math.min(turn++, length - 1);
    const { observedAt, tickers } = frameAt(1_700_000_040_000 + turn * 60_000);
    return observed({
      observedAt,
      tickers: tickers.flatMap((ticker) => {
        const last = prices[ticker.symbol]?.[at];
        return last === undefined ? [] : [{ ...ticker, last }];
      }),
    });
  });
  await scripted.runTurns(length - 1);
}
