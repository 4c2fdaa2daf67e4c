import type { CycleSource } from '../feeds/cycle-source.js';
import type { Outlet } from './outlet.js';
import type { RunningOperation } from './running-operation.js';
import type { SharedMessages } from './shared-messages.js';

/** One subscription to cycles, and how far it has got. */
export class Member {
  readonly #operation: RunningOperation;
  /** The same as its operation has: looked for with every message, and so at hand. */
  readonly #wire: Outlet;
  #isOver = false;
  /** The turn after which it is sent the next one. */
  last: number;
  /** The last turn that it was sent, or said that it has; 0 for none. */
  held: number;
  /** Not yet live: it is sent stored cycles first. */
  isCatchingUp = false;

  constructor(operation: RunningOperation, { after, held }: Pick<CycleSource, 'after' | 'held'>) {
    this.#operation = operation;
    this.#wire = operation.wire;
    operation.owns(() => (this.#isOver = true));
    this.last = after;
    this.held = held;
  }

  get isOpen(): boolean {
    return !this.#operation.isOver;
  }

  /** Whether messages have to be made ready for it first. */
  waitsFor(messages: SharedMessages): boolean {
    return this.#wire.isCompressing && !messages.isReady;
  }

  /**
   * Sends what comes next, or closes the connection of a client that has not read what it was sent.
   * @returns how many bytes of bodies were sent; null where nothing was
   */
  send(messages: SharedMessages): number | null {
    if (this.#isOver) return null;
    const bytes = this.#operation.sendShared(messages);
    if (bytes === null) return null;
    this.last = messages.through;
    this.held = messages.through;
    return bytes;
  }

  /** Whether the client has read nearly all that it was sent. */
  get isDrained(): boolean {
    return this.#wire.isDrained;
  }

  /** Resolves when the client has read nearly all that it was sent, or is gone. */
  drained(): Promise<void> {
    return this.#wire.drained();
  }

  /** A turn that it has is not stored so: it has to begin anew. */
  rewound(stands: number): void {
    this.#operation.rewound(stands);
  }

  /** Ends a subscription that cannot go on; the client may come back with `after`. */
  fail(): void {
    this.#operation.interrupt();
  }
}
