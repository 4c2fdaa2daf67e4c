import type { TickerReading } from '../domain/frame.js';
import type { Balance } from '../domain/wallet.js';
import type { ExchangeCall } from '../pipeline/market-port.js';
import type { BinanceClient } from './binance-client.js';
import { classifyFailure, type CallFailure } from './failures.js';
import type { Limits } from './limits.js';
import {
  parseBalances,
  parseExchangeInfo,
  parseServerTime,
  parseTickers,
  type ExchangeInfo,
} from './parse.js';
import { tickerWeight, WEIGHT } from './weight.js';

/** A call failed; what that means has been worked out already. */
export class CallFailedError extends Error {
  override readonly name = 'CallFailedError';
  constructor(readonly failure: CallFailure) {
    super(failure.message);
  }
}

/** A failed call; anything else is a fault of ours and goes on. */
export function asCallFailed(error: unknown): CallFailedError {
  if (error instanceof CallFailedError) return error;
  throw error;
}

export interface CallsOptions {
  readonly client: BinanceClient;
  readonly limits: Limits;
  /** Not to be found in any message. */
  readonly secrets: readonly string[];
  readonly onCall?: ((call: ExchangeCall) => void) | undefined;
}

/**
 * The calls of the exchange with their answers read and checked. Each takes note of the weight and of
 * any wish for silence, and fails with a {@link CallFailedError}.
 */
export class Calls {
  readonly #options: CallsOptions;

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** The exchange's clock, milliseconds since 1970. */
  time(signal: AbortSignal): Promise<number> {
    return this.#call('time', WEIGHT.time, (client) => client.time(signal), parseServerTime);
  }

  exchangeInfo(signal: AbortSignal): Promise<ExchangeInfo> {
    const ask = (client: BinanceClient) => client.exchangeInfo(signal);
    return this.#call('exchangeInfo', WEIGHT.exchangeInfo, ask, parseExchangeInfo);
  }

  /** 24 h statistics of some symbols, or of all. */
  tickers(symbols: readonly string[] | null, signal: AbortSignal): Promise<TickerReading[]> {
    const weight = tickerWeight(symbols?.length ?? Infinity);
    const ask = (client: BinanceClient) => client.tickers(symbols, signal);
    return this.#call('ticker/24hr', weight, ask, parseTickers);
  }

  balances(signal: AbortSignal): Promise<Balance[]> {
    const ask = (client: BinanceClient) => client.account(signal);
    return this.#call('account', WEIGHT.account, ask, parseBalances);
  }

  async #call<T>(
    endpoint: ExchangeCall['endpoint'],
    weight: number,
    ask: (client: BinanceClient) => Promise<unknown>,
    parse: (answer: unknown) => T,
  ): Promise<T> {
    const { client, limits, secrets, onCall } = this.#options;
    const begun = performance.now();
    let outcome: ExchangeCall['outcome'] = 'OK';
    try {
      return parse(await ask(client));
    } catch (error) {
      const failure = classifyFailure(error, secrets);
      outcome = failure.code;
      limits.heed(failure);
      throw new CallFailedError(failure);
    } finally {
      const used = client.usedWeight();
      if (used !== null) limits.note(used);
      onCall?.({ endpoint, outcome, weight, ms: performance.now() - begun });
    }
  }
}
