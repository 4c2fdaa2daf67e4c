import type { GraphQLFormattedError } from 'graphql';
import type { JsonText } from '../graphql/json.js';
import type { Outlet } from './outlet.js';
import type { SharedMessages } from './shared-messages.js';

/**
 * One operation of one client, until it is completed, its own end, or the end of the connection. What
 * is opened for it is closed with it, and once it is over nothing more is sent for it. How its answers
 * are told is its protocol's.
 */
export abstract class RunningOperation<Out extends Outlet = Outlet> {
  readonly wire: Out;
  readonly #opened: (() => void)[] = [];
  #isOver = false;

  constructor(wire: Out) {
    this.wire = wire;
  }

  get isOver(): boolean {
    return this.#isOver || !this.wire.isOpen;
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

  /** Sends an answer. */
  abstract next(answer: JsonText): void;

  /**
   * Sends answers that many get.
   * @returns how many bytes of them were sent; null where they were not
   */
  abstract sendShared(messages: SharedMessages): number | null;

  /** Ends it and says why; it has brought nothing, or brings nothing more. */
  abstract fail(errors: readonly GraphQLFormattedError[]): void;

  /** Ends it and says so. */
  abstract complete(): void;

  /**
   * Ends it and its connection: turns that its client has are not stored so, and it has to begin anew.
   * @param stands the last turn that is stored as it was sent
   */
  abstract rewound(stands: number): void;

  /** Ends it and its connection, as it cannot go on at the moment; its client may come back with `after`. */
  abstract interrupt(): void;
}

/** @param stands the last turn that is stored as it was sent */
export function rewoundWords(stands: number): string {
  return `The turns after ${stands} are not stored as they were sent; begin anew`;
}
