import type { CycleSource } from '../feeds/cycle-source.js';
import { closeRewound } from './rewound.js';
import type { RunningOperation } from './running-operation.js';

/** Close code of WebSockets for a server that cannot go on; a client tries again. */
const INTERNAL_ERROR = 1011;

/** One subscription to cycles, and how far it has got. */
export class Member {
  readonly #operation: RunningOperation;
  readonly #head: Buffer;
  #over: AbortController | undefined;
  /** The turn after which it is sent the next one. */
  last: number;
  /** The last turn that it was sent, or said that it has; 0 for none. */
  held: number;
  /** Not yet live: it is sent stored cycles at its own pace. */
  isCatchingUp = false;

  constructor(operation: RunningOperation, { after, held }: Pick<CycleSource, 'after' | 'held'>) {
    this.#operation = operation;
    this.#head = operation.head;
    this.last = after;
    this.held = held;
  }

  get isOpen(): boolean {
    return !this.#operation.isOver;
  }

  /** Aborted when it is over. Most never ask. */
  get over(): AbortSignal {
    if (!this.#over) {
      const over = new AbortController();
      this.#operation.owns(() => over.abort());
      this.#over = over;
    }
    return this.#over.signal;
  }

  /**
   * Sends a cycle, or closes the socket of a client that has not read what it was sent.
   * @returns whether it was sent
   */
  send(turn: number, body: Buffer): boolean {
    if (!this.isOpen || !this.#operation.wire.send(this.#head, body)) return false;
    this.last = turn;
    this.held = turn;
    return true;
  }

  /** Resolves when the client has read nearly all that it was sent, or is gone. */
  drained(): Promise<void> {
    return this.#operation.wire.drained();
  }

  /** A turn that it has is not stored so: it has to begin anew. */
  rewound(stands: number): void {
    this.#operation.end();
    closeRewound(this.#operation.wire, stands);
  }

  /** Ends a subscription that cannot go on; the client may come back with `after`. */
  fail(): void {
    this.#operation.end();
    this.#operation.wire.close(INTERNAL_ERROR, 'Cycles cannot be read at the moment');
  }
}
