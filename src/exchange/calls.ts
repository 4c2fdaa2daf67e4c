import type { Universe } from '../domain/asset.js';
import type { TickerReading } from '../domain/frame.js';
import type { ExchangeCall } from '../pipeline/market-port.js';
import { AnswerReader } from './answer-reader.js';
import type { AnswerKind, Answers, Wanted } from './answers.js';
import type { BinanceClient } from './binance-client.js';
import { classifyFailure, type CallFailure } from './failures.js';
import type { Limits } from './limits.js';
import type { Account, Listed } from './parse.js';
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

const ENDPOINTS: Readonly<Record<AnswerKind, ExchangeCall['endpoint']>> = {
  time: 'time',
  exchangeInfo: 'exchangeInfo',
  tickers: 'ticker/24hr',
  account: 'account',
};

/** One call, and what is wanted of its answer. */
interface Call<K extends AnswerKind> {
  readonly kind: K;
  readonly weight: number;
  readonly wanted: Wanted[K];
  readonly signal: AbortSignal;
  readonly ask: (client: BinanceClient) => Promise<Buffer>;
}

/**
 * The calls of the exchange with their answers read and checked. Each takes note of the weight and of
 * any wish for silence, and fails with a {@link CallFailedError}; while there is such a wish, none is
 * made.
 */
export class Calls {
  readonly #options: CallsOptions;
  readonly #reader = new AnswerReader();

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** The exchange's clock, milliseconds since 1970. */
  time(signal: AbortSignal): Promise<number> {
    const ask = (client: BinanceClient) => client.time(signal);
    return this.#call({ kind: 'time', weight: WEIGHT.time, wanted: null, signal, ask });
  }

  /** @param lean see {@link BinanceClient.exchangeInfo} */
  exchangeInfo(universe: Universe, lean: boolean, signal: AbortSignal): Promise<Listed> {
    const ask = (client: BinanceClient) => client.exchangeInfo(lean, signal);
    const weight = WEIGHT.exchangeInfo;
    return this.#call({ kind: 'exchangeInfo', weight, wanted: universe, signal, ask });
  }

  /**
   * 24 h statistics of some symbols.
   * @param from asks for all that there are where it is `ALL`
   * @param tradingOnly see {@link BinanceClient.tickers}
   */
  tickers(
    symbols: readonly string[],
    from: 'NAMED' | 'ALL',
    tradingOnly: boolean,
    signal: AbortSignal,
  ): Promise<TickerReading[]> {
    const named = from === 'NAMED' ? symbols : null;
    const weight = tickerWeight(named?.length ?? Infinity);
    const ask = (client: BinanceClient) => client.tickers(named, tradingOnly, signal);
    return this.#call({ kind: 'tickers', weight, wanted: symbols, signal, ask });
  }

  account(signal: AbortSignal): Promise<Account> {
    const ask = (client: BinanceClient) => client.account(signal);
    return this.#call({ kind: 'account', weight: WEIGHT.account, wanted: null, signal, ask });
  }

  close(): void {
    this.#reader.close();
  }

  async #call<K extends AnswerKind>(call: Call<K>): Promise<Answers[K]> {
    const { client, limits, secrets, onCall } = this.#options;
    const { kind, weight, wanted, signal, ask } = call;
    const { silence } = limits;
    // Another call that was made at the same time was told to be silent.
    if (silence) throw new CallFailedError(silence as CallFailure);
    const begun = performance.now();
    let outcome: ExchangeCall['outcome'] = 'OK';
    try {
      return await this.#reader.read({ kind, body: await ask(client), wanted }, signal);
    } catch (error) {
      const failure = classifyFailure(error, secrets);
      outcome = failure.code;
      limits.heed(failure);
      throw new CallFailedError(failure);
    } finally {
      const used = client.usedWeight();
      if (used !== null) limits.note(used);
      onCall?.({ endpoint: ENDPOINTS[kind], outcome, weight, ms: performance.now() - begun });
    }
  }
}
