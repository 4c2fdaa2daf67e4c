import type { Clock } from '../pipeline/ports.js';

const MEASURED_EVERY_MS = 600_000;
const RETRIED_AFTER_MS = 60_000;

/** The exchange's clock: ours and the measured difference, or one that is known, as a recording's is. */
export class ExchangeClock {
  readonly #clock: Clock;
  readonly #known: (() => number) | undefined;
  #offsetMs: number | null = null;
  #measureAt = 0;

  constructor(clock: Clock, known?: () => number) {
    this.#clock = clock;
    this.#known = known;
  }

  /** Milliseconds since 1970, whole. */
  now(): number {
    return Math.round(this.#known ? this.#known() : this.#clock.now() + (this.#offsetMs ?? 0));
  }

  /** The exchange's clock minus ours, milliseconds; null before it was measured. */
  get offsetMs(): number | null {
    return this.#offsetMs;
  }

  get isDue(): boolean {
    return !this.#known && this.#clock.now() >= this.#measureAt;
  }

  /** Asks for the exchange's time; half of the round trip is taken off. */
  async measure(ask: () => Promise<number>): Promise<void> {
    const asked = this.#clock.now();
    const serverTime = await ask();
    this.#offsetMs = Math.round(serverTime - (asked + this.#clock.now()) / 2);
    this.#measureAt = this.#clock.now() + MEASURED_EVERY_MS;
  }

  /** The measurement failed: what is known serves on for a while. */
  postpone(): void {
    this.#measureAt = this.#clock.now() + RETRIED_AFTER_MS;
  }
}
