import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AnswerKind } from './answers.js';
import { DeadlineError, StatusError } from './failures.js';
import { Transport } from './transport.js';

/** Binance's own address, which the library uses where none is given. */
export const BINANCE_API = 'https://api.binance.com';

const RECV_WINDOW_MS = 5_000;

/** The most bytes of each kind of answer; what Binance answers is a small part of it. */
const MAX_BYTES: Readonly<Record<AnswerKind, number>> = {
  time: 64 * 1024,
  exchangeInfo: 32 * 1024 * 1024,
  tickers: 16 * 1024 * 1024,
  account: 2 * 1024 * 1024,
};

type Payload = Readonly<Record<string, string | number | boolean>>;

/** The part of binance-api-node that is used. */
interface Library {
  time(): Promise<unknown>;
  exchangeInfo(payload?: Payload): Promise<unknown>;
  dailyStats(payload?: Payload): Promise<unknown>;
  accountInfo(payload: Payload): Promise<unknown>;
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
 * each under a deadline. They give the answer's bytes; rejections are those of failures.ts.
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

  time(signal: AbortSignal): Promise<Buffer> {
    return this.#call('time', () => this.#library.time(), signal);
  }

  /** @param lean asks to leave out what is not needed, which not every server understands */
  exchangeInfo(lean: boolean, signal: AbortSignal): Promise<Buffer> {
    const payload = lean ? { symbolStatus: 'TRADING', showPermissionSets: false } : {};
    return this.#call('exchangeInfo', () => this.#library.exchangeInfo(payload), signal);
  }

  /**
   * 24 h statistics of some symbols, or of all.
   * @param tradingOnly asks for those alone that trade, which not every server understands
   */
  tickers(
    symbols: readonly string[] | null,
    tradingOnly: boolean,
    signal: AbortSignal,
  ): Promise<Buffer> {
    const payload = {
      // The library passes a list on wrongly: Binance wants it as JSON.
      ...(symbols !== null && { symbols: JSON.stringify(symbols) }),
      ...(tradingOnly && { symbolStatus: 'TRADING' }),
    };
    return this.#call('tickers', () => this.#library.dailyStats(payload), signal);
  }

  account(signal: AbortSignal): Promise<Buffer> {
    const payload = { recvWindow: RECV_WINDOW_MS, omitZeroBalances: true };
    return this.#call('account', () => this.#library.accountInfo(payload), signal);
  }

  /** Request weight of the minute as the last answer stated it; null if none did. */
  usedWeight(): number | null {
    return this.#usedWeight;
  }

  /** Ends what is under way. */
  close(): void {
    this.#transport.close();
  }

  async #call(kind: AnswerKind, call: () => Promise<unknown>, outer: AbortSignal): Promise<Buffer> {
    const deadline = new AbortController();
    const end = (words: string) => deadline.abort(new DeadlineError(words));
    const onAbort = () => end('the attempt was ended');
    if (outer.aborted) onAbort();
    outer.addEventListener('abort', onAbort);
    const words = `no answer within ${this.#timeoutMs / 1000} s`;
    const timer = setTimeout(() => end(words), this.#timeoutMs);
    let body: Buffer | undefined;
    try {
      await underWay.run(async (url, { headers }) => {
        body = await this.#get(kind, url, headers, deadline.signal);
        // The library would read it on the event loop, some seconds for 15 MB; we read it elsewhere.
        return { ok: true, text: () => Promise.resolve('{}') };
      }, call);
    } finally {
      clearTimeout(timer);
      outer.removeEventListener('abort', onAbort);
    }
    if (!body) throw new Error(`binance-api-node made no call for ${kind}`);
    return body;
  }

  async #get(
    kind: AnswerKind,
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Buffer> {
    const question = { url, headers, signal, maxBytes: MAX_BYTES[kind] };
    const answer = await this.#transport.get(question);
    const stated = answer.headers['x-mbx-used-weight-1m'];
    if (typeof stated === 'string' && /^\d{1,9}$/.test(stated)) this.#usedWeight = Number(stated);
    const { status, body } = answer;
    if (status < 200 || status >= 300) {
      throw new StatusError(status, answer.headers, new TextDecoder().decode(body));
    }
    return body;
  }
}
