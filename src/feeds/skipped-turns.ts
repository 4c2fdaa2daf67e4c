import { Signal } from '../async/signal.js';
import type { TurnFailure } from '../history/turn-failure.js';

/** How many are kept for subscribers that are slow to take them. */
const KEPT = 100;

/** Turns that were skipped, by whichever instance, and why. */
export class SkippedTurns {
  readonly #kept: { readonly number: number; readonly failure: TurnFailure }[] = [];
  readonly #changed = new Signal();
  #count = 0;

  /** The last one, or null. */
  get last(): TurnFailure | null {
    return this.#kept.at(-1)?.failure ?? null;
  }

  /** Adds one, unless it is known already: the instance that skipped it has announced it too. */
  add(failure: TurnFailure): void {
    const { at, code, message } = failure;
    const isKnown = this.#kept.some(
      ({ failure: known }) => known.at === at && known.code === code && known.message === message,
    );
    if (isKnown) return;
    this.#kept.push({ number: ++this.#count, failure });
    if (this.#kept.length > KEPT) this.#kept.shift();
    this.#changed.fire();
  }

  /** Each one from now on, in order, until the signal is aborted. */
  async *follow(signal: AbortSignal): AsyncGenerator<TurnFailure, void, void> {
    let last = this.#count;
    while (!signal.aborted) {
      const next = this.#kept.find(({ number }) => number > last);
      if (next) {
        last = next.number;
        yield next.failure;
      } else await this.#changed.next(signal);
    }
  }
}
