import { numberAt } from '../cells.js';
import type { Frame, Ticker } from '../frame.js';
import type { FrameColumns } from './frame-columns.js';

/**
 * The frame of one of the turns, by its index; the pairs that were loaded are all that it has. No
 * figure follows from the volumes, and they are not known.
 */
export function frameAt(
  { observedAt, pairs }: Pick<FrameColumns, 'observedAt' | 'pairs'>,
  index: number,
): Frame {
  const moment = numberAt(observedAt, index);
  const tickers: Ticker[] = [];
  for (const pair of pairs) {
    const last = numberAt(pair.last, index);
    if (Number.isNaN(last)) continue;
    tickers.push({
      symbol: pair.symbol,
      base: pair.base,
      quote: pair.quote,
      last,
      open: numberAt(pair.open, index),
      bid: numberAt(pair.bid, index),
      ask: numberAt(pair.ask, index),
      quoteVolume: NaN,
      closeTime: moment - numberAt(pair.lag, index),
    });
  }
  return { observedAt: moment, tickers };
}
