import type { SymbolListing } from '../../domain/asset.js';
import { apiError, missingParameter, type Answer } from './account.js';
import { intervalNamed, type KlineInterval } from './intervals.js';
import { illegalCharacters, INVALID_SYMBOL, type SymbolRules } from './symbols.js';

/** What a request for candles asks for. Times are milliseconds since 1970. */
export interface KlineQuery {
  readonly symbol: string;
  readonly interval: KlineInterval;
  /** Only candles that open at or after this moment: the first of them. Null: the last ones. */
  readonly from: number | null;
  /** Only candles that open at or before this moment. */
  readonly to: number | null;
  readonly limit: number;
}

/** A candle: prices as decimal text. */
export interface Kline {
  /** Milliseconds since 1970. */
  readonly openTime: number;
  /** The last millisecond that belongs to it. */
  readonly closeTime: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
}

const DEFAULT_LIMIT = 500;
const MAX_LIMIT = 1000;
const NOT_KNOWN = '0.00000000';

/** Reads the parameters of `GET /api/v3/klines`; an error's answer where one of them is wrong. */
export function readKlineQuery(
  parameters: URLSearchParams,
  listings: readonly SymbolListing[],
  { nameRule }: SymbolRules,
): KlineQuery | Answer {
  const symbol = parameters.get('symbol');
  const intervalName = parameters.get('interval');
  if (!symbol) return missingParameter('symbol');
  if (!intervalName) return missingParameter('interval');
  if (!nameRule.test(symbol)) return illegalCharacters('symbol');
  if (!listings.some((listing) => listing.symbol === symbol)) return INVALID_SYMBOL;
  const interval = intervalNamed(intervalName);
  if (interval === null) return apiError(400, -1120, 'Invalid interval.');
  const numbers: Record<string, number | null> = {};
  for (const name of ['startTime', 'endTime', 'limit']) {
    const text = parameters.get(name);
    if (text !== null && !/^\d{1,15}$/.test(text)) return illegalCharacters(name);
    numbers[name] = text === null ? null : Number(text);
  }
  const limit = numbers['limit'] ?? DEFAULT_LIMIT;
  if (limit === 0) return apiError(400, -1130, "Data sent for parameter 'limit' is not valid.");
  return {
    symbol,
    interval,
    from: numbers['startTime'] ?? null,
    to: numbers['endTime'] ?? null,
    limit: Math.min(limit, MAX_LIMIT),
  };
}

/** A candle as the exchange writes it: what was traded in it is not known, and stands as 0. */
export function klineRow({ openTime, open, high, low, close, closeTime }: Kline): unknown[] {
  const volumes = [NOT_KNOWN, closeTime, NOT_KNOWN, 0, NOT_KNOWN, NOT_KNOWN, '0'];
  return [openTime, open, high, low, close, ...volumes];
}
