import { setMaxListeners } from 'node:events';
import type { Pair, Universe } from '../domain/asset.js';
import { makeFrame, type TickerReading } from '../domain/frame.js';
import { nonZero, type Balance, type Holdings } from '../domain/wallet.js';
import type { Logger } from '../log.js';
import type {
  ExchangeCall,
  ExchangeFailure,
  ExchangeLimitsStore,
  MarketSource,
  MarketStatus,
  ObservationRequest,
  ObservationResult,
} from '../pipeline/market-port.js';
import type { Clock } from '../pipeline/ports.js';
import type { ExchangeKind } from '../domain/cycle.js';
import { BinanceClient } from './binance-client.js';
import { ExchangeClock } from './exchange-clock.js';
import { asCallFailed, Calls } from './calls.js';
import { API_CODE, type CallFailure } from './failures.js';
import { Limits } from './limits.js';
import { Listing } from './listing.js';
import { observationWeight, planTickers, WEIGHT } from './weight.js';

const CALL_TIMEOUT_MS = 10_000;

export interface BinanceMarketOptions {
  readonly kind: ExchangeKind;
  readonly origin: string;
  /** Without a trailing slash; null is Binance's own. */
  readonly httpBase: string | null;
  readonly keys: { readonly apiKey: string; readonly secretKey: string } | null;
  readonly universe: Universe;
  /** The balances where there are no keys. */
  readonly paperWallet: readonly Balance[];
  readonly clock: Clock;
  readonly log: Logger;
  /** The exchange's clock where it is known, as a recording's is; otherwise it is measured. */
  readonly exchangeNow?: () => number;
  /** Deadline of each call, milliseconds. */
  readonly callTimeoutMs?: number;
  /** The limits that are shared with other instances; without it, this one keeps to its own. */
  readonly limits?: ExchangeLimitsStore;
  readonly onCall?: (call: ExchangeCall) => void;
}

/** Any server that speaks Binance's spot REST API, as a source of prices and balances. */
export class BinanceMarket implements MarketSource {
  readonly kind: ExchangeKind;
  readonly origin: string;
  readonly accountKind: Holdings['source'];
  readonly #options: BinanceMarketOptions;
  readonly #client: BinanceClient;
  readonly #listing: Listing;
  readonly #time: ExchangeClock;
  readonly #limits: Limits;
  readonly #calls: Calls;
  readonly #stopped = new AbortController();
  #staleListing: string | null = null;
  #unmeasuredClock: string | null = null;

