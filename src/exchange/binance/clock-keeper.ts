import { asCallFailed, type Calls } from './calls.js';
import type { ExchangeClock } from './exchange-clock.js';
import { WEIGHT } from './weight.js';

/** Keeps the exchange's clock up to date by asking for its time. */
export class ClockKeeper {
  readonly #time: ExchangeClock;
  readonly #calls: Calls;
  #warning: string | null = null;

  constructor(time: ExchangeClock, calls: Calls) {
    this.#time = time;
    this.#calls = calls;
  }

  /** Why our own clock is gone by, in words; null where the exchange tells its time. */
  get warning(): string | null {
    return this.#warning;
  }

  /** Request weight of what is due. */
  get dueWeight(): number {
    return this.#time.isDue ? WEIGHT.time : 0;
  }

  measure(signal: AbortSignal): Promise<void> {
    return this.#time.measure(() => this.#calls.time(signal));
  }

  /**
   * Measures it where that is due. An exchange that has prices and no time is read by our own clock,
   * and says so.
   * @throws {CallFailedError} where the exchange is away
   */
  async keep(signal: AbortSignal): Promise<void> {
    if (!this.#time.isDue) return;
    try {
      await this.measure(signal);
      this.#warning = null;
    } catch (error) {
      const { failure } = asCallFailed(error);
      if (!['EXCHANGE_ERROR', 'EXCHANGE_BAD_RESPONSE'].includes(failure.code)) throw error;
      this.#time.postpone();
      this.#warning = `The exchange does not tell its time: ${failure.message}`;
    }
  }
}
