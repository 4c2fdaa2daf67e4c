import { createHash, randomUUID } from 'node:crypto';
import { FORMULA_VERSION } from '../domain/cycle.js';
import type { TurnControl } from './control-store.js';

/** The marks that say what of the stored cycles is gone, or to be read again. */
type Marks = Pick<TurnControl, 'visibleFrom' | 'purgedThrough' | 'cacheResets'>;

/** What is recorded of the stored cycles as a whole, as it was last known. */
export class StorageMarks {
  /** A database that was put back while nothing ran leaves no trace: each start begins anew. */
  readonly #start = randomUUID();
  #marks: Marks | null = null;
  #rewinds = 0;
  #latestObserved = -Infinity;
  #returns = 0;
  #epoch: string | null = null;
  #text: string | null = null;

  /** The first turn that is shown; before it may be one that others are derived from. */
  get visibleFrom(): number {
    return this.#marks?.visibleFrom ?? 1;
  }

  get purgedThrough(): number {
    return this.#marks?.purgedThrough ?? 0;
  }

  /** @returns whether the caches of all instances were to be dropped since */
  apply({ visibleFrom, purgedThrough, cacheResets }: Marks): boolean {
    const isReset = this.#marks !== null && this.#marks.cacheResets !== cacheResets;
    this.#marks = { visibleFrom, purgedThrough, cacheResets };
    this.#epoch = null;
    this.#text = null;
    return isReset;
  }

  /** Turns were taken back: others may be stored in their place. */
  countRewind(): void {
    this.#rewinds++;
    this.#epoch = null;
  }

  /** A turn was announced. @param observedAt milliseconds since 1970 */
  observe(observedAt: number): void {
    if (observedAt < this.#latestObserved) this.#returns++;
    else this.#latestObserved = observedAt;
  }

  /** The same on every instance. */
  toString(): string {
    return (this.#text ??= `${this.visibleFrom} ${this.purgedThrough} ${this.#marks?.cacheResets}`);
  }

  /**
   * While it is the same, so is every stored cycle with all that is derived from it. Purges, retention,
   * resets, rewinds and each start make another.
   */
  get epoch(): string {
    return (this.#epoch ??= `${FORMULA_VERSION}-${this.#hash()}`);
  }

  /**
   * While it is the same, so is every range of time that ended before the newest turn, too: another one
   * as {@link epoch}, and where a clock went back, so that turns fell into what was over.
   */
  get rangeEpoch(): string {
    return this.#returns === 0 ? this.epoch : `${this.epoch}-${this.#returns}`;
  }

  #hash(): string {
    const all = `${this.#start} ${this.#rewinds} ${this.toString()}`;
    return createHash('sha256').update(all).digest('base64url').slice(0, 16);
  }
}
