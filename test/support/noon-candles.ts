import { MINUTE } from './recordings.js';

const START = Date.UTC(2022, 10, 8, 12);

/** So many minutes after the noon at which the candles begin. */
export const at = (minutes: number): number => START + minutes * MINUTE;

/** One candle as Binance's dumps have it, which moves from one price to another. */
export function candle(minute: number, open: string, close: string): string {
  const high = Math.max(Number(open), Number(close));
  const low = Math.min(Number(open), Number(close));
  return `${at(minute)},${open},${high},${low},${close},2,${at(minute + 1) - 1},100.5,7,1,50,0`;
}
