import { setImmediate as others } from 'node:timers/promises';
import { MAX_TICKER_AGE_MS } from '../../domain/frame.js';
import type { ExchangeFeed } from './feed.js';
import type { Kline, KlineQuery } from './klines.js';

/** After how many candles others are let in: some milliseconds. */
const SLICE = 1_000;

/**
 * Candles of what a feed knows at their ends: what was traded between is not known, so high and low are
 * those of the ends. A candle at whose end there was no price is left out. Of those there may be any number:
 * others are let in meanwhile.
 * @param early how long before its end the last price of a candle is known, milliseconds
 * @param isGone whether nobody waits for them any longer
 */
export async function knownKlines(
  feed: Pick<ExchangeFeed, 'now' | 'tickers'>,
  { symbol, interval, from, to, limit }: KlineQuery,
  early: number,
  isGone: () => boolean,
): Promise<Kline[]> {
  const now = Math.floor(feed.now());
  const last = interval.openOf(Math.min(to ?? now, now));
  const opens = interval.openOf(from ?? last);
  let openTime = from === null ? interval.shifted(last, 1 - limit) : opens;
  if (from !== null && opens < from) openTime = interval.shifted(opens, 1);
  let before = priceAt(feed, symbol, openTime - early);
  const klines: Kline[] = [];
  for (let count = 1; openTime <= last && klines.length < limit; count++) {
    if (count % SLICE === 0) {
      await others();
      if (isGone()) break;
    }
    const next = interval.shifted(openTime, 1);
    const close = priceAt(feed, symbol, Math.min(next - early, now));
    if (close !== null) {
      const open = before ?? close;
      const [low, high] = Number(open) < Number(close) ? [open, close] : [close, open];
      klines.push({ openTime, closeTime: next - 1, open, high, low, close });
    }
    before = close;
    openTime = next;
  }
  return klines;
}

/** Null where there is none, or it is of a day that is long over. */
function priceAt(feed: Pick<ExchangeFeed, 'tickers'>, symbol: string, at: number): string | null {
  const [ticker] = feed.tickers(at, [symbol]);
  if (!ticker || at - ticker.closeTime > MAX_TICKER_AGE_MS) return null;
  return Number(ticker.lastPrice) > 0 ? ticker.lastPrice : null;
}