  constructor(options: BinanceMarketOptions) {
    this.#options = options;
    this.kind = options.kind;
    this.origin = options.origin;
    this.accountKind = options.keys === null ? 'PAPER' : 'ACCOUNT';
    this.#listing = new Listing(options.universe, options.clock);
    this.#time = new ExchangeClock(options.clock, options.exchangeNow);
    this.#limits = new Limits(options.clock, this.#time, options.limits ?? null);
    this.#client = new BinanceClient({
      httpBase: options.httpBase,
      keys: options.keys,
      timeoutMs: options.callTimeoutMs ?? CALL_TIMEOUT_MS,
      exchangeTime: () => this.#time.now(),
    });
    this.#calls = new Calls({
      client: this.#client,
      limits: this.#limits,
      secrets: options.keys ? [options.keys.apiKey, options.keys.secretKey] : [],
      onCall: options.onCall,
    });
  }

  async start(): Promise<void> {
    const { log } = this.#options;
    const refused = await this.#admit(WEIGHT.time + WEIGHT.exchangeInfo);
    if (refused) {
      log.warn({ code: refused.code, retryInMs: refused.retryInMs }, refused.message);
      return;
    }
    try {
      await this.#refresh(this.#stopped.signal);
    } catch (error) {
      const { failure } = asCallFailed(error);
      log.warn({ code: failure.code }, `exchange away: ${failure.message}`);
    }
  }

  stop(): Promise<void> {
    this.#stopped.abort();
    this.#limits.stop();
    this.#client.close();
    return Promise.resolve();
  }

  status(): MarketStatus {
    return {
      usedWeight: this.#limits.usedWeight,
      weightLimit: this.#listing.weightLimit,
      weightPerTurn: this.#weightPerTurn(),
      bannedUntil: this.#limits.silentUntil,
      clockOffsetMs: this.#time.offsetMs,
      warnings: [this.#staleListing, this.#unmeasuredClock].filter((words) => words !== null),
    };
  }

  #weightPerTurn(): number {
    return observationWeight(this.#listing.expectedSymbols, this.#options.keys !== null);
  }

  async observe({ signal }: ObservationRequest): Promise<ObservationResult> {
    const isListingDue = this.#listing.isDue;
    const planned = this.#weightPerTurn() + (isListingDue ? WEIGHT.exchangeInfo : 0);
    const refused = await this.#admit(planned);
    if (refused) return { ok: false, failure: refused };
    const ended = AbortSignal.any([signal, this.#stopped.signal]);
    // Each of the calls made at once listens; a big universe needs many.
    setMaxListeners(0, ended);
    try {
      await this.#refresh(ended);
      const [frame, holdings] = await Promise.allSettled([
        this.#frame(this.#listing.pairs ?? [], ended),
        this.#holdings(ended),
      ]);
      if (frame.status === 'rejected') throw frame.reason;
      if (holdings.status === 'rejected') return this.#unreadableAccount(holdings.reason);
      this.#limits.lift();
      return { ok: true, observation: { frame: frame.value, holdings: holdings.value } };
    } catch (error) {
      return { ok: false, failure: this.#portFailure(asCallFailed(error).failure) };
    }
  }

  /** Brings listing and clock up to date where they are due. */
  async #refresh(signal: AbortSignal): Promise<void> {
    if (this.#time.isDue) await this.#keepClock(signal);
    if (!this.#listing.isDue) return;
    try {
      this.#listing.update(await this.#calls.exchangeInfo(signal));
      this.#staleListing = null;
    } catch (error) {
      const { failure } = asCallFailed(error);
      if (this.#listing.pairs === null || this.#limits.silentUntil !== null) throw error;
      this.#listing.postpone();
      if (this.#staleListing === null) {
        this.#options.log.warn({ code: failure.code }, `exchangeInfo is old: ${failure.message}`);
      }
      this.#staleListing = `The list of trading pairs could not be refreshed: ${failure.message}`;
    }
  }

  /** An exchange that has prices and no time is read by our own clock, and says so. */
  async #keepClock(signal: AbortSignal): Promise<void> {
    try {
      await this.#measureClock(signal);
      this.#unmeasuredClock = null;
    } catch (error) {
      const { failure } = asCallFailed(error);
      if (!['EXCHANGE_ERROR', 'EXCHANGE_BAD_RESPONSE'].includes(failure.code)) throw error;
      this.#time.postpone();
      this.#unmeasuredClock = `The exchange does not tell its time: ${failure.message}`;
    }
  }

  #measureClock(signal: AbortSignal): Promise<void> {
    return this.#time.measure(() => this.#calls.time(signal));
  }

  async #frame(pairs: readonly Pair[], signal: AbortSignal) {
    const plan = planTickers(pairs.map(({ symbol }) => symbol));
    const readings =
      plan.kind === 'ALL'
        ? await this.#calls.tickers(null, signal)
        : await all(plan.chunks.map((chunk) => this.#chunk(chunk, signal)));
    return makeFrame(pairs, readings.flat(), this.#time.now());
  }

  /** One unknown name fails a whole chunk: it is halved until the name is found and left out. */
  async #chunk(symbols: readonly string[], signal: AbortSignal): Promise<TickerReading[]> {
    try {
      return await this.#calls.tickers(symbols, signal);
    } catch (error) {
      if (asCallFailed(error).failure.apiCode !== API_CODE.BAD_SYMBOL) throw error;
      const [only, ...others] = symbols;
      if (others.length === 0) {
        if (only !== undefined) this.#listing.markUnknown(only);
        return [];
      }
      const half = Math.ceil(symbols.length / 2);
      const halves = [symbols.slice(0, half), symbols.slice(half)];
      return (await all(halves.map((part) => this.#chunk(part, signal)))).flat();
    }
  }

  async #holdings(signal: AbortSignal): Promise<Holdings> {
    if (this.#options.keys === null) {
      return { source: 'PAPER', balances: nonZero(this.#options.paperWallet) };
    }
    const read = () => this.#calls.balances(signal);
    const balances = await read().catch(async (error: unknown) => {
      if (asCallFailed(error).failure.apiCode !== API_CODE.INVALID_TIMESTAMP) throw error;
      await this.#measureClock(signal);
      return read();
    });
    return { source: 'ACCOUNT', balances };
  }

  #admit(planned: number): Promise<ExchangeFailure | null> {
    return this.#limits.admit(planned, this.#listing.weightLimit);
  }

  #unreadableAccount(error: unknown): ObservationResult {
    const { failure } = asCallFailed(error);
    const known = this.#portFailure(failure);
    const silent = this.#limits.silentUntil !== null;
    return {
      ok: false,
      failure: silent
        ? known
        : { code: 'ACCOUNT_UNREADABLE', message: `the account cannot be read: ${known.message}` },
    };
  }

  #portFailure({ code, message }: CallFailure): ExchangeFailure {
    return this.#limits.silence ?? { code, message };
  }
}

/** All of them; the first failure, only after every one has settled. */
async function all<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
