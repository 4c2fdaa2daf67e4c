import { ClockLeaps, ReadAgain } from '../../time/clock-leaps.js';
import type { Clock } from '../../time/clock.js';

const MEASURED_EVERY_MS = 600_000;
const RETRIED_AFTER_MS = 60_000;

/**
 * The exchange's clock: what it said when it was asked, and the time that has passed since; or one
 * that is known, as a recording's is. Setting our own clock does not move it.
 */
export class ExchangeClock {
  readonly #clock: Clock;
  readonly #known: (() => number) | undefined;
  readonly #measureAgain: ReadAgain;
  /** Since it was measured. */
  readonly #leaps: ClockLeaps;
  /** The exchange's clock minus our monotonic one, milliseconds; null before it was measured. */
  #ahead: number | null = null;

  constructor(clock: Clock, known?: () => number) {
    this.#clock = clock;
    this.#known = known;
    this.#measureAgain = new ReadAgain(clock);
    this.#leaps = new ClockLeaps(clock);
  }

  /** Milliseconds since 1970, whole; by our own clock before it was measured. */
  now(): number {
    if (this.#known) return Math.round(this.#known());
    if (this.#ahead === null) return Math.round(this.#clock.now());
    return Math.round(this.#clock.monotonic() + this.#ahead);
  }

  /**
   * The exchange's clock minus ours, milliseconds; null before it was measured, and where that says
   * nothing any more: our clock was set since, or the machine has slept.
   */
  get offsetMs(): number | null {
    if (this.#ahead === null || this.#leaps.since !== 0) return null;
    return Math.round(this.#clock.monotonic() + this.#ahead - this.#clock.now());
  }

  get isDue(): boolean {
    return !this.#known && this.#measureAgain.isDue;
  }

  /** Asks for the exchange's time; half of the round trip is taken off. */
  async measure(ask: () => Promise<number>): Promise<void> {
    this.#leaps.take();
    const asked = this.#clock.monotonic();
    const serverTime = await ask();
    this.#ahead = serverTime - (asked + this.#clock.monotonic()) / 2;
    // The machine may have slept while it waited for the answer.
    this.#measureAgain.after(this.#leaps.since === 0 ? MEASURED_EVERY_MS : 0);
  }

  /** The measurement failed: what is known serves on for a while. */
  postpone(): void {
    this.#measureAgain.after(RETRIED_AFTER_MS);
  }
}
