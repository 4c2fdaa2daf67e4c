import { bucketOf, bucketStart, parseSpan } from '../../domain/series/span.js';

/** How long the candles of a request are. Moments are milliseconds since 1970. */
export interface KlineInterval {
  /** When the candle opens that a moment is in. */
  openOf(moment: number): number;
  /** When the candle opens that is so many after the one that a moment is in; before it, below 0. */
  shifted(moment: number, by: number): number;
}

const NAMES = ['1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h'];
const LONG_NAMES = ['1d', '3d', '1w'];

const MONTHS: KlineInterval = {
  openOf: (moment) => MONTHS.shifted(moment, 0),
  shifted(moment, by) {
    const day = new Date(moment);
    return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + by);
  },
};

/** The interval that Binance has under a name; null where it has none. */
export function intervalNamed(name: string): KlineInterval | null {
  if (name === '1M') return MONTHS;
  const span = parseSpan(name);
  if (typeof span !== 'number' || ![...NAMES, ...LONG_NAMES].includes(name)) return null;
  return {
    openOf: (moment) => bucketStart(bucketOf(moment, span), span),
    shifted: (moment, by) => bucketStart(bucketOf(moment, span) + by, span),
  };
}
