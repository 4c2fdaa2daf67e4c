import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SymbolListing } from '../../domain/asset.js';
import { DEFAULT_WEIGHT_LIMIT, tickerWeight, WEIGHT } from '../binance/weight.js';
import { answerAccount, apiError, type Answer, type ExchangeAccount } from './account.js';
import { faultyTickers, type Fault, type Faults } from './faults.js';
import type { ExchangeFeed } from './feed.js';
import { isWireFault, send, sendFault } from './wire.js';

const MINUTE_MS = 60_000;
const MAX_SYMBOLS = 100;
const NAME_RULE = /^[\p{L}\p{N}_.-]{1,40}$/u;

export interface ExchangeApiOptions {
  readonly feed: ExchangeFeed;
  /** The account behind the signed calls; without one every key is wrong. */
  readonly account?: ExchangeAccount;
  /** Request weight allowed a minute. */
  readonly weightLimit?: number;
  /** What it makes of `symbolStatus` and `showPermissionSets`; Binance understands them. */
  readonly parameters?: 'UNDERSTOOD' | 'IGNORED' | 'REFUSED';
  /** Its rule for each name in `symbols`. */
  readonly nameRule?: RegExp;
}

const UNKNOWN_PARAMETER = apiError(
  400,
  -1104,
  'Not all sent parameters were read; read fewer than were sent.',
);

/** Binance's spot REST API over a feed of prices: what it answers, and what weight it counts. */
export class ExchangeApi {
  readonly #feed: ExchangeFeed;
  readonly #account: ExchangeAccount | null;
  readonly #weightLimit: number;
  readonly #parameters: NonNullable<ExchangeApiOptions['parameters']>;
  readonly #nameRule: RegExp;
  readonly #faults: Faults;
  #minute = 0;
  #used = 0;

  constructor(options: ExchangeApiOptions, faults: Faults) {
    this.#feed = options.feed;
    this.#account = options.account ?? null;
    this.#weightLimit = options.weightLimit ?? DEFAULT_WEIGHT_LIMIT;
    this.#parameters = options.parameters ?? 'UNDERSTOOD';
    this.#nameRule = options.nameRule ?? NAME_RULE;
    this.#faults = faults;
  }

