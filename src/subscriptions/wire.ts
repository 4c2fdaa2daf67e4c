import type { Duplex } from 'node:stream';
import type WebSocket from 'ws';
import { isCompressing } from './compression.js';
import { Outlet } from './outlet.js';
import type { SharedMessages } from './shared-messages.js';
import { writeMessage } from './websocket-frame.js';

/** Close code for a client that does not keep up; it may come back with `after`. */
const SLOW_CONSUMER = 4508;
const NO_BYTES = Buffer.alloc(0);

/** The way out to one client over a WebSocket. */
export class Wire extends Outlet {
  readonly #socket: WebSocket;
  readonly #connection: Duplex;
  readonly isCompressing: boolean;

  constructor(socket: WebSocket, connection: Duplex) {
    super();
    this.#socket = socket;
    this.#connection = connection;
    this.isCompressing = isCompressing(socket);
    socket.once('close', () => this.end());
    connection.on('drain', () => this.wake());
  }

  protected override get isUp(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  protected override get waiting(): number {
    return this.#connection.writableLength;
  }

  /** How much the client has taken so far, bytes. */
  get taken(): number {
    const { bytesWritten } = this.#connection as Duplex & { readonly bytesWritten: number };
    return bytesWritten - this.#connection.writableLength;
  }

  /**
   * Sends a text message, in two parts where its body is not to be copied; or closes the socket of a
   * client that has not read what it was sent.
   * @returns whether it was sent
   */
  send(head: Buffer, body: Buffer = NO_BYTES): boolean {
    if (!this.hasRoom()) return false;
    writeMessage(this.#connection, head, body);
    return true;
  }

  /**
   * The same with messages that many clients get.
   * @param head of each of them
   * @returns how many bytes of their bodies were sent; null where they were not
   */
  sendShared(head: Buffer, messages: SharedMessages): number | null {
    if (!this.hasRoom()) return null;
    return messages.writeTo(this.#connection, head, this.isCompressing);
  }

  /** Answers a ping of the WebSocket protocol. */
  pong(data: Buffer): void {
    if (this.hasRoom()) this.#socket.pong(data);
  }

  /** Asks whether the client is still there. */
  ping(): void {
    if (this.hasRoom()) this.#socket.ping();
  }

  /**
   * Closes the socket; a client that does not acknowledge it is cut off.
   * @param reason at most 123 bytes
   */
  close(code: number, reason: string): void {
    if (this.isEnded) return;
    this.#socket.close(code, reason);
    this.end();
  }

  /** Cuts off a client that is not there; one that does not read what it was sent is told. */
  giveUp(): void {
    if (this.waiting > 0) return this.closeSlow();
    this.#socket.terminate();
    this.end();
  }

  protected override refuseSlow(): void {
    this.close(SLOW_CONSUMER, 'Slow consumer');
  }
}
