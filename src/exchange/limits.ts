import type {
  ExchangeFailure,
  ExchangeLimitsStore,
  ExchangeSilence,
} from '../pipeline/market-port.js';
import { DatabaseUnavailableError, type Clock } from '../pipeline/ports.js';
import type { CallFailure } from './failures.js';
import { Silence } from './silence.js';
import { minuteOf, WeightBudget } from './weight.js';

/** How soon a silence that could not be shared is told again, milliseconds. */
const RETRY_MS = 2_000;

/** The exchange's clock. */
interface ExchangeTime {
  /** Milliseconds since 1970. */
  now(): number;
  /** The exchange's clock minus ours, milliseconds; null before it was measured. */
  readonly offsetMs: number | null;
}

/**
 * What the exchange allows: silence for as long as it asked for it, and so much weight a minute. Both
 * are shared by all instances on one database, and outlive a restart there; while the database is
 * away, what this instance knows counts.
 */
export class Limits {
  readonly #clock: Clock;
  readonly #time: ExchangeTime;
  readonly #store: ExchangeLimitsStore | null;
  readonly #silence = new Silence();
  readonly #budget = new WeightBudget();
  #untold: ExchangeSilence | null = null;
  #telling: NodeJS.Timeout | undefined;

  constructor(clock: Clock, time: ExchangeTime, store: ExchangeLimitsStore | null) {
    this.#clock = clock;
    this.#time = time;
    this.#store = store;
  }

  /** The end of the silence in force: local clock, milliseconds since 1970; else null. */
  get silentUntil(): number | null {
    return this.#silence.until(this.#clock.now());
  }

  /** The failure to answer with while the exchange wants silence, else null. */
  get silence(): ExchangeFailure | null {
    return this.#silence.failure(this.#clock.now());
  }

  /** Request weight used in this minute, as the exchange states it; null before it stated any. */
  get usedWeight(): number | null {
    return this.#budget.used(this.#time.now());
  }

  /**
   * Asks to use so much weight, on behalf of all instances.
   * @returns why not now: the exchange wants silence, or this minute's weight would be passed
   */
  async admit(planned: number, limit: number): Promise<ExchangeFailure | null> {
    if (this.silence) return this.silence;
    const reserved = await this.#reserve(planned);
    if (this.silence) return this.silence;
    const lack = this.#budget.lack(planned, reserved, limit, this.#time.now());
    return (
      lack && {
        code: 'EXCHANGE_RATE_LIMITED',
        message: lack.message,
        retryAt: this.#clock.now() + lack.waitMs,
      }
    );
  }

  /** Takes note of an answer that asks for silence; others change nothing. */
  heed(failure: CallFailure): void {
    const before = this.silentUntil;
    this.#silence.heed(failure, this.#clock.now(), this.#time.offsetMs ?? 0);
    const { silence } = this;
    if (!silence || silence.retryAt === before) return;
    const { code, message, retryAt = 0 } = silence;
    this.#untold = { until: retryAt, code, message };
    void this.#tell();
  }

  /** An answer came: the next silence begins short again. */
  lift(): void {
    this.#silence.lift();
  }

  /** Takes note of the weight that an answer stated. */
  note(weight: number): void {
    this.#budget.note(weight, this.#time.now());
  }

  stop(): void {
    clearTimeout(this.#telling);
  }

  /** @returns what all instances together use in this minute, with this; null where that is not known */
  async #reserve(weight: number): Promise<number | null> {
    if (!this.#store) return null;
    try {
      const shared = await this.#store.reserve(weight, minuteOf(this.#time.now()));
      if (shared.silence) this.#silence.adopt(shared.silence, this.#clock.now());
      return shared.usedWeight;
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      return null;
    }
  }

  /** Tells the others, and whoever comes after a restart; again and again until that was possible. */
  async #tell(): Promise<void> {
    const silence = this.#untold;
    if (!this.#store || !silence || silence.until <= this.#clock.now()) return;
    try {
      await this.#store.tell(silence);
      if (this.#untold === silence) this.#untold = null;
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      clearTimeout(this.#telling);
      this.#telling = setTimeout(() => void this.#tell(), RETRY_MS).unref();
    }
  }
}
