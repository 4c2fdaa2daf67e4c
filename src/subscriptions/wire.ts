import type { Duplex } from 'node:stream';
import type WebSocket from 'ws';
import { isCompressing } from './compression.js';
import type { SharedMessages } from './shared-messages.js';
import { writeMessage } from './websocket-frame.js';

/** What may wait for a client to read it, bytes: past that it is a slow one. */
const MOST_BUFFERED_BYTES = 1024 * 1024;
/** Below this a client is sent more of what can wait, bytes. */
const LITTLE_BUFFERED_BYTES = 64 * 1024;
/** Close code for a client that does not keep up; it may come back with `after`. */
const SLOW_CONSUMER = 4508;
/** How long a client gets to acknowledge that it is closed, milliseconds. */
export const CLOSING_MS = 5_000;
const NO_BYTES = Buffer.alloc(0);

/**
 * The way out to one client. Whatever is written to its socket goes through here, so that one rule
 * holds for all of it: a client that has not read what it was sent is closed, and gets no more.
 */
export class Wire {
  readonly #socket: WebSocket;
  readonly #connection: Duplex;
  /** Whether the client takes compressed messages. */
  readonly isCompressing: boolean;
  readonly #atEnd: (() => void)[] = [];
  /** Who waits for the client to read. */
  readonly #draining: (() => void)[] = [];
  #isEnded = false;
  #isSlow = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(socket: WebSocket, connection: Duplex) {
    this.#socket = socket;
    this.#connection = connection;
    this.isCompressing = isCompressing(socket);
    socket.once('close', () => this.#end());
    connection.on('drain', () => this.#wake());
  }

  get isOpen(): boolean {
    return !this.#isEnded && this.#socket.readyState === this.#socket.OPEN;
  }

  /** Whether it was closed because its client did not keep up. */
  get isSlow(): boolean {
    return this.#isSlow;
  }

  /** How much the client has taken so far, bytes. */
  get taken(): number {
    const { bytesWritten } = this.#connection as Duplex & { readonly bytesWritten: number };
    return bytesWritten - this.#connection.writableLength;
  }

  /** Has something done once nothing more can be sent: at once where that is so already. */
  atEnd(done: () => void): void {
    if (this.isOpen) this.#atEnd.push(done);
    else done();
  }

  /**
   * Sends a text message, in two parts where its body is not to be copied; or closes the socket of a
   * client that has not read what it was sent.
   * @returns whether it was sent
   */
  send(head: Buffer, body: Buffer = NO_BYTES): boolean {
    if (!this.#hasRoom()) return false;
    writeMessage(this.#connection, head, body);
    return true;
  }

  /**
   * The same with messages that many clients get.
   * @param head of each of them
   * @returns how many bytes of their bodies were sent; null where they were not
   */
  sendShared(head: Buffer, messages: SharedMessages): number | null {
    if (!this.#hasRoom()) return null;
    return messages.writeTo(this.#connection, head, this.isCompressing);
  }

  /** Answers a ping of the WebSocket protocol. */
  pong(data: Buffer): void {
    if (this.#hasRoom()) this.#socket.pong(data);
  }

  /** Asks whether the client is still there. */
  ping(): void {
    if (this.#hasRoom()) this.#socket.ping();
  }

  /**
   * Closes the socket; a client that does not acknowledge it is cut off.
   * @param reason at most 123 bytes
   */
  close(code: number, reason: string): void {
    if (this.#isEnded) return;
    this.#socket.close(code, reason);
    this.#end();
  }

  /** Cuts off a client that is not there; one that does not read what it was sent is told. */
  giveUp(): void {
    if (this.#connection.writableLength > 0) return this.#closeSlow();
    this.#socket.terminate();
    this.#end();
  }

  /** Whether the client has read nearly all that it was sent. */
  get isDrained(): boolean {
    return this.#connection.writableLength <= LITTLE_BUFFERED_BYTES;
  }

  /** Resolves when the client has read nearly all that it was sent, or is gone. */
  async drained(): Promise<void> {
    while (this.isOpen && !this.isDrained) {
      await new Promise<void>((resolve) => this.#draining.push(resolve));
    }
  }

  /**
   * Has something sent that can wait, when the client has read nearly all that came before: one at a
   * time, so that many that waited do not come all at once.
   */
  inTurn(send: () => void | Promise<void>): Promise<void> {
    const turn = this.#turn.then(async () => {
      await this.drained();
      await send();
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #hasRoom(): boolean {
    if (!this.isOpen) return false;
    if (this.#connection.writableLength <= MOST_BUFFERED_BYTES) return true;
    this.#closeSlow();
    return false;
  }

  #closeSlow(): void {
    this.#isSlow = true;
    this.close(SLOW_CONSUMER, 'Slow consumer');
  }

  #end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#wake();
    for (const done of this.#atEnd.splice(0)) done();
  }

  #wake(): void {
    for (const go of this.#draining.splice(0)) go();
  }
}
