import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { BEAT, comment, retry } from './event-text.js';
import { CLOSING_MS, Outlet } from './outlet.js';
import type { SharedMessages } from './shared-messages.js';

/** When a client whose stream has ended is to come back, milliseconds: not all of them at once. */
const EARLIEST_RETURN_MS = 1_000;
const RETURN_WITHIN_MS = 2_000;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // Proxies pass each event on as it comes.
  'X-Accel-Buffering': 'no',
} as const;

/** The way out to one client as a stream of server-sent events. */
export class EventOutlet extends Outlet {
  readonly #response: ServerResponse;
  /** What is written to once the stream has begun: nothing of HTTP stands between its events. */
  #connection: Writable;
  readonly isCompressing = false;
  /** What the client had taken at the last beat, where something waited for it; null where nothing did. */
  #takenBefore: number | null = null;

  constructor(response: ServerResponse) {
    super();
    this.#response = response;
    this.#connection = response;
    response.once('close', () => this.end());
    response.on('drain', () => this.wake());
    // A client that goes away is no fault.
    response.on('error', () => undefined);
  }

  protected override get isUp(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  protected override get waiting(): number {
    return this.#response.writableLength;
  }

  /** Begins the stream. */
  open(): void {
    const response = this.#response;
    // The connection is the stream's alone, and ends it: events go out as they are, without chunks.
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, HEADERS);
    this.write(retry(EARLIEST_RETURN_MS + Math.floor(Math.random() * RETURN_WITHIN_MS)));
    // Has none of its own yet where its client has not waited for an earlier answer.
    if (!response.socket) return;
    this.#connection = response.socket.setNoDelay(true).setKeepAlive(true, CLOSING_MS);
    this.#connection.on('drain', () => this.wake());
  }

  /**
   * Sends bytes as they are, or closes the stream of a client that has not read what it was sent.
   * @returns whether they were sent
   */
  write(bytes: Buffer): boolean {
    if (!this.hasRoom()) return false;
    this.#connection.write(bytes);
    return true;
  }

  /** @returns how many bytes were sent; null where they were not */
  sendShared({ events }: SharedMessages): number | null {
    return this.write(events) ? events.length : null;
  }

  /**
   * Keeps the connection from looking idle. A client that has something to read has to read of it from
   * one beat to the next.
   */
  beat(): void {
    const { waiting } = this;
    if (waiting === 0) {
      this.#takenBefore = null;
      this.write(BEAT);
      return;
    }
    const taken = (this.#response.socket?.bytesWritten ?? 0) - waiting;
    if (this.#takenBefore !== null && taken <= this.#takenBefore) return this.closeSlow();
    this.#takenBefore = taken;
  }

  /** Ends the stream, with some last bytes; a client that does not take them is cut off. */
  finish(last: Buffer): void {
    if (!this.isOpen) return;
    const response = this.#response;
    response.end(last);
    const late = setTimeout(() => response.destroy(), CLOSING_MS);
    response.once('close', () => clearTimeout(late));
    this.end();
  }

  protected override refuseSlow(): void {
    this.finish(comment('what was sent is not read; come back with Last-Event-ID'));
  }
}
