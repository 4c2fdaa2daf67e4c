import type { ReplayPosition } from '../../market/market-port.js';
import type { Clock } from '../../time/clock.js';
import type { ExchangeFeed } from '../served/feed.js';
import type { KlineQuery } from '../served/klines.js';
import { knownKlines } from '../served/known-klines.js';
import type { Recording } from './recording.js';

/** A factor on the recording's own pace, or one moment a cycle. */
export type ReplaySpeed = number | 'step';

/**
 * Plays a recording as an exchange. Its clock is the recording's: from the first moment, or from
 * just after the last stored frame, to the last moment, where it stands still.
 */
export class ReplayPlayer implements ExchangeFeed {
  readonly #recording: Recording;
  readonly #speed: ReplaySpeed;
  readonly #clock: Clock;
  readonly #first: number;
  readonly #last: number;
  /** The recording's time at our monotonic time `since`; not running before the first cycle. */
  #position: number;
  #since: number | null = null;
  /** Where it stands while a cycle reads it. */
  #heldAt: number | null = null;

  /** @param after `observedAt` of the last stored cycle, milliseconds since 1970; null without one */
  constructor(recording: Recording, speed: ReplaySpeed, clock: Clock, after: number | null) {
    this.#recording = recording;
    this.#speed = speed;
    this.#clock = clock;
    this.#first = recording.moments[0] as number;
    this.#last = recording.moments.at(-1) as number;
    this.#position = after === null ? this.#first : this.#clamp(after + 1);
  }

  now(): number {
    if (this.#heldAt !== null) return this.#heldAt;
    if (this.#speed === 'step' || this.#since === null) return this.#position;
    return this.#clamp(this.#position + (this.#clock.monotonic() - this.#since) * this.#speed);
  }

  /** Where it begins and ends, and where it is. */
  get position(): ReplayPosition {
    return { from: this.#first, to: this.#last, at: this.now() };
  }

  /**
   * Begins a cycle: starts the clock, or steps to the first moment later than `after` that can be
   * played, and stands there until it is released: prices and the moment they are of belong together,
   * however long reading them takes. False when no moment follows.
   */
  advance(after: number | null): boolean {
    this.release();
    if (this.#speed !== 'step') {
      if (after !== null && after >= this.#last) return false;
      this.#since ??= this.#clock.monotonic();
      this.#heldAt = this.now();
      return true;
    }
    const next = this.#recording.next(after);
    this.#position = next ?? this.#last;
    return next !== null;
  }

  /** The clock goes on, as if it had never stood. */
  release(): void {
    this.#heldAt = null;
  }

  /** Whether the clock stays at a moment until it is told to go on. */
  standsAt(moment: number): boolean {
    return this.#speed === 'step' || moment >= this.#last;
  }

  listings() {
    return this.#recording.listings;
  }

  tickers(at: number, symbols?: readonly string[]) {
    return this.#recording.tickers(at, symbols);
  }

  /** A recorded candle is known once it is closed: at the moment after it. */
  klines(query: KlineQuery, isGone: () => boolean) {
    return knownKlines(this, query, 0, isGone);
  }

  #clamp(moment: number): number {
    return Math.min(Math.max(moment, this.#first), this.#last);
  }
}
