import type { SymbolListing } from '../../domain/asset.js';
import { isZero, plainDecimal, shortened, type Decimal } from '../../domain/decimal.js';
import type { TickerReading } from '../../domain/frame.js';
import { nameSome } from '../../name-some.js';
import { nonZero, type Balance } from '../../domain/wallet.js';

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

export function isObject(value: unknown): value is Fields {
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

/** One symbol; null where it is not well-formed. */
export function parseListing(entry: Fields): SymbolListing | null {
  const { symbol, status, baseAsset, quoteAsset } = entry;
  if (!isName(symbol) || !isName(baseAsset) || !isName(quoteAsset)) return null;
  if (typeof status !== 'string') return null;
  const tickSize = parseTickSize(entry['filters']);
  return { symbol, status, baseAsset, quoteAsset, ...(tickSize !== null && { tickSize }) };
}

/** Null where none is stated; 0 states that prices have no step. */
function parseTickSize(filters: unknown): Decimal | null {
  if (!Array.isArray(filters)) return null;
  const filter = filters.filter(isObject).find((one) => one['filterType'] === 'PRICE_FILTER');
  const tickSize = plainDecimal(filter?.['tickSize']);
  return tickSize === null || isZero(tickSize) ? null : shortened(tickSize);
}

/** The exchange's names hold no space; some are not of ASCII. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[^\s\p{Cc}]{1,64}$/u.test(value);
}

/** Request weight allowed a minute; null where it is not stated. */
export function parseWeightLimit(rateLimits: unknown): number | null {
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

/** Reads `GET /api/v3/ticker/24hr` in pieces: the tickers of some symbols, or of all, one a symbol. */
export class TickersReading {
  readonly #wanted: ReadonlySet<string> | null;
  readonly #readings = new Map<string, TickerReading>();

  constructor(symbols: readonly string[] | null) {
    this.#wanted = symbols && new Set(symbols);
  }

  add(row: unknown): void {
    if (!isObject(row) || !isName(row['symbol'])) return;
    const { symbol } = row;
    if (this.#wanted === null || this.#wanted.has(symbol)) {
      this.#readings.set(symbol, parseTicker(symbol, row));
    }
  }

  /** @throws {MalformedAnswerError} if it was no list */
  done(isList: boolean): TickerReading[] {
    if (!isList) throw new MalformedAnswerError('ticker/24hr: not a list');
    return [...this.#readings.values()];
  }
}

/** What cannot be read as a number becomes NaN. */
function parseTicker(symbol: string, row: Fields): TickerReading {
  return {
    symbol,
    last: decimalToNumber(row['lastPrice']),
    open: decimalToNumber(row['openPrice']),
    bid: decimalToNumber(row['bidPrice']),
    ask: decimalToNumber(row['askPrice']),
    quoteVolume: decimalToNumber(row['quoteVolume']),
    closeTime: typeof row['closeTime'] === 'number' ? row['closeTime'] : NaN,
  };
}

/**
 * Reads a whole `GET /api/v3/ticker/24hr`.
 * @throws {MalformedAnswerError} if it is no list.
 */
export function parseTickers(answer: unknown): TickerReading[] {
  const reading = new TickersReading(null);
  if (Array.isArray(answer)) for (const row of answer as readonly unknown[]) reading.add(row);
  return reading.done(Array.isArray(answer));
}

/** Prices are decimal text; servers that follow Binance's write numbers and `7.9e-06` too. */
function decimalToNumber(value: unknown): number {
  return Number(plainDecimal(value) ?? NaN);
}

/** A balance that cannot be read. */
export interface OddBalance {
  /** Null where even that is not told. */
  readonly asset: string | null;
  /** What is wrong, with the text that was given. */
  readonly fault: string;
}

/** What an account holds, and what could not be read of it. */
export interface Account {
  readonly balances: readonly Balance[];
  readonly odd: readonly OddBalance[];
}

/**
 * Reads the balances of `GET /api/v3/account`, digit for digit; zero totals are left out.
 * @throws {MalformedAnswerError} if it holds no list of balances
 */
export function parseAccount(answer: unknown): Account {
  const entries = isObject(answer) ? answer['balances'] : undefined;
  if (!Array.isArray(entries)) throw new MalformedAnswerError('account: no list of balances');
  const balances = new Map<string, Balance>();
  const odd = new Map<string | null, OddBalance>();
  for (const entry of entries as readonly unknown[]) {
    const read = parseBalance(entry);
    const { asset } = read;
    const isRepeated = asset !== null && (balances.delete(asset) || odd.has(asset));
    if (isRepeated) odd.set(asset, { asset, fault: 'is there twice' });
    else if ('fault' in read) odd.set(asset, read);
    else balances.set(read.asset, read);
  }
  if (balances.size === 0 && odd.size === 1 && odd.has(null)) {
    throw new MalformedAnswerError('account: no entry is a balance');
  }
  return { balances: nonZero([...balances.values()]), odd: [...odd.values()] };
}

function parseBalance(entry: unknown): Balance | OddBalance {
  const { asset, free, locked } = isObject(entry) ? entry : {};
  if (!isName(asset)) return { asset: null, fault: quote(entry) };
  const [exactFree, exactLocked] = [plainDecimal(free), plainDecimal(locked)];
  if (exactFree !== null && exactLocked !== null) {
    return { asset, free: exactFree, locked: exactLocked };
  }
  return { asset, fault: exactFree === null ? `free ${quote(free)}` : `locked ${quote(locked)}` };
}

/** Says what cannot be read, with the texts. */
export function oddWords(odd: readonly OddBalance[]): string {
  return nameSome(odd.map(({ asset, fault }) => `${asset ?? 'no asset'} ${fault}`));
}

const LONGEST_QUOTE = 40;

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}

/**
 * Reads `GET /api/v3/time`: milliseconds since 1970.
 * @throws {MalformedAnswerError} if it is no time.
 */
export function parseServerTime(answer: unknown): number {
  const time = isObject(answer) ? answer['serverTime'] : undefined;
  if (typeof time === 'number' && Number.isSafeInteger(time) && time > 0) return time;
  throw new MalformedAnswerError('time: not a time');
}