  handle(request: IncomingMessage, response: ServerResponse, path: string, query: string): void {
    const met = this.#faults.meet(path);
    const answer = this.#answer(request, path, query, met);
    const fault = met.find(isWireFault);
    if (fault) return sendFault(fault, answer, request, response);
    response.setHeader('x-mbx-used-weight-1m', String(this.#used));
    send(response, answer.status, JSON.stringify(answer.body));
  }

  #now(): number {
    return Math.floor(this.#feed.now()) + this.#faults.skewMs;
  }

  #answer(request: IncomingMessage, path: string, query: string, met: readonly Fault[]): Answer {
    const parameters = new URLSearchParams(query);
    switch (path) {
      case '/api/v3/ping':
        return this.#weighed(1, () => ok({}));
      case '/api/v3/time':
        return this.#weighed(WEIGHT.time, () => ok({ serverTime: this.#now() }));
      case '/api/v3/exchangeInfo':
        return this.#weighed(WEIGHT.exchangeInfo, () => this.#exchangeInfo(parameters));
      case '/api/v3/ticker/24hr':
        return this.#tickers(parameters, met);
      case '/api/v3/account': {
        const key = request.headers['x-mbx-apikey'];
        return this.#weighed(WEIGHT.account, () =>
          answerAccount(
            this.#account,
            typeof key === 'string' ? key : undefined,
            query,
            this.#now(),
          ),
        );
      }
      default:
        return {
          status: 404,
          body: { timestamp: this.#now(), status: 404, error: 'Not Found', path },
        };
    }
  }

  /** Counts the weight of a call by the minutes of the exchange's clock. */
  #weighed(weight: number, answer: () => Answer): Answer {
    const minute = Math.floor(this.#now() / MINUTE_MS);
    if (minute !== this.#minute) this.#used = 0;
    this.#minute = minute;
    this.#used += weight;
    if (this.#used <= this.#weightLimit) return answer();
    const words = `Too much request weight used; current limit is ${this.#weightLimit} request weight per 1 MINUTE.`;
    return apiError(429, -1003, words);
  }

  #exchangeInfo(parameters: URLSearchParams): Answer {
    const status = parameters.get('symbolStatus');
    if (this.#refuses(parameters)) return UNKNOWN_PARAMETER;
    const listings = this.#feed.listings().filter((listing) => this.#has(listing, status));
    return ok({
      timezone: 'UTC',
      serverTime: this.#now(),
      rateLimits: [
        {
          rateLimitType: 'REQUEST_WEIGHT',
          interval: 'MINUTE',
          intervalNum: 1,
          limit: this.#weightLimit,
        },
      ],
      exchangeFilters: [],
      symbols: listings.map(({ tickSize, ...listing }) => ({
        ...listing,
        ...(tickSize !== undefined && { filters: [priceFilter(tickSize)] }),
        baseAssetPrecision: 8,
        quoteAssetPrecision: 8,
        isSpotTradingAllowed: true,
        permissions: ['SPOT'],
      })),
    });
  }

  #refuses(parameters: URLSearchParams): boolean {
    const isThere = parameters.has('symbolStatus') || parameters.has('showPermissionSets');
    return this.#parameters === 'REFUSED' && isThere;
  }

  #has(listing: SymbolListing, status: string | null): boolean {
    return status === null || this.#parameters === 'IGNORED' || listing.status === status;
  }

  #tickers(parameters: URLSearchParams, met: readonly Fault[]): Answer {
    const listings = new Map(this.#feed.listings().map((listing) => [listing.symbol, listing]));
    const one = parameters.get('symbol');
    const some = parameters.get('symbols');
    const asked = one !== null ? [one] : some === null ? undefined : parseSymbols(some);
    if (this.#refuses(parameters)) return UNKNOWN_PARAMETER;
    if (asked === null || asked?.some((symbol) => !this.#nameRule.test(symbol))) {
      return apiError(400, -1100, "Illegal characters found in parameter 'symbols'.");
    }
    if (asked?.some((symbol) => !listings.has(symbol))) {
      return apiError(400, -1121, 'Invalid symbol.');
    }
    const status = parameters.get('symbolStatus');
    const shown = (asked ?? [...listings.keys()]).filter((symbol) => {
      const listing = listings.get(symbol);
      return listing && this.#has(listing, status);
    });
    if (asked?.length === 1 && shown.length === 0) {
      return apiError(400, -1220, 'The symbol is not in the requested status.');
    }
    const weight = asked && asked.length > MAX_SYMBOLS ? 80 : tickersWeight(asked?.length);
    return this.#weighed(weight, () => {
      const rows = faultyTickers(this.#feed, this.#now(), shown, met).map((row) => complete(row));
      return ok(one !== null ? rows[0] : rows);
    });
  }
}

function priceFilter(tickSize: string) {
  return { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: '1000000000', tickSize };
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** Binance's price for one call: 2 up to 20 symbols, 40 up to 100, 80 beyond or for all. */
function tickersWeight(count: number | undefined): number {
  if (count === undefined) return 80;
  return count <= 20 ? tickerWeight(count) : 40;
}

function parseSymbols(text: string): string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    const valid =
      Array.isArray(list) && list.length > 0 && list.every((name) => typeof name === 'string');
    return valid ? list : null;
  } catch {
    return null;
  }
}

/** Adds the fields that follow from the others. */
function complete(row: object | null): object | null {
  if (row === null || !('lastPrice' in row) || !('openPrice' in row)) return row;
  const change = Number(row.lastPrice) - Number(row.openPrice);
  return {
    ...row,
    priceChange: change.toFixed(8),
    priceChangePercent: ((100 * change) / Number(row.openPrice)).toFixed(3),
  };
}
