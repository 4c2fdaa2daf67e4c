import type { CycleSource } from '../feeds/cycle-source.js';
import type { Body } from './body.js';
import { closeRewound } from './rewound.js';
import type { RunningOperation } from './running-operation.js';
import { MessageHead } from './websocket-frame.js';
import type { Wire } from './wire.js';

/** Close code of WebSockets for a server that cannot go on; a client tries again. */
const INTERNAL_ERROR = 1011;

/** One subscription to cycles, and how far it has got. */
export class Member {
  readonly #operation: RunningOperation;
  /** The same as its operation has: looked for with every message, and so at hand. */
  readonly #wire: Wire;
  #isOver = false;
  readonly #head: MessageHead;
  #compressedHead: MessageHead | undefined;
  #over: AbortController | undefined;
  /** The turn after which it is sent the next one. */
  last: number;
  /** The last turn that it was sent, or said that it has; 0 for none. */
  held: number;
  /** Not yet live: it is sent stored cycles at its own pace. */
  isCatchingUp = false;

  constructor(operation: RunningOperation, { after, held }: Pick<CycleSource, 'after' | 'held'>) {
    this.#operation = operation;
    this.#wire = operation.wire;
    this.#head = MessageHead.text(operation.head);
    operation.owns(() => (this.#isOver = true));
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

  /** Whether a body has to be made ready for it first. */
  waitsFor({ isReady }: Body): boolean {
    return !isReady && this.#wire.isCompressing;
  }

  /**
   * Sends a cycle, or closes the socket of a client that has not read what it was sent.
   * @returns how many bytes of the body were sent; null where it was not
   */
  send(turn: number, body: Body): number | null {
    if (this.#isOver) return null;
    const { compressed } = body;
    const isCompressed = compressed !== null && this.#wire.isCompressing;
    const bytes = isCompressed ? compressed : body.plain;
    const head = isCompressed ? this.#headOfCompressed : this.#head;
    if (!this.#wire.sendShared(head, bytes)) return null;
    this.last = turn;
    this.held = turn;
    return bytes.length;
  }

  get #headOfCompressed(): MessageHead {
    return (this.#compressedHead ??= MessageHead.compressedText(this.#operation.head));
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
