import type { GraphQLFormattedError } from 'graphql';
import type { Wire } from './wire.js';

/**
 * One operation of one client, from its `subscribe` on until its `complete`, its own end, or the end
 * of the socket. An id that is used again makes another one. What is opened for it is closed with
 * it, and once it is over nothing more is sent for it.
 */
export class RunningOperation {
  readonly id: string;
  readonly #wire: Wire;
  readonly #opened: (() => void)[] = [];
  #isOver = false;

  constructor(id: string, wire: Wire) {
    this.id = id;
    this.#wire = wire;
  }

  get isOver(): boolean {
    return this.#isOver || !this.#wire.isOpen;
  }

  get wire(): Wire {
    return this.#wire;
  }

  /** What stands before the payload of each of its answers. */
  get head(): Buffer {
    return Buffer.from(`{"id":${JSON.stringify(this.id)},"type":"next","payload":`);
  }

  /** Has something closed with the operation: at once where it is over already. */
  owns(close: () => void): void {
    if (this.isOver) close();
    else this.#opened.push(close);
  }

  /** Ends it without a word. */
  end(): void {
    this.#isOver = true;
    for (const close of this.#opened.splice(0)) close();
  }

  /** Sends an answer: a payload and the end of the message that it stands in. */
  next(body: Buffer): void {
    if (!this.isOver) this.#wire.send(this.head, body);
  }

  /** Ends it and says why; it has brought nothing, or brings nothing more. */
  fail(errors: readonly GraphQLFormattedError[]): void {
    this.#endWith({ id: this.id, type: 'error', payload: errors });
  }

  /** Ends it and says so. */
  complete(): void {
    this.#endWith({ id: this.id, type: 'complete' });
  }

  #endWith(message: object): void {
    if (this.isOver) return;
    // Its id is free when the client reads this.
    this.end();
    this.#wire.send(Buffer.from(JSON.stringify(message)));
  }
}
