/** What waits, by whose it is: each owner gets its turn, however much another one has waiting. */
export class FairQueue<T> {
  /** By owner, in the order of their turns; within one, first come, first served. */
  readonly #owners = new Map<string, T[]>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** How much one owner has waiting. */
  lengthOf(owner: string): number {
    return this.#owners.get(owner)?.length ?? 0;
  }

  push(owner: string, item: T): void {
    const items = this.#owners.get(owner);
    if (items) items.push(item);
    else this.#owners.set(owner, [item]);
    this.#length++;
  }

  /** Takes what is next; the owner whose it is has its next turn after all others. */
  take(mayTake: (owner: string) => boolean = () => true): T | undefined {
    for (const [owner, items] of this.#owners) {
      if (!mayTake(owner)) continue;
      const item = items.shift();
      this.#length--;
      this.#owners.delete(owner);
      if (items.length > 0) this.#owners.set(owner, items);
      return item;
    }
    return undefined;
  }

  /** Takes out one that need not wait any longer. */
  remove(owner: string, item: T): void {
    const items = this.#owners.get(owner);
    const at = items?.indexOf(item) ?? -1;
    if (!items || at === -1) return;
    items.splice(at, 1);
    this.#length--;
    if (items.length === 0) this.#owners.delete(owner);
  }
}
