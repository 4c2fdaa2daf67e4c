import type { Universe } from '../../domain/asset.js';
import type { TickerReading } from '../../domain/frame.js';
import type { MinuteCloses, MinuteRange } from '../../market/close-source.js';
import type { ExchangeCall } from '../../market/market-port.js';
import type { BinanceClient } from './client.js';
import { classifyFailure, type CallFailure } from './failures.js';
import type { ExchangeLimits } from './exchange-limits.js';
import type { Listed } from './listed.js';
import type { Account } from './parse.js';
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
  readonly limits: ExchangeLimits;
  /** Not to be found in any message. */
  readonly secrets: readonly string[];
  readonly onCall?: ((call: ExchangeCall) => void) | undefined;
}

/**
 * The calls of the exchange with their answers read and checked. Each takes note of the weight and of
 * any wish for silence, and fails with a {@link CallFailedError}; while there is such a wish, none is
 * made.
 */
export class Calls {
  readonly #options: CallsOptions;

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** The exchange's clock, milliseconds since 1970. */
  time(signal: AbortSignal): Promise<number> {
    return this.#call('time', WEIGHT.time, (client) => client.time(signal));
  }

  /** @param lean see {@link BinanceClient.exchangeInfo} */
  exchangeInfo(universe: Universe, lean: boolean, signal: AbortSignal): Promise<Listed> {
    const ask = (client: BinanceClient) => client.exchangeInfo(universe, lean, signal);
    return this.#call('exchangeInfo', WEIGHT.exchangeInfo, ask);
  }

  /** See {@link BinanceClient.tickers}. */
  tickers(
    symbols: readonly string[],
    from: 'NAMED' | 'ALL',
    tradingOnly: boolean,
    signal: AbortSignal,
  ): Promise<TickerReading[]> {
    const weight = tickerWeight(from === 'NAMED' ? symbols.length : Infinity);
    const ask = (client: BinanceClient) => client.tickers(symbols, from, tradingOnly, signal);
    return this.#call('ticker/24hr', weight, ask);
  }

  account(signal: AbortSignal): Promise<Account> {
    return this.#call('account', WEIGHT.account, (client) => client.account(signal));
  }

  /** See {@link BinanceClient.klines}. */
  klines(
    symbol: string,
    range: MinuteRange,
    limit: number,
    signal: AbortSignal,
  ): Promise<MinuteCloses> {
    const ask = (client: BinanceClient) => client.klines(symbol, range, limit, signal);
    return this.#call('klines', WEIGHT.klines, ask);
  }

  async #call<T>(
    endpoint: ExchangeCall['endpoint'],
    weight: number,
    ask: (client: BinanceClient) => Promise<T>,
  ): Promise<T> {
    const { client, limits, secrets, onCall } = this.#options;
    const { silence } = limits;
    // Another call that was made at the same time was told to be silent.
    if (silence) throw new CallFailedError(silence as CallFailure);
    const begun = performance.now();
    let outcome: ExchangeCall['outcome'] = 'OK';
    try {
      return await ask(client);
    } catch (error) {
      const failure = classifyFailure(error, secrets);
      outcome = failure.code;
      limits.register(failure);
      throw new CallFailedError(failure);
    } finally {
      const used = client.usedWeight();
      if (used !== null) limits.update(used);
      onCall?.({ endpoint, outcome, weight, ms: performance.now() - begun });
    }
  }
}
