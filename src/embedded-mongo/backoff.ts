/** The pause before the first attempt after a loss, milliseconds; it doubles with each failure. */
const SHORTEST_MS = 50;
const LONGEST_MS = 5_000;

/** Pauses that grow while attempts keep failing. */
export interface Backoff {
  /** The next pause, milliseconds. */
  next(): number;
  /** Begins again with the shortest. */
  reset(): void;
}

export function createBackoff(): Backoff {
  let pause = SHORTEST_MS;
  return {
    next() {
      const now = pause;
      pause = Math.min(pause * 2, LONGEST_MS);
      return now;
    },
    reset() {
      pause = SHORTEST_MS;
    },
  };
}
