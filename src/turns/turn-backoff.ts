/** The longest pause between two attempts, unless the interval is longer, milliseconds. */
const LONGEST_MS = 30_000;
/** The pause between two attempts while the database is away, milliseconds. */
const DATABASE_PAUSE_MS = 1_000;

/** How long to wait after turns that failed one after another. */
export class TurnBackoff {
  readonly #intervalMs: number;
  readonly #random: () => number;
  #failures = 0;

  /** @param random from 0 to 1: spreads the attempts of many who failed at the same time */
  constructor(intervalMs: number, random: () => number = Math.random) {
    this.#intervalMs = intervalMs;
    this.#random = random;
  }

  /** How many turns have failed in a row. */
  get failures(): number {
    return this.#failures;
  }

  reset(): void {
    this.#failures = 0;
  }

  /**
   * Counts a failure. @returns the shortest pause after it, milliseconds: nothing after the first,
   * then doubling
   */
  afterFailure(isDatabaseAway: boolean): number {
    this.#failures++;
    if (isDatabaseAway) return DATABASE_PAUSE_MS;
    if (this.#failures < 2) return 0;
    const longest = Math.max(LONGEST_MS, this.#intervalMs);
    const pause = Math.min(this.#intervalMs * 2 ** (this.#failures - 1), longest);
    return pause * (0.5 + 0.5 * this.#random());
  }
}
