/**
 * Request weights of Binance's spot API (its documentation of 2026-07), counted by IP address and
 * minute.
 */
export const WEIGHT = { exchangeInfo: 20, account: 20, time: 1, klines: 2 } as const;

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

const MINUTE_MS = 60_000;

/** Minutes since 1970. @param now milliseconds since 1970 */
export function minuteOf(now: number): number {
  return Math.floor(now / MINUTE_MS);
}

/** Keeps count of the weight used in a minute of the exchange's clock, as its answers state it. */
export class UsedWeight {
  #stated: { readonly weight: number; readonly minute: number } | null = null;

  /** @param now the exchange's clock, milliseconds since 1970 */
  update(weight: number, now: number): void {
    this.#stated = { weight, minute: minuteOf(now) };
  }

  /** Null before the exchange has stated any. */
  used(now: number): number | null {
    if (this.#stated === null) return null;
    return this.#stated.minute === minuteOf(now) ? this.#stated.weight : 0;
  }

  /**
   * Why the planned weight is too much for this minute, and how long the next one is off.
   * @param reserved what all instances use in this minute with what is planned; null if not known
   */
  shortfall(
    planned: number,
    reserved: number | null,
    limit: number,
    now: number,
  ): { message: string; waitMs: number } | null {
    const used = Math.max(this.used(now) ?? 0, (reserved ?? 0) - planned);
    if (used + planned <= limit) return null;
    return {
      message: `${used} of ${limit} request weight are used this minute, ${planned} more are needed`,
      waitMs: MINUTE_MS - (now % MINUTE_MS),
    };
  }
}
