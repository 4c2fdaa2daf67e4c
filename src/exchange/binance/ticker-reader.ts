import type { TickerReading } from '../../domain/frame.js';
import type { Logger } from '../../log.js';
import { asCallFailed, type CallFailedError, type Calls } from './calls.js';
import { API_CODE, mayBeOfRequest, type CallFailure } from './failures.js';
import type { Listing } from './listing.js';
import { planTickers } from './weight.js';

/** The most calls of one turn that look for the symbols that the exchange refuses. */
const MAX_SEARCHES = 60;

/** One turn's reading. */
interface Attempt {
  readonly signal: AbortSignal;
  searches: number;
  /** Whether the exchange answered any call: if not, what it refuses is not one symbol. */
  isAnswered: boolean;
  /** Symbols that were refused alone, and why. */
  readonly refused: Map<string, CallFailedError>;
  /** Calls that were refused when enough had been searched. */
  readonly unsearched: CallFailedError[];
}

/**
 * Reads the tickers of a turn, of those symbols alone that trade at this moment where the exchange
 * understands that. One odd symbol fails the call that holds it: such a call is halved until the
 * symbol is found and left out.
 */
export class TickerReader {
  readonly #calls: Calls;
  readonly #listing: Listing;
  readonly #log: Logger;
  /** Whether the exchange takes `symbolStatus`; null while that is not known. */
  #takesStatus: boolean | null = null;
  #askedAtReading = 0;
  #saidRefusal = false;
  /** Whether it was seen what the exchange makes of `symbolStatus`. */
  #isProven = false;

  constructor(calls: Calls, listing: Listing, log: Logger) {
    this.#calls = calls;
    this.#listing = listing;
    this.#log = log;
  }

  /** @throws {CallFailedError} */
  async read(symbols: readonly string[], signal: AbortSignal): Promise<readonly TickerReading[]> {
    this.#askAnew();
    const plan = planTickers(symbols);
    const attempt: Attempt = {
      signal,
      searches: 0,
      isAnswered: false,
      refused: new Map(),
      unsearched: [],
    };
    const readings =
      plan.kind === 'ALL'
        ? await this.#ask(symbols, 'ALL', attempt)
        : (await all(plan.chunks.map((chunk) => this.#chunk(chunk, attempt)))).flat();
    this.#conclude(symbols, readings, attempt);
    if (this.#takesStatus && !this.#isProven) await this.#prove(signal);
    return readings;
  }

  /** A refusal of `symbolStatus` is believed until the listing is read again. */
  #askAnew(): void {
    if (this.#takesStatus === false && this.#askedAtReading !== this.#listing.readings) {
      this.#takesStatus = null;
    }
    this.#askedAtReading = this.#listing.readings;
  }

  /** Asks for a symbol that has just left, which a server that takes no notice of `symbolStatus` answers. */
  async #prove(signal: AbortSignal): Promise<void> {
    const [symbol] = this.#listing.dropped;
    if (symbol === undefined) return;
    try {
      const readings = await this.#calls.tickers([symbol], 'NAMED', true, signal);
      this.#isProven = true;
      if (readings.length > 0) this.#log.warn(slowWords('takes no notice of symbolStatus'));
    } catch (error) {
      const { apiCode } = asCallFailed(error).failure;
      this.#isProven = apiCode === API_CODE.OTHER_STATUS;
    }
  }

  async #chunk(symbols: readonly string[], attempt: Attempt): Promise<readonly TickerReading[]> {
    try {
      return await this.#ask(symbols, 'NAMED', attempt);
    } catch (error) {
      const failed = asCallFailed(error);
      if (!mayBeOfRequest(failed.failure)) throw error;
      const [only, ...others] = symbols;
      if (only !== undefined && others.length === 0) return this.#leaveOut(only, failed, attempt);
      if (attempt.searches >= MAX_SEARCHES) {
        attempt.unsearched.push(failed);
        return [];
      }
      const half = Math.ceil(symbols.length / 2);
      attempt.searches += 2;
      const first = await this.#chunk(symbols.slice(0, half), attempt);
      return [...first, ...(await this.#chunk(symbols.slice(half), attempt))];
    }
  }

  #leaveOut(symbol: string, failed: CallFailedError, { refused }: Attempt): [] {
    if (isOfSymbol(failed.failure)) this.#listing.markGone(symbol, failed.message);
    else refused.set(symbol, failed);
    return [];
  }

  /** Asks for what trades; without that condition where it may be what is refused. */
  async #ask(
    symbols: readonly string[],
    from: 'NAMED' | 'ALL',
    attempt: Attempt,
  ): Promise<readonly TickerReading[]> {
    if (this.#takesStatus === false) return this.#answered(symbols, from, false, attempt);
    try {
      const readings = await this.#answered(symbols, from, true, attempt);
      this.#takesStatus = true;
      return readings;
    } catch (error) {
      const { failure } = asCallFailed(error);
      if (this.#takesStatus || isOfSymbol(failure) || !mayBeOfRequest(failure)) throw error;
      const readings = await this.#answered(symbols, from, false, attempt);
      this.#takesStatus = false;
      if (!this.#saidRefusal) {
        this.#log.warn(
          { code: failure.code },
          slowWords(`refuses symbolStatus: ${failure.message}`),
        );
      }
      this.#saidRefusal = true;
      return readings;
    }
  }

  async #answered(
    symbols: readonly string[],
    from: 'NAMED' | 'ALL',
    tradingOnly: boolean,
    attempt: Attempt,
  ): Promise<readonly TickerReading[]> {
    const readings = await this.#calls.tickers(symbols, from, tradingOnly, attempt.signal);
    attempt.isAnswered = true;
    return readings;
  }

  #conclude(
    symbols: readonly string[],
    readings: readonly TickerReading[],
    { isAnswered, refused, unsearched }: Attempt,
  ): void {
    const [first] = [...refused.values(), ...unsearched];
    if (first && !isAnswered) {
      this.#takesStatus = null;
      throw first;
    }
    for (const [symbol, { failure }] of refused) {
      if (!this.#listing.markRefused(symbol, failure.message)) continue;
      this.#log.warn({ code: failure.code }, `left out: ${symbol} (${failure.message})`);
    }
    const answered = new Set(readings.map(({ symbol }) => symbol));
    this.#listing.clear([...answered]);
    const missing = symbols.filter((symbol) => !answered.has(symbol) && !refused.has(symbol));
    this.#listing.compare(missing.length === 0);
  }
}

function slowWords(why: string): string {
  return `symbols that stop trading stay until the listing is read again, because the exchange ${why}`;
}

/** Whether it is one symbol that is not known, or does not trade. */
function isOfSymbol({ apiCode }: CallFailure): boolean {
  return apiCode === API_CODE.BAD_SYMBOL || apiCode === API_CODE.OTHER_STATUS;
}

/** All of them; the first failure, only after every one has settled. */
async function all<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
