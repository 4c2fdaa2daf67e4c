import type { RunningOperation } from './running-operation.js';

/** Close code of WebSockets for a server that cannot go on; a client tries again. */
const INTERNAL_ERROR = 1011;

/** One subscription to cycles, and how far it has got. */
export class Member {
  readonly #operation: RunningOperation;
  readonly #head: Buffer;
  /** The last turn that it was sent, or has already. */
  last: number;
  /** Not yet live: it is sent stored cycles at its own pace. */
  isCatchingUp = false;

  constructor(operation: RunningOperation, after: number) {
    this.#operation = operation;
    this.#head = operation.head;
    this.last = after;
  }

  get isOpen(): boolean {
    return !this.#operation.isOver;
  }

  /**
   * Sends a cycle, or closes the socket of a client that has not read what it was sent.
   * @returns whether it was sent
   */
  send(turn: number, body: Buffer): boolean {
    if (!this.isOpen || !this.#operation.wire.send(this.#head, body)) return false;
    this.last = turn;
    return true;
  }

  /** Resolves when the client has read nearly all that it was sent, or is gone. */
  drained(): Promise<void> {
    return this.#operation.wire.drained();
  }

  /** Ends a subscription that cannot go on; the client may come back with `after`. */
  fail(): void {
    this.#operation.end();
    this.#operation.wire.close(INTERNAL_ERROR, 'Cycles cannot be read at the moment');
  }
}
