/** Of how many of the newest turns is known what was announced. */
const KEPT = 1_024;

/** What the newest turns were announced as, in order: by turn, the id of its cycle. */
export class AnnouncedTurns {
  readonly #ids = new Map<number, string>();

  get ids(): ReadonlyMap<number, string> {
    return this.#ids;
  }

  add(turn: number, id: string): void {
    this.#ids.set(turn, id);
    for (const oldest of this.#ids.keys()) {
      if (this.#ids.size <= KEPT) break;
      this.#ids.delete(oldest);
    }
  }

  /** Forgets the turns after one. */
  goBack(turn: number): void {
    for (const each of [...this.#ids.keys()]) if (each > turn) this.#ids.delete(each);
  }
}
