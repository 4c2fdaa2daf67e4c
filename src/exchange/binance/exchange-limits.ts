import { randomUUID } from 'node:crypto';
import type {
  ExchangeFailure,
  ExchangeLimitsStore,
  ExchangeSilence,
} from '../../market/market-port.js';
import { unlessAway } from '../../history/database-unavailable.js';
import { type Clock } from '../../time/clock.js';
import type { CallFailure } from './failures.js';
import { Silence } from './silence.js';
import { minuteOf, UsedWeight } from './weight.js';

/** How soon a silence that could not be shared is shared again, milliseconds. */
const RETRY_MS = 2_000;
/** How many shared silences are remembered. */
const KNOWN_SILENCES = 8;

/** The exchange's clock. */
interface ExchangeTime {
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * What the exchange allows: silence for as long as it asked for it, and so much weight a minute. Both
 * are shared by all instances on one database, and outlive a restart there; while the database is
 * away, what this instance knows counts.
 */
export class ExchangeLimits {
  readonly #clock: Clock;
  readonly #time: ExchangeTime;
  readonly #store: ExchangeLimitsStore | null;
  readonly #silence = new Silence();
  readonly #usedWeight = new UsedWeight();
  /** Shared silences that are kept here, or were: the database's clock cannot prolong them. */
  #known: string[] = [];
  /** A silence that the others are yet to hear of, and its end by the monotonic clock. */
  #unpublished: (Omit<ExchangeSilence, 'leftMs'> & { readonly until: number }) | null = null;
  #publishing: NodeJS.Timeout | undefined;

  constructor(clock: Clock, time: ExchangeTime, store: ExchangeLimitsStore | null) {
    this.#clock = clock;
    this.#time = time;
    this.#store = store;
  }

  /** The end of the silence in force: local clock, milliseconds since 1970; else null. */
  get silentUntil(): number | null {
    const left = this.#silence.left(this.#clock.monotonic());
    return left === null ? null : Math.round(this.#clock.now() + left);
  }

  /** The failure to answer with while the exchange wants silence, else null. */
  get silence(): ExchangeFailure | null {
    return this.#silence.failure(this.#clock.monotonic());
  }

  /** Request weight used in this minute, as the exchange states it; null before it stated any. */
  get usedWeight(): number | null {
    return this.#usedWeight.used(this.#time.now());
  }

  /**
   * Asks to use so much weight, on behalf of all instances.
   * @returns why not now: the exchange wants silence, or this minute's weight would be passed
   */
  async admit(planned: number, limit: number): Promise<ExchangeFailure | null> {
    if (this.silence) return this.silence;
    const reserved = await this.#reserve(planned);
    if (this.silence) return this.silence;
    const shortfall = this.#usedWeight.shortfall(planned, reserved, limit, this.#time.now());
    return (
      shortfall && {
        code: 'EXCHANGE_RATE_LIMITED',
        message: shortfall.message,
        retryInMs: shortfall.waitMs,
      }
    );
  }

  /** Records an answer that asks for silence; others change nothing. */
  register(failure: CallFailure): void {
    const now = this.#clock.monotonic();
    const before = this.#silence.left(now);
    this.#silence.register(failure, now, this.#time.now());
    const left = this.#silence.left(now);
    const { silence } = this;
    if (!silence || left === null || left === before) return;
    const { code, message } = silence;
    this.#unpublished = { id: randomUUID(), until: now + left, code, message };
    this.#remember(this.#unpublished.id);
    void this.#publish();
  }

  /** An answer came: the next silence begins short again. */
  lift(): void {
    this.#silence.lift();
  }

  /** Records the weight that an answer stated. */
  update(weight: number): void {
    this.#usedWeight.update(weight, this.#time.now());
  }

  stop(): void {
    clearTimeout(this.#publishing);
  }

  /** @returns what all instances together use in this minute, with this; null where that is not known */
  async #reserve(weight: number): Promise<number | null> {
    if (!this.#store) return null;
    const reservation = this.#store.reserve(weight, minuteOf(this.#time.now()));
    const shared = await unlessAway(reservation, () => null);
    if (!shared) return null;
    const { silence, usedWeight } = shared;
    if (silence && !this.#known.includes(silence.id)) {
      this.#silence.extend(silence, this.#clock.monotonic());
      this.#remember(silence.id);
    }
    return usedWeight;
  }

  #remember(id: string): void {
    this.#known = [id, ...this.#known].slice(0, KNOWN_SILENCES);
  }

  /** Shares it with the others, and whoever comes after a restart; again and again until that was possible. */
  async #publish(): Promise<void> {
    const silence = this.#unpublished;
    if (!this.#store || !silence) return;
    const { until, ...rest } = silence;
    const leftMs = until - this.#clock.monotonic();
    if (leftMs <= 0) return;
    const isShared = await unlessAway(
      this.#store.publish({ ...rest, leftMs }).then(() => true),
      () => false,
    );
    if (isShared) {
      if (this.#unpublished === silence) this.#unpublished = null;
      return;
    }
    clearTimeout(this.#publishing);
    this.#publishing = setTimeout(() => void this.#publish(), RETRY_MS).unref();
  }
}
