import type { Duplex } from 'node:stream';
import type WebSocket from 'ws';
import { writeText } from './frame.js';

/** What may wait for a client to read it, bytes: past that it is a slow one. */
export const MOST_BUFFERED_BYTES = 1024 * 1024;
/** Below this a client that catches up is sent more, bytes. */
const LITTLE_BUFFERED_BYTES = 64 * 1024;
/** Close code for a client that does not keep up; it may come back with `after`. */
export const SLOW_CONSUMER = 4508;
/** Close code of WebSockets for a server that cannot go on; a client tries again. */
const INTERNAL_ERROR = 1011;
/** How long a slow client gets to read why it is closed, milliseconds. */
const CLOSING_MS = 5_000;

/** One subscription of one client: its socket, its operation id, and how far it has got. */
export class Member {
  readonly #socket: WebSocket;
  readonly #connection: Duplex;
  readonly #head: Buffer;
  /** The last turn that it was sent, or has already. */
  last: number;
  /** Not yet live: it is sent stored cycles at its own pace. */
  isCatchingUp = false;
  #left = false;

  constructor(socket: WebSocket, connection: Duplex, id: string, after: number) {
    this.#socket = socket;
    this.#connection = connection;
    this.#head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    this.last = after;
  }

  get isOpen(): boolean {
    return !this.#left && this.#socket.readyState === this.#socket.OPEN;
  }

  leave(): void {
    this.#left = true;
  }

  /**
   * Sends a cycle, or closes the socket of a client that has not read what it was sent.
   * @returns whether it was sent
   */
  send(turn: number, body: Buffer): boolean {
    if (this.#connection.writableLength > MOST_BUFFERED_BYTES) {
      this.#closeSlow();
      return false;
    }
    this.last = turn;
    writeText(this.#connection, this.#head, body);
    return true;
  }

  /** Resolves when the client has read nearly all that it was sent, or is gone. */
  async drained(): Promise<void> {
    while (this.isOpen && this.#connection.writableLength > LITTLE_BUFFERED_BYTES) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          this.#connection.off('drain', done).off('close', done);
          resolve();
        };
        this.#connection.on('drain', done).on('close', done);
      });
    }
  }

  /** Ends a subscription that cannot go on; the client may come back with `after`. */
  fail(): void {
    this.leave();
    this.#socket.close(INTERNAL_ERROR, 'Cycles cannot be read at the moment');
  }

  #closeSlow(): void {
    this.leave();
    this.#socket.close(SLOW_CONSUMER, 'Slow consumer');
    setTimeout(() => this.#socket.terminate(), CLOSING_MS).unref();
  }
}
