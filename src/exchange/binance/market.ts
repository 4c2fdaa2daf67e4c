import { setMaxListeners } from 'node:events';
import type { ListedPair, Pair, Universe } from '../../domain/asset.js';
import { makeFrame } from '../../domain/frame.js';
import type { Balance, Holdings } from '../../domain/wallet.js';
import type { Logger } from '../../log.js';
import type {
  ExchangeCall,
  ExchangeFailure,
  ExchangeLimitsStore,
  MarketSource,
  MarketStatus,
  ObservationRequest,
  ObservationResult,
} from '../../market/market-port.js';
import type { Clock } from '../../time/clock.js';
import type { ExchangeKind } from '../../domain/cycle.js';
import { AccountReader } from './account-reader.js';
import { BINANCE_API, BinanceClient } from './client.js';
import { ClockKeeper } from './clock-keeper.js';
import { CloseReader } from './close-reader.js';
import { ExchangeClock } from './exchange-clock.js';
import { asCallFailed, Calls } from './calls.js';
import type { CallFailure } from './failures.js';
import { ExchangeLimits } from './exchange-limits.js';
import { Listing } from './listing.js';
import { ListingReader } from './listing-reader.js';
import { TickerReader } from './ticker-reader.js';
import { TroubleWatch, type AnyFailure } from './trouble.js';
import { underAny } from './under-any.js';
import { observationWeight, WEIGHT } from './weight.js';

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
  readonly #listings: ListingReader;
  readonly #tickers: TickerReader;
  readonly #account: AccountReader;
  readonly #time: ExchangeClock;
  readonly #limits: ExchangeLimits;
  readonly #clock: ClockKeeper;
  /** See {@link MarketSource.past}. */
  readonly past: CloseReader;
  readonly #trouble: TroubleWatch;
  readonly #stopped = new AbortController();

  constructor(options: BinanceMarketOptions) {
    const { universe, clock, log, keys, paperWallet } = options;
    this.#options = options;
    this.kind = options.kind;
    this.origin = options.origin;
    this.accountKind = keys === null ? 'PAPER' : 'ACCOUNT';
    this.#time = new ExchangeClock(clock, options.exchangeNow);
    this.#trouble = new TroubleWatch({
      clock,
      host: new URL(options.httpBase ?? BINANCE_API).host,
      isOutside: options.kind === 'BINANCE',
    });
    this.#limits = new ExchangeLimits(clock, this.#time, options.limits ?? null);
    this.#client = new BinanceClient({
      httpBase: options.httpBase,
      keys,
      timeoutMs: options.callTimeoutMs ?? CALL_TIMEOUT_MS,
      exchangeTime: () => this.#time.now(),
    });
    const calls = new Calls({
      client: this.#client,
      limits: this.#limits,
      secrets: keys ? [keys.apiKey, keys.secretKey] : [],
      onCall: options.onCall,
    });
    const listing = new Listing(universe, clock);
    const { signal } = this.#stopped;
    this.#clock = new ClockKeeper(this.#time, calls);
    this.#listing = listing;
    this.past = new CloseReader({
      ...{ calls, limits: this.#limits, time: this.#time, clock: this.#clock },
      weightLimit: () => listing.weightLimit,
    });
    this.#listings = new ListingReader({
      universe,
      listing,
      calls,
      limits: this.#limits,
      log,
      signal,
    });
    this.#tickers = new TickerReader(calls, listing, log);
    this.#account = new AccountReader({
      calls,
      isThereAccount: keys !== null,
      paperWallet,
      measureClock: (ended) => this.#clock.measure(ended),
    });
  }

  async start(): Promise<void> {
    const { log } = this.#options;
    const refused = await this.#admit(this.#weightBeforehand());
    if (refused) {
      const { code, retryInMs } = refused;
      log.warn({ code, retryInMs }, this.#trouble.failed(refused));
      return;
    }
    try {
      await this.#refresh(this.#stopped.signal);
    } catch (error) {
      const { failure } = asCallFailed(error);
      const message = this.#trouble.failed(failure);
      log.warn({ code: failure.code }, `exchange away: ${message}`);
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
      trouble: this.#trouble.current,
      warnings: [
        ...this.#listings.warnings,
        ...this.#account.warnings,
        ...(this.#clock.warning === null ? [] : [this.#clock.warning]),
      ],
    };
  }

  listed(): readonly ListedPair[] {
    return this.#listing.pairs ?? [];
  }

  rest(): void {
    this.#trouble.forget();
  }

  #weightPerTurn(): number {
    return observationWeight(this.#listing.expectedSymbols, this.#options.keys !== null);
  }

  /** What has to be known before a turn, and is not yet. */
  #weightBeforehand(): number {
    const isListed = this.#listing.pairs !== null;
    return this.#clock.dueWeight + (isListed ? 0 : WEIGHT.exchangeInfo);
  }

  async observe({ signal }: ObservationRequest): Promise<ObservationResult> {
    const refused = await this.#admit(this.#weightPerTurn() + this.#weightBeforehand());
    if (refused) return this.#failed(refused, refused);
    return underAny([signal, this.#stopped.signal], (ended) => this.#observe(ended));
  }

  async #observe(ended: AbortSignal): Promise<ObservationResult> {
    // Each of the calls made at once listens; a big universe needs many.
    setMaxListeners(0, ended);
    try {
      await this.#refresh(ended);
      const [frame, holdings] = await Promise.allSettled([
        this.#frame(this.#listing.pairs ?? [], ended),
        this.#account.read(ended),
      ]);
      if (frame.status === 'rejected') throw frame.reason;
      if (holdings.status === 'rejected') return this.#unreadableAccount(holdings.reason);
      this.#limits.lift();
      this.#trouble.answered();
      const listed = (this.#listing.pairs ?? []).map(({ symbol }) => symbol);
      return { ok: true, observation: { frame: frame.value, holdings: holdings.value, listed } };
    } catch (error) {
      const { failure } = asCallFailed(error);
      return this.#failed(failure, this.#portFailure(failure));
    }
  }

  /** Brings the clock up to date where it is due, and sees to the listing. */
  async #refresh(signal: AbortSignal): Promise<void> {
    await this.#clock.keep(signal);
    if (this.#listing.pairs === null) await this.#listings.first(signal);
    else this.#listings.keepUp();
  }

  async #frame(pairs: readonly Pair[], signal: AbortSignal) {
    const symbols = pairs.map(({ symbol }) => symbol);
    const readings = await this.#tickers.read(symbols, signal);
    return makeFrame(pairs, readings, this.#time.now());
  }

  #admit(planned: number): Promise<ExchangeFailure | null> {
    return this.#limits.admit(planned, this.#listing.weightLimit);
  }

  #unreadableAccount(error: unknown): ObservationResult {
    const { failure } = asCallFailed(error);
    const known = this.#portFailure(failure);
    if (this.#limits.silentUntil !== null) return this.#failed(failure, known);
    const unreadable = {
      code: 'ACCOUNT_UNREADABLE',
      message: `the account cannot be read: ${known.message}`,
    } as const;
    // An amount that makes no sense says nothing of who answers.
    const isOdd = failure.code === 'EXCHANGE_BAD_RESPONSE';
    return this.#failed(isOdd ? unreadable : failure, unreadable);
  }

  /** @param cause what is known of it here @param failure what it is called outside */
  #failed(cause: AnyFailure, failure: ExchangeFailure): ObservationResult {
    const message = this.#trouble.failed({ ...cause, message: failure.message });
    return { ok: false, failure: { ...failure, message } };
  }

  #portFailure({ code, message }: CallFailure): ExchangeFailure {
    return this.#limits.silence ?? { code, message };
  }
}
