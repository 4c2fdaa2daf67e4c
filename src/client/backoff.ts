const FIRST_MS = 250;
const LONGEST_MS = 10_000;
/** A connection that lasted so long was a good one, milliseconds. */
const GOOD_MS = 10_000;

/**
 * How long to wait after each failure in a row: twice as long as after the one before, up to a bound, and
 * each time a part of that by chance, so that those who lost a server together do not come back together.
 */
export class Backoff {
  readonly #longestMs: number;
  #failures = 0;
  #begunAt = performance.now();

  constructor(longestMs = LONGEST_MS) {
    this.#longestMs = longestMs;
  }

  /** An attempt begins. */
  begin(): void {
    this.#begunAt = performance.now();
  }

  /** It came to something. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** It failed: how long to wait before the next, milliseconds. */
  failed(): number {
    if (performance.now() - this.#begunAt > GOOD_MS) this.#failures = 0;
    const wait = Math.min(this.#longestMs, FIRST_MS * 2 ** this.#failures++);
    return wait * (0.5 + Math.random() / 2);
  }
}

/** Pauses that all can be ended at once. */
export class Pauses {
  readonly #waiting = new Set<() => void>();

  /** Waits so long, or until {@link endAll}, or until the signal is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#waiting.add(end);
      signal.addEventListener('abort', end);
    });
  }

  endAll(): void {
    for (const end of [...this.#waiting]) end();
  }
}
