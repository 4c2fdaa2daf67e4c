import type { Clock } from './clock.js';

/** Wall time that parts from measured time by so much was set, or the machine slept, milliseconds. */
const LEAP_MS = 1_000;

/** Wall time and measured time, read together. */
function offsetOf(clock: Clock): number {
  return clock.now() - clock.monotonic();
}

/**
 * Notices that wall time has leapt against measured time: forward where the clock was set or the
 * machine slept, which look alike from here; back where the clock was set.
 */
export class ClockLeaps {
  readonly #clock: Clock;
  #offset: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offset = offsetOf(clock);
  }

  /** How far wall time has leapt since {@link take} was last called, milliseconds; mostly 0. */
  get since(): number {
    const leap = offsetOf(this.#clock) - this.#offset;
    return Math.abs(leap) < LEAP_MS ? 0 : leap;
  }

  /** The leap, which then counts as seen. */
  take(): number {
    const leap = this.since;
    this.#offset = offsetOf(this.#clock);
    return leap;
  }
}

/** When something is to be read again: after a while, and at once when wall time has leapt. */
export class ReadAgain {
  readonly #clock: Clock;
  readonly #leaps: ClockLeaps;
  #at = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#leaps = new ClockLeaps(clock);
  }

  get isDue(): boolean {
    return this.#leaps.since !== 0 || this.#clock.monotonic() >= this.#at;
  }

  /** In so many milliseconds, counted from now. */
  after(ms: number): void {
    this.#leaps.take();
    this.#at = this.#clock.monotonic() + ms;
  }

  /** In so many milliseconds, or sooner where that was planned already. */
  within(ms: number): void {
    this.#at = Math.min(this.#at, this.#clock.monotonic() + ms);
  }
}
