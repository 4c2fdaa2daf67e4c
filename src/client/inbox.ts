/** What was received and not taken yet, for one who takes it piece by piece. */
export class Inbox<Item> {
  readonly #items: Item[] = [];
  #end: { readonly error: Error | null } | null = null;
  /** Those who wait for the next item, in order. */
  readonly #waiting: (() => void)[] = [];
  readonly #onEmpty: () => void;

  /** @param onEmpty called when the last of the items has been taken */
  constructor(onEmpty: () => void) {
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#items.length;
  }

  add(item: Item): void {
    if (this.#end) return;
    this.#items.push(item);
    this.#waiting.shift()?.();
  }

  /** Nothing more comes; what is there can still be taken. */
  end(error: Error | null = null): void {
    this.#end ??= { error };
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Nothing of what is there is taken any more. */
  clear(): void {
    this.#items.length = 0;
  }

  /** The next item once there is one, null at the end. @throws what it ended with, once */
  async take(): Promise<Item | null> {
    while (this.#items.length === 0 && !this.#end) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const item = this.#items.shift();
    if (item !== undefined) {
      if (this.#items.length === 0) this.#onEmpty();
      return item;
    }
    const error = this.#end?.error ?? null;
    this.#end = { error: null };
    if (error) throw error;
    return null;
  }
}
