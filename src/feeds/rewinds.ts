/** What was announced turned out not to be stored so. */
export interface Rewind {
  /** The last turn that stands as it was announced. Who has a later one has what is nowhere. */
  readonly stands: number;
  /** The turn that everything goes on after: {@link stands}, where it is known that far back. */
  readonly goesOnAfter: number;
}

/** A turn that was given to somebody is not stored so. */
export class RewoundError extends Error {
  override readonly name = 'RewoundError';

  constructor(readonly stands: number) {
    super(`the turns after ${stands} are not stored as they were pushed`);
  }
}

/** Says that something is taken back: its listeners are called in the same moment. */
export class Rewinds<T> {
  readonly #listeners = new Set<(rewind: T) => void>();

  /** @returns what ends it */
  on(listener: (rewind: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(rewind: T): void {
    for (const listener of [...this.#listeners]) listener(rewind);
  }
}
