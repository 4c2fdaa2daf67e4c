import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Universe } from '../../domain/asset.js';
import type { TickerReading } from '../../domain/frame.js';
import {
  readAccount,
  readKlines,
  readListed,
  readServerTime,
  readTickers,
  type ReadAnswer,
} from './answers.js';
import { DeadlineError, StatusError } from './failures.js';
import type { MinuteCloses, MinuteRange } from '../../market/close-source.js';
import type { Listed } from './listed.js';
import type { Account } from './parse.js';
import { Transport, type Question } from './transport.js';

/** Binance's own address, which the library uses where none is given. */
export const BINANCE_API = 'https://api.binance.com';

const RECV_WINDOW_MS = 5_000;

/** The most bytes of each kind of answer; what Binance answers is a small part of it. */
const MAX_BYTES = {
  time: 64 * 1024,
  exchangeInfo: 32 * 1024 * 1024,
  tickers: 16 * 1024 * 1024,
  account: 1024 * 1024,
  klines: 1024 * 1024,
} as const;

/** One call: what the library is to do, and how its answer is read. */
interface Call<T> {
  readonly ask: () => Promise<unknown>;
  readonly maxBytes: number;
  readonly read: ReadAnswer<T>;
  readonly signal: AbortSignal;
}

type Payload = Readonly<Record<string, string | number | boolean>>;

/** The part of binance-api-node that is used. */
interface Library {
  time(): Promise<unknown>;
  exchangeInfo(payload?: Payload): Promise<unknown>;
  dailyStats(payload?: Payload): Promise<unknown>;
  accountInfo(payload: Payload): Promise<unknown>;
  candles(payload: Payload): Promise<unknown>;
}

interface LibraryOptions {
  readonly apiKey?: string;
  readonly apiSecret?: string;
  readonly httpBase?: string;
  readonly getTime: () => number;
}

type CreateLibrary = (options: LibraryOptions) => Library;

/** What the library calls to fetch an address. */
type Fetch = (
  url: string,
  init: { readonly headers: Readonly<Record<string, string>> },
) => Promise<{ readonly ok: true; text(): Promise<string> }>;

/** The call that the library is making. */
const underWay = new AsyncLocalStorage<Fetch>();

const createLibrary = loadLibrary((url, init) => {
  const fetch = underWay.getStore();
  if (!fetch) throw new Error(`a call outside of a client: ${new URL(url).pathname}`);
  return fetch(url, init);
});

/**
 * Loads the library with a `fetch` of ours in place of node-fetch, which it takes no other way:
 * node-fetch follows redirects with the API key and the signed query, has no bound and no deadline,
 * and the library drops the status and the headers of an error.
 */
function loadLibrary(fetch: Fetch): CreateLibrary {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('binance-api-node');
  const requireOfLibrary = createRequire(entry);
  const nodeFetch: unknown = requireOfLibrary('node-fetch');
  const fetchModule = require.cache[requireOfLibrary.resolve('node-fetch')] as NodeJS.Module;
  // One that was loaded before holds the fetch of that time.
  const folder = path.dirname(entry) + path.sep;
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(folder)) delete require.cache[file];
  }
  fetchModule.exports = { default: fetch };
  try {
    return (require(entry) as { default: CreateLibrary }).default;
  } finally {
    fetchModule.exports = nodeFetch;
  }
}

export interface BinanceClientOptions {
  /** Without a trailing slash; null is Binance's own. */
  readonly httpBase: string | null;
  readonly keys: { readonly apiKey: string; readonly secretKey: string } | null;
  readonly timeoutMs: number;
  /** The exchange's clock, for signed calls: milliseconds since 1970. */
  readonly exchangeTime: () => number;
}

/**
 * Binance's REST calls: binance-api-node addresses and signs them, {@link Transport} makes them,
 * each under a deadline. Their rejections are those of failures.ts.
 */
export class BinanceClient {
  readonly #library: Library;
  readonly #transport = new Transport();
  readonly #timeoutMs: number;
  #usedWeight: number | null = null;

