import type { SymbolListing } from '../domain/asset.js';
import { isDecimal, plainDecimal } from '../domain/decimal.js';
import type { TickerReading } from '../domain/frame.js';
import { nonZero, type Balance } from '../domain/wallet.js';

/** An answer of the exchange that does not have the shape its documentation promises. */
export class MalformedAnswerError extends Error {
  override readonly name = 'MalformedAnswerError';
}

/** What `exchangeInfo` says, as far as it matters here. */
export interface ExchangeInfo {
  readonly listings: readonly SymbolListing[];
  /** Request weight allowed a minute; null where it is not stated. */
  readonly weightLimit: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads `GET /api/v3/exchangeInfo`. Entries that are not well-formed are left out.
 * @throws {MalformedAnswerError} if there is no list of symbols, or nothing in it can be read.
 */
export function parseExchangeInfo(answer: unknown): ExchangeInfo {
  const symbols = isObject(answer) ? answer['symbols'] : undefined;
  if (!isObject(answer) || !Array.isArray(symbols)) {
    throw new MalformedAnswerError('exchangeInfo: no list of symbols');
  }
  const listings = symbols
    .filter(isObject)
    .map(parseListing)
    .filter((listing) => listing !== null);
  if (listings.length === 0) throw new MalformedAnswerError('exchangeInfo: no readable symbol');
  return { listings, weightLimit: parseWeightLimit(answer['rateLimits']) };
}

function parseListing(entry: Fields): SymbolListing | null {
  const { symbol, status, baseAsset, quoteAsset } = entry;
  if (!isName(symbol) || !isName(baseAsset) || !isName(quoteAsset)) return null;
  return typeof status === 'string' ? { symbol, status, baseAsset, quoteAsset } : null;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function parseWeightLimit(rateLimits: unknown): number | null {
  if (!Array.isArray(rateLimits)) return null;
  const limit = rateLimits
    .filter(isObject)
    .find(
      (entry) =>
        entry['rateLimitType'] === 'REQUEST_WEIGHT' &&
        entry['interval'] === 'MINUTE' &&
        entry['intervalNum'] === 1,
    )?.['limit'];
  return typeof limit === 'number' && limit > 0 ? limit : null;
}

/**
 * Reads `GET /api/v3/ticker/24hr`. What cannot be read as a number becomes NaN; rows without a
 * symbol are left out.
 * @throws {MalformedAnswerError} if it is no list.
 */
export function parseTickers(answer: unknown): TickerReading[] {
  if (!Array.isArray(answer)) throw new MalformedAnswerError('ticker/24hr: not a list');
  const readings: TickerReading[] = [];
  for (const row of answer as readonly unknown[]) {
    if (!isObject(row) || !isName(row['symbol'])) continue;
    readings.push({
      symbol: row['symbol'],
      last: decimalToNumber(row['lastPrice']),
      open: decimalToNumber(row['openPrice']),
      bid: decimalToNumber(row['bidPrice']),
      ask: decimalToNumber(row['askPrice']),
      quoteVolume: decimalToNumber(row['quoteVolume']),
      closeTime: typeof row['closeTime'] === 'number' ? row['closeTime'] : NaN,
    });
  }
  return readings;
}

/** Prices are decimal text; servers that follow Binance's write numbers and `7.9e-06` too. */
function decimalToNumber(value: unknown): number {
  return Number(plainDecimal(value) ?? NaN);
}

/**
 * Reads the balances of `GET /api/v3/account`, exactly as they are written; zero totals are left
 * out.
 * @throws {MalformedAnswerError} if any balance cannot be read: one too few is a wrong wallet.
 */
export function parseBalances(answer: unknown): Balance[] {
  const balances = isObject(answer) ? answer['balances'] : undefined;
  if (!Array.isArray(balances)) throw new MalformedAnswerError('account: no list of balances');
  const seen = new Set<string>();
  return nonZero(
    balances.map((entry: unknown) => {
      const { asset, free, locked } = isObject(entry) ? entry : {};
      if (!isName(asset) || !isAmount(free) || !isAmount(locked) || seen.has(asset)) {
        throw new MalformedAnswerError('account: a balance cannot be read');
      }
      seen.add(asset);
      return { asset, free, locked };
    }),
  );
}

function isAmount(value: unknown): value is string {
  return typeof value === 'string' && isDecimal(value);
}

/**
 * Reads `GET /api/v3/time`: milliseconds since 1970.
 * @throws {MalformedAnswerError} if it is no time.
 */
export function parseServerTime(answer: unknown): number {
  if (typeof answer === 'number' && Number.isSafeInteger(answer) && answer > 0) return answer;
  throw new MalformedAnswerError('time: not a time');
}
