/** How many connections each address has open, of all kinds that stay open. */
export class Connections {
  readonly #perClient: number;
  readonly #counts = new Map<string, number>();

  /** @param perClient how many one address may have open */
  constructor(perClient: number) {
    this.#perClient = perClient;
  }

  /** Why an address gets no further connection, in words; null where it does. */
  refuse(address: string): string | null {
    const known = this.#counts.get(address) ?? 0;
    if (known < this.#perClient) return null;
    return `WebSockets and event streams of one address: ${this.#perClient} are allowed, and ${known} are open`;
  }

  /** Counts one. @returns what is to be called once, when it has closed */
  add(address: string): () => void {
    this.#change(address, 1);
    return () => this.#change(address, -1);
  }

  #change(address: string, change: 1 | -1): void {
    const count = (this.#counts.get(address) ?? 0) + change;
    if (count > 0) this.#counts.set(address, count);
    else this.#counts.delete(address);
  }
}
