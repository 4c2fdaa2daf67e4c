/**
 * Request weights of Binance's spot API (its documentation of 2026-07), counted by IP address and
 * minute.
 */
export const WEIGHT = { exchangeInfo: 20, account: 20, time: 1 } as const;

/** Weight allowed a minute where `exchangeInfo` does not say otherwise. */
export const DEFAULT_WEIGHT_LIMIT = 6000;

/** `ticker/24hr` costs 2 for up to this many symbols. */
const CHUNK_SIZE = 20;
const CHUNK_WEIGHT = 2;
const ALL_TICKERS_WEIGHT = 80;

/** The calls of `ticker/24hr` that read some symbols: lists of them, or all that there are. */
export type TickerPlan =
  | { readonly kind: 'CHUNKS'; readonly chunks: readonly (readonly string[])[] }
  | { readonly kind: 'ALL' };

/** The cheapest calls that read these symbols. */
export function planTickers(symbols: readonly string[]): TickerPlan {
  if (tickerWeight(symbols.length) >= ALL_TICKERS_WEIGHT) return { kind: 'ALL' };
  const chunks: string[][] = [];
  for (let at = 0; at < symbols.length; at += CHUNK_SIZE) {
    chunks.push(symbols.slice(at, at + CHUNK_SIZE));
  }
  return { kind: 'CHUNKS', chunks };
}

/** Weight of the cheapest calls that read so many symbols. */
export function tickerWeight(symbolCount: number): number {
  return Math.min(Math.ceil(symbolCount / CHUNK_SIZE) * CHUNK_WEIGHT, ALL_TICKERS_WEIGHT);
}

/** Weight of one observation: the tickers, and the account where there is one. */
export function observationWeight(symbolCount: number, withAccount: boolean): number {
  return tickerWeight(symbolCount) + (withAccount ? WEIGHT.account : 0);
}
