/**
 * How long something of the first rank goes before the rest: past that it waits for somebody else, or is more
 * than there is time for. Milliseconds, less those that were free since.
 */
const LONGEST_MS = 1_000;

/** Whether what is of the first rank goes before the rest: where it comes without end, it does not. */
export class Precedence {
  #underWay = 0;
  /** For how long of late something was under way, as it was counted last. */
  #ms = 0;
  #countedAt = 0;

  get isUnderWay(): boolean {
    return this.#underWay > 0;
  }

  /** Whether the rest has to hold back. */
  get holds(): boolean {
    return this.isUnderWay && this.#ms + performance.now() - this.#countedAt < LONGEST_MS;
  }

  begin(): void {
    this.#count();
    this.#underWay++;
  }

  end(): void {
    this.#count();
    this.#underWay--;
  }

  #count(): void {
    const now = performance.now();
    const ms = now - this.#countedAt;
    this.#ms = Math.max(0, Math.min(this.#ms + (this.isUnderWay ? ms : -ms), LONGEST_MS));
    this.#countedAt = now;
  }
}
