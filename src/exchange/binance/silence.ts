import type {
  ExchangeFailure,
  ExchangeFailureCode,
  ExchangeSilence,
} from '../../market/market-port.js';
import type { CallFailure } from './failures.js';
import { LONGEST_SILENCE_MS } from './retry-after.js';

const MINUTE = 60_000;
const LONGEST_DEFAULT_MS = 60 * MINUTE;

/**
 * Keeps us from calling while the exchange wants silence: for as long as it named, else for one
 * minute after a 429 and two after a 418, doubling on repeats up to an hour. Every `now` is monotonic,
 * so that setting our clock neither ends nor prolongs it.
 */
export class Silence {
  #until = -Infinity;
  #code: ExchangeFailureCode = 'EXCHANGE_RATE_LIMITED';
  #message = '';
  #repeats = 0;

  /** How much longer the silence lasts, milliseconds; null where there is none. */
  left(now: number): number | null {
    return this.#until > now ? this.#until - now : null;
  }

  /** The failure to answer with instead of calling, null where calling is allowed. */
  failure(now: number): ExchangeFailure | null {
    const retryInMs = this.left(now);
    return retryInMs === null ? null : { code: this.#code, message: this.#message, retryInMs };
  }

  /**
   * Records an answer that asks for silence; others change nothing.
   * @param exchangeNow the exchange's clock, milliseconds since 1970
   */
  register(failure: CallFailure, now: number, exchangeNow: number): void {
    if (failure.code !== 'EXCHANGE_BANNED' && failure.code !== 'EXCHANGE_RATE_LIMITED') return;
    const { silentForMs = 0, silentUntil = NaN } = failure;
    // A length needs no two clocks to agree.
    const named = silentForMs > 0 ? silentForMs : silentUntil - exchangeNow;
    // Of several answers to calls made at once, the first counts, and the longest silence holds.
    const isFirst = this.#until <= now;
    if (isFirst) this.#repeats++;
    const until = now + (named > 0 ? named : this.#default(failure.code));
    if (!isFirst && until < this.#until) return;
    this.#until = Math.min(until, now + LONGEST_SILENCE_MS);
    this.#code = failure.code;
    this.#message = failure.message;
  }

  /** Keeps a silence that another instance was told to keep. */
  extend({ leftMs, code, message }: ExchangeSilence, now: number): void {
    const until = now + Math.min(leftMs, LONGEST_SILENCE_MS);
    if (until <= Math.max(now, this.#until)) return;
    this.#until = until;
    this.#code = code;
    this.#message = message;
  }

  /** An answer came: the next silence begins short again. */
  lift(): void {
    this.#repeats = 0;
  }

  #default(code: ExchangeFailureCode): number {
    const first = code === 'EXCHANGE_BANNED' ? 2 * MINUTE : MINUTE;
    return Math.min(first * 2 ** Math.min(this.#repeats - 1, 10), LONGEST_DEFAULT_MS);
  }
}
