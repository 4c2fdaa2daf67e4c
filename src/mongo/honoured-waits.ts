/** A wait of less than this part of what was asked for was not honoured. */
const LEAST_PART = 0.25;
/** So many in a row, and whoever asks has to pause by itself. */
const TOLERATED = 3;
const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Keeps watch over questions that the other side should hold until there is an answer, or the time
 * that was asked for has passed. Not every server does (the embedded engine answers at once, and so
 * does any while a collection is empty), and asking on and on would take all of a core.
 */
export class HonouredWaits {
  readonly #askedMs: number;
  #row = 0;
  #pauseMs = 0;

  /** @param askedMs how long the other side is asked to wait */
  constructor(askedMs: number) {
    this.#askedMs = askedMs;
  }

  /**
   * Records a question that brought nothing.
   * @returns how long to pause before the next, milliseconds
   */
  nothingAfter(tookMs: number): number {
    if (tookMs >= this.#askedMs * LEAST_PART) {
      this.#row = 0;
      this.#pauseMs = 0;
    } else if (++this.#row >= TOLERATED) {
      this.#pauseMs = Math.min(Math.max(this.#pauseMs * 2, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
    }
    return this.#pauseMs;
  }

  /** Records an answer: it says nothing of how long the other side would have waited. */
  something(): void {
    if (this.#pauseMs === 0) this.#row = 0;
  }
}
