import { ClockLeaps } from '../time/clock-leaps.js';
import type { Clock } from '../time/clock.js';

/** How often it is looked whether wall time has leapt, milliseconds. */
const LOOK_MS = 1_000;

/** When the next turn is due, by {@link TurnTimer.now}, and the earliest that it may begin. */
interface Plan {
  readonly due: number;
  /** By the monotonic clock, which no leap moves. */
  readonly notBefore: number;
}

/**
 * Says when the next turn is due. Its time is the monotonic clock's and, beyond that, what wall time
 * has leapt forward: after a sleep of the machine a turn is due at once. A wall clock that is set
 * back changes nothing.
 */
export class TurnTimer {
  readonly #clock: Clock;
  readonly #leaps: ClockLeaps;
  readonly #onDue: (due: number) => void;
  #leapt = 0;
  #plan: Plan | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** @param onDue is given when the turn was due, by {@link now}: some milliseconds before at best */
  constructor(clock: Clock, onDue: (due: number) => void) {
    this.#clock = clock;
    this.#leaps = new ClockLeaps(clock);
    this.#onDue = onDue;
  }

  /** Milliseconds from a moment of its own. */
  now(): number {
    this.#leapt += Math.max(0, this.#leaps.take());
    return this.#clock.monotonic() + this.#leapt;
  }

  /** In how many milliseconds the next turn is due; null while none is planned. */
  get inMs(): number | null {
    if (this.#plan === null) return null;
    const { due, notBefore } = this.#plan;
    return Math.max(0, due - this.now(), notBefore - this.#clock.monotonic());
  }

  /**
   * Plans the next turn.
   * @param due by {@link now}
   * @param pauseMs how long it has to wait at least, whatever wall time does
   */
  plan(due: number, pauseMs = 0): void {
    this.#plan = { due, notBefore: this.#clock.monotonic() + pauseMs };
    this.#wait();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#plan = null;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const wait = Math.ceil(this.inMs ?? 0);
    this.#timer = setTimeout(
      () => {
        if ((this.inMs ?? 0) > 0) return this.#wait();
        const due = this.#plan?.due ?? this.now();
        this.#plan = null;
        this.#onDue(due);
      },
      Math.min(wait, LOOK_MS),
    );
  }
}
