import { createRequire } from 'node:module';
import { closeConnections, keepConnections } from './connections.js';
import { DeadlineError } from './failures.js';

/** Binance's own address, which the library uses where none is given. */
export const BINANCE_API = 'https://api.binance.com';

const RECV_WINDOW_MS = 5_000;

/** The part of binance-api-node that is used. Its own types promise more than answers hold. */
interface Library {
  time(): Promise<unknown>;
  exchangeInfo(): Promise<unknown>;
  dailyStats(payload?: { readonly symbols: string }): Promise<unknown>;
  accountInfo(payload: {
    readonly recvWindow: number;
    readonly omitZeroBalances: boolean;
  }): Promise<unknown>;
  getInfo(): Readonly<Record<string, { readonly usedWeight1m?: string } | undefined>>;
}

interface LibraryOptions {
  readonly apiKey?: string;
  readonly apiSecret?: string;
  readonly httpBase?: string;
  readonly getTime: () => number;
}

// Loaded as the CommonJS module it is: what an import makes of its default differs between tools.
const { default: createLibrary } = createRequire(import.meta.url)('binance-api-node') as {
  default: (options: LibraryOptions) => Library;
};

export interface BinanceClientOptions {
  /** Without a trailing slash; null is Binance's own. */
  readonly httpBase: string | null;
  readonly keys: { readonly apiKey: string; readonly secretKey: string } | null;
  readonly timeoutMs: number;
  /** The exchange's clock, for signed calls: milliseconds since 1970. */
  readonly exchangeTime: () => number;
}

/**
 * Binance's REST calls through binance-api-node, each under a deadline; its websockets are not
 * used. Answers are unchecked; rejections are the library's, or a {@link DeadlineError}.
 */
export class BinanceClient {
  readonly #library: Library;
  readonly #base: string;
  readonly #timeoutMs: number;

  constructor({ httpBase, keys, timeoutMs, exchangeTime }: BinanceClientOptions) {
    keepConnections();
    this.#base = httpBase ?? BINANCE_API;
    this.#timeoutMs = timeoutMs;
    this.#library = createLibrary({
      ...(httpBase !== null && { httpBase }),
      ...(keys && { apiKey: keys.apiKey, apiSecret: keys.secretKey }),
      getTime: exchangeTime,
    });
  }

  time(signal: AbortSignal): Promise<unknown> {
    return this.#call(() => this.#library.time(), signal);
  }

  exchangeInfo(signal: AbortSignal): Promise<unknown> {
    return this.#call(() => this.#library.exchangeInfo(), signal);
  }

  /** 24 h statistics of some symbols, or of all. */
  tickers(symbols: readonly string[] | null, signal: AbortSignal): Promise<unknown> {
    // The library passes a list on wrongly: Binance wants it as JSON.
    const payload = symbols === null ? undefined : { symbols: JSON.stringify(symbols) };
    return this.#call(() => this.#library.dailyStats(payload), signal);
  }

  account(signal: AbortSignal): Promise<unknown> {
    const payload = { recvWindow: RECV_WINDOW_MS, omitZeroBalances: true };
    return this.#call(() => this.#library.accountInfo(payload), signal);
  }

  /** Request weight of the minute as the last answer stated it; null if none did. */
  usedWeight(): number | null {
    const info = this.#library.getInfo();
    const { hostname } = new URL(this.#base);
    // The library files it under its own idea of a host name: `null` where there is no dot.
    const stated = (info[hostname.replace(/^www\./, '')] ?? info['null'])?.usedWeight1m;
    return stated === undefined || !/^\d{1,9}$/.test(stated) ? null : Number(stated);
  }

  /** Ends what is under way. */
  close(): void {
    closeConnections(this.#base);
  }

  /** The library has no deadline and no abort: nobody waits longer, and the connection is closed. */
  #call(call: () => Promise<unknown>, signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new DeadlineError('the attempt was ended'));
      const giveUp = (message: string): void => {
        settle();
        reject(new DeadlineError(message));
        this.close();
      };
      const onAbort = (): void => giveUp('the attempt was ended');
      const timer = setTimeout(
        () => giveUp(`no answer within ${this.#timeoutMs / 1000} s`),
        this.#timeoutMs,
      );
      signal.addEventListener('abort', onAbort);
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      // A rejection after giving up is caught here too, and changes nothing.
      call().then(
        (answer) => (settle(), resolve(answer)),
        (error: unknown) => (settle(), reject(error as Error)),
      );
    });
  }
}
