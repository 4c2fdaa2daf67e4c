import { setMaxListeners } from 'node:events';
import type { Pair, Universe } from '../domain/asset.js';
import { makeFrame, type TickerReading } from '../domain/frame.js';
import { nonZero, type Balance, type Holdings } from '../domain/wallet.js';
import type { Logger } from '../log.js';
import type {
  Clock,
  ExchangeFailure,
  ExchangeKind,
  MarketSource,
  MarketStatus,
  ObservationRequest,
  ObservationResult,
} from '../pipeline/ports.js';
import { BinanceClient } from './binance-client.js';
import { ExchangeClock } from './exchange-clock.js';
import { API_CODE, classifyFailure, type CallFailure } from './failures.js';
import { Listing } from './listing.js';
import { parseBalances, parseExchangeInfo, parseServerTime, parseTickers } from './parse.js';
import { Silence } from './silence.js';
import { observationWeight, planTickers, WEIGHT, WeightBudget } from './weight.js';

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
}

/** A call failed; what that means has been worked out already. */
class CallFailedError extends Error {
  override readonly name = 'CallFailedError';
  constructor(readonly failure: CallFailure) {
    super(failure.message);
  }
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
  readonly #silence = new Silence();
  readonly #budget = new WeightBudget();
  readonly #stopped = new AbortController();
  readonly #secrets: readonly string[];
  #staleListing: string | null = null;
  #unmeasuredClock: string | null = null;

  constructor(options: BinanceMarketOptions) {
    this.#options = options;
    this.kind = options.kind;
    this.origin = options.origin;
    this.accountKind = options.keys === null ? 'PAPER' : 'ACCOUNT';
    this.#secrets = options.keys ? [options.keys.apiKey, options.keys.secretKey] : [];
    this.#listing = new Listing(options.universe);
    this.#time = new ExchangeClock(options.clock, options.exchangeNow);
    this.#client = new BinanceClient({
      httpBase: options.httpBase,
      keys: options.keys,
      timeoutMs: options.callTimeoutMs ?? CALL_TIMEOUT_MS,
      exchangeTime: () => this.#time.now(),
    });
  }

  async start(): Promise<void> {
    try {
      await this.#refresh(this.#stopped.signal);
    } catch (error) {
      const { failure } = asCallFailed(error);
      this.#options.log.warn({ code: failure.code }, `exchange away: ${failure.message}`);
    }
  }

  stop(): Promise<void> {
    this.#stopped.abort();
    this.#client.close();
    return Promise.resolve();
  }

  status(): MarketStatus {
    const now = this.#options.clock.now();
    return {
      usedWeight: this.#budget.used(this.#time.now()),
      weightLimit: this.#listing.weightLimit,
      weightPerTurn: this.#weightPerTurn(),
      bannedUntil: this.#silence.until(now),
      clockOffsetMs: this.#time.offsetMs,
      warnings: [this.#staleListing, this.#unmeasuredClock].filter((words) => words !== null),
    };
  }

  #weightPerTurn(): number {
    return observationWeight(this.#listing.expectedSymbols, this.#options.keys !== null);
  }

  async observe({ signal }: ObservationRequest): Promise<ObservationResult> {
    const { clock } = this.#options;
    const silent = this.#silence.failure(clock.now()) ?? this.#lackOfWeight();
    if (silent) return { ok: false, failure: silent };
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
      this.#silence.lift();
      return { ok: true, observation: { frame: frame.value, holdings: holdings.value } };
    } catch (error) {
      return { ok: false, failure: this.#portFailure(asCallFailed(error).failure) };
    }
  }

  /** Brings listing and clock up to date where they are due. */
  async #refresh(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    if (this.#time.isDue) await this.#keepClock(signal);
    if (!this.#listing.isDue(clock.now())) return;
    try {
      const answer = await this.#call(() => this.#client.exchangeInfo(signal), parseExchangeInfo);
      this.#listing.update(answer, clock.now());
      this.#staleListing = null;
    } catch (error) {
      const { failure } = asCallFailed(error);
      if (this.#listing.pairs === null || this.#silence.until(clock.now()) !== null) throw error;
      this.#listing.postpone(clock.now());
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
    return this.#time.measure(() => this.#call(() => this.#client.time(signal), parseServerTime));
  }

  async #frame(pairs: readonly Pair[], signal: AbortSignal) {
    const plan = planTickers(pairs.map(({ symbol }) => symbol));
    const readings =
      plan.kind === 'ALL'
        ? await this.#call(() => this.#client.tickers(null, signal), parseTickers)
        : await all(plan.chunks.map((chunk) => this.#chunk(chunk, signal)));
    return makeFrame(pairs, readings.flat(), this.#time.now());
  }

  /** One unknown name fails a whole chunk: it is halved until the name is found and left out. */
  async #chunk(symbols: readonly string[], signal: AbortSignal): Promise<TickerReading[]> {
    try {
      return await this.#call(() => this.#client.tickers(symbols, signal), parseTickers);
    } catch (error) {
      if (asCallFailed(error).failure.apiCode !== API_CODE.BAD_SYMBOL) throw error;
      const [only, ...others] = symbols;
      if (others.length === 0) {
        if (only !== undefined) this.#listing.markUnknown(only, this.#options.clock.now());
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
    const read = () => this.#call(() => this.#client.account(signal), parseBalances);
    const balances = await read().catch(async (error: unknown) => {
      if (asCallFailed(error).failure.apiCode !== API_CODE.INVALID_TIMESTAMP) throw error;
      await this.#measureClock(signal);
      return read();
    });
    return { source: 'ACCOUNT', balances };
  }

  /** Makes a call, reads its answer, and takes note of the weight and of any wish for silence. */
  async #call<T>(call: () => Promise<unknown>, parse: (answer: unknown) => T): Promise<T> {
    try {
      return parse(await call());
    } catch (error) {
      const failure = classifyFailure(error, this.#secrets);
      this.#silence.heed(failure, this.#options.clock.now(), this.#time.offsetMs ?? 0);
      throw new CallFailedError(failure);
    } finally {
      this.#noteWeight();
    }
  }

  #noteWeight(): void {
    const weight = this.#client.usedWeight();
    if (weight !== null) this.#budget.note(weight, this.#time.now());
  }

  /** Waits for the next minute rather than pass the limit in this one. */
  #lackOfWeight(): ExchangeFailure | null {
    const now = this.#options.clock.now();
    const due = this.#listing.isDue(now) ? WEIGHT.exchangeInfo : 0;
    const lack = this.#budget.lack(
      this.#weightPerTurn() + due,
      this.#listing.weightLimit,
      this.#time.now(),
    );
    return (
      lack && { code: 'EXCHANGE_RATE_LIMITED', message: lack.message, retryAt: now + lack.waitMs }
    );
  }

  #unreadableAccount(error: unknown): ObservationResult {
    const { failure } = asCallFailed(error);
    const known = this.#portFailure(failure);
    const silent = this.#silence.until(this.#options.clock.now()) !== null;
    return {
      ok: false,
      failure: silent
        ? known
        : { code: 'ACCOUNT_UNREADABLE', message: `the account cannot be read: ${known.message}` },
    };
  }

  #portFailure({ code, message }: CallFailure): ExchangeFailure {
    return this.#silence.failure(this.#options.clock.now()) ?? { code, message };
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

/** A failed call; anything else is a fault of ours and goes on. */
function asCallFailed(error: unknown): CallFailedError {
  if (error instanceof CallFailedError) return error;
  throw error;
}
