import type { IncomingMessage, ServerResponse } from 'node:http';
import { DEFAULT_WEIGHT_LIMIT, WEIGHT } from '../binance/weight.js';
import { answerAccount, apiError, ok, type Answer, type ExchangeAccount } from './account.js';
import { exchangeInfo } from './exchange-info.js';
import { faultyKlines, faultyTickers, type Fault, type Faults } from './faults.js';
import type { ExchangeFeed } from './feed.js';
import { klineRow, readKlineQuery } from './klines.js';
import { askedSymbols, isAnswer, NAME_RULE, type SymbolRules } from './symbols.js';
import { bookTicker, dayTicker, priceTicker, tickersWeight } from './tickers.js';
import { isWireFault, send, sendFault } from './wire.js';

const MINUTE_MS = 60_000;

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
  /** Is told of what kept it from an answer; the client is only told that something did. */
  readonly onError?: (error: unknown) => void;
}

const UNSUPPORTED = apiError(404, -1020, 'This operation is not supported.');
/** What Binance says where it fails itself. */
const INTERNAL = apiError(
  503,
  -1001,
  'Internal error; unable to process your request. Please try again.',
);

/** Binance's spot REST API over a feed of prices: what it answers, and what weight it counts. */
export class ExchangeApi {
  readonly #feed: ExchangeFeed;
  readonly #account: ExchangeAccount | null;
  readonly #weightLimit: number;
  readonly #rules: SymbolRules;
  readonly #faults: Faults;
  readonly #onError: (error: unknown) => void;
  #minute = 0;
  #used = 0;

  constructor(options: ExchangeApiOptions, faults: Faults) {
    this.#feed = options.feed;
    this.#account = options.account ?? null;
    this.#weightLimit = options.weightLimit ?? DEFAULT_WEIGHT_LIMIT;
    this.#rules = {
      parameters: options.parameters ?? 'UNDERSTOOD',
      nameRule: options.nameRule ?? NAME_RULE,
    };
    this.#faults = faults;
    this.#onError = options.onError ?? (() => undefined);
  }

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: string,
  ): Promise<void> {
    const met = this.#faults.meet(path);
    const answer = await this.#answered(request, path, query, met);
    const fault = met.find(isWireFault);
    if (fault) return sendFault(fault, answer, request, response);
    response.setHeader('x-mbx-used-weight-1m', String(this.#used));
    send(response, answer.status, JSON.stringify(answer.body));
  }

  #now(): number {
    return Math.floor(this.#feed.now()) + this.#faults.skewMs;
  }

  async #answered(
    request: IncomingMessage,
    path: string,
    query: string,
    met: readonly Fault[],
  ): Promise<Answer> {
    try {
      await this.#feed.load?.();
      return await this.#answer(request, path, query, met);
    } catch (error) {
      this.#onError(error);
      return INTERNAL;
    }
  }

  #answer(
    request: IncomingMessage,
    path: string,
    query: string,
    met: readonly Fault[],
  ): Answer | Promise<Answer> {
    const parameters = new URLSearchParams(query);
    switch (path) {
      case '/api/v3/ping':
        return this.#weighed(1, () => ok({}));
      case '/api/v3/time':
        return this.#weighed(WEIGHT.time, () => ok({ serverTime: this.#now() }));
      case '/api/v3/exchangeInfo':
        return this.#weighed(WEIGHT.exchangeInfo, () => this.#exchangeInfo(parameters));
      case '/api/v3/ticker/24hr':
        return this.#tickers(parameters, met, dayTicker, tickersWeight);
      case '/api/v3/ticker/price':
        return this.#tickers(parameters, met, priceTicker, lastWeight);
      case '/api/v3/ticker/bookTicker':
        return this.#tickers(parameters, met, bookTicker, lastWeight);
      case '/api/v3/klines':
        return this.#klines(parameters, request, met);
      case '/api/v3/account':
        return this.#weighed(WEIGHT.account, () => this.#accountOf(request, query));
      default:
        return UNSUPPORTED;
    }
  }

  /** Counts the weight of a call by the minutes of the exchange's clock. */
  #weighed<T>(weight: number, answer: () => T): T | Answer {
    const minute = Math.floor(this.#now() / MINUTE_MS);
    if (minute !== this.#minute) this.#used = 0;
    this.#minute = minute;
    this.#used += weight;
    if (this.#used <= this.#weightLimit) return answer();
    const words = `Too much request weight used; current limit is ${this.#weightLimit} request weight per 1 MINUTE.`;
    return apiError(429, -1003, words);
  }

  #accountOf({ headers }: IncomingMessage, query: string): Answer {
    const key = headers['x-mbx-apikey'];
    const apiKey = typeof key === 'string' ? key : undefined;
    return answerAccount(this.#account, apiKey, query, this.#now());
  }

  #exchangeInfo(parameters: URLSearchParams): Answer {
    const named = askedSymbols(parameters, this.#feed.listings(), this.#rules);
    if (isAnswer(named)) return named;
    const limits = { serverTime: this.#now(), weightLimit: this.#weightLimit };
    return ok(exchangeInfo(named.listings, limits));
  }

  #tickers(
    parameters: URLSearchParams,
    met: readonly Fault[],
    shape: (row: object | null) => object | null,
    weightOf: (asked: number | undefined) => number,
  ): Answer {
    const named = askedSymbols(parameters, this.#feed.listings(), this.#rules);
    if (isAnswer(named)) return named;
    return this.#weighed(weightOf(named.asked), () => {
      const shown = named.listings.map(({ symbol }) => symbol);
      const rows = faultyTickers(this.#feed, this.#now(), shown, met).map(shape);
      return ok(named.isOne ? rows[0] : rows);
    });
  }

  async #klines(
    parameters: URLSearchParams,
    { socket }: IncomingMessage,
    met: readonly Fault[],
  ): Promise<Answer> {
    const asked = readKlineQuery(parameters, this.#feed.listings(), this.#rules);
    if (isAnswer(asked)) return asked;
    return this.#weighed(WEIGHT.klines, async () => {
      const klines = this.#feed.klines?.(asked, () => socket.destroyed);
      return klines ? ok(faultyKlines((await klines).map(klineRow), met)) : UNSUPPORTED;
    });
  }
}

/** Of prices and of the best bid and ask: Binance's price for one symbol, and for several or all. */
function lastWeight(asked: number | undefined): number {
  return asked === 1 ? 2 : 4;
}
