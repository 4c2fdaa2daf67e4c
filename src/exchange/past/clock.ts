import type { Clock } from '../../time/clock.js';

/** A stretch of time, milliseconds since 1970, both ends included. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The time of an exchange that plays a stretch of the past: it stands at the beginning until
 * somebody asks, then passes at its own pace, and stands still at the end.
 */
export class PastClock {
  readonly stretch: Stretch;
  readonly #speed: number;
  readonly #clock: Clock;
  #since: number | null = null;

  /** @param speed how many times as fast as it was; 0: it stands still */
  constructor(stretch: Stretch, speed: number, clock: Clock) {
    this.stretch = stretch;
    this.#speed = speed;
    this.#clock = clock;
  }

  /** Has time pass from now on, where it does not yet. */
  start(): void {
    this.#since ??= this.#clock.monotonic();
  }

  now(): number {
    const { from, to } = this.stretch;
    const passed = this.#since === null ? 0 : this.#clock.monotonic() - this.#since;
    return Math.min(from + Math.floor(passed * this.#speed), to);
  }

  get isOver(): boolean {
    return this.#since !== null && this.now() === this.stretch.to;
  }
}