  constructor({ httpBase, keys, timeoutMs, exchangeTime }: BinanceClientOptions) {
    this.#timeoutMs = timeoutMs;
    this.#library = createLibrary({
      httpBase: httpBase ?? BINANCE_API,
      ...(keys && { apiKey: keys.apiKey, apiSecret: keys.secretKey }),
      getTime: exchangeTime,
    });
  }

  time(signal: AbortSignal): Promise<number> {
    const ask = () => this.#library.time();
    return this.#call({ ask, maxBytes: MAX_BYTES.time, read: readServerTime, signal });
  }

  /** @param lean asks to leave out what is not needed, which not every server understands */
  exchangeInfo(universe: Universe, lean: boolean, signal: AbortSignal): Promise<Listed> {
    const payload = lean ? { symbolStatus: 'TRADING', showPermissionSets: false } : {};
    const ask = () => this.#library.exchangeInfo(payload);
    const read = readListed(universe);
    return this.#call({ ask, maxBytes: MAX_BYTES.exchangeInfo, read, signal });
  }

  /**
   * 24 h statistics of some symbols.
   * @param from asks for all that there are where it is `ALL`
   * @param tradingOnly asks for those alone that trade, which not every server understands
   */
  tickers(
    symbols: readonly string[],
    from: 'NAMED' | 'ALL',
    tradingOnly: boolean,
    signal: AbortSignal,
  ): Promise<TickerReading[]> {
    const payload = {
      // The library passes a list on wrongly: Binance wants it as JSON.
      ...(from === 'NAMED' && { symbols: JSON.stringify(symbols) }),
      ...(tradingOnly && { symbolStatus: 'TRADING' }),
    };
    const ask = () => this.#library.dailyStats(payload);
    return this.#call({ ask, maxBytes: MAX_BYTES.tickers, read: readTickers(symbols), signal });
  }

  account(signal: AbortSignal): Promise<Account> {
    const payload = { recvWindow: RECV_WINDOW_MS, omitZeroBalances: true };
    const ask = () => this.#library.accountInfo(payload);
    return this.#call({ ask, maxBytes: MAX_BYTES.account, read: readAccount, signal });
  }

  /** The first minutes of a range, at most so many. */
  klines(
    symbol: string,
    range: MinuteRange,
    limit: number,
    signal: AbortSignal,
  ): Promise<MinuteCloses> {
    const { from, to } = range;
    const payload = { symbol, interval: '1m', startTime: from, endTime: to - 1, limit };
    const ask = () => this.#library.candles(payload);
    return this.#call({ ask, maxBytes: MAX_BYTES.klines, read: readKlines(range), signal });
  }

  /** Request weight of the minute as the last answer stated it; null if none did. */
  usedWeight(): number | null {
    return this.#usedWeight;
  }

  /** Ends what is under way. */
  close(): void {
    this.#transport.close();
  }

  async #call<T>({ ask, maxBytes, read, signal: outer }: Call<T>): Promise<T> {
    const deadline = new AbortController();
    const end = (words: string) => deadline.abort(new DeadlineError(words));
    const onAbort = () => end('the attempt was ended');
    if (outer.aborted) onAbort();
    outer.addEventListener('abort', onAbort);
    const words = `no answer within ${this.#timeoutMs / 1000} s`;
    const timer = setTimeout(() => end(words), this.#timeoutMs);
    const { signal } = deadline;
    let answered: { readonly answer: T } | null = null;
    try {
      await underWay.run(async (url, { headers }) => {
        answered = { answer: await this.#get({ url, headers, signal, maxBytes, read }) };
        // The library would parse it once more, at once: some seconds for 15 MB. Of klines it wants a list.
        return { ok: true, text: () => Promise.resolve('[]') };
      }, ask);
    } finally {
      clearTimeout(timer);
      outer.removeEventListener('abort', onAbort);
    }
    if (!answered) throw new Error('binance-api-node did not make the call');
    return (answered as { readonly answer: T }).answer;
  }

  async #get<T>(question: Question<T>): Promise<T> {
    const answer = await this.#transport.get(question);
    const stated = answer.headers['x-mbx-used-weight-1m'];
    if (typeof stated === 'string' && /^\d{1,9}$/.test(stated)) this.#usedWeight = Number(stated);
    if (answer.ok) return answer.answer;
    throw new StatusError(answer.status, answer.headers, new TextDecoder().decode(answer.body));
  }
}
