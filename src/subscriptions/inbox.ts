import type WebSocket from 'ws';
import type { Wire } from './wire.js';

/** What a client may send at once, and then in a second, bytes. */
const BURST = 8 * 1024 * 1024;
const PER_SECOND = 2 * 1024 * 1024;
/** What a message counts beside its bytes: the shortest one takes work, too. */
const PER_MESSAGE = 256;
/** How long a client may go on sending as much as it can, milliseconds. */
const LONGEST_EXCESS_MS = 5_000;
/** What may wait to be begun before nothing more is read, bytes. */
const MOST_WAITING = 256 * 1024;
/** Close code of WebSockets for a client that does what it must not. */
const POLICY_VIOLATION = 1008;

/**
 * The way in from one client. Everything that it sends is counted before anything is done for it;
 * beyond its allowance nothing more is read for so long, and one that keeps sending is closed.
 */
export class Inbox {
  readonly #socket: WebSocket;
  readonly #wire: Wire;
  readonly #now: () => number;
  #left = BURST;
  #countedAt: number;
  /** Since when it has sent more than it may. */
  #excessSince: number | null = null;
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    socket: WebSocket,
    wire: Wire,
    receive: (message: Buffer) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#socket = socket;
    this.#wire = wire;
    this.#now = now;
    this.#countedAt = now();
    socket.on('message', (message: Buffer) => {
      if (this.#count(message.length)) receive(message);
    });
    socket.on('ping', (data: Buffer) => {
      if (this.#count(data.length)) wire.pong(data);
    });
    socket.on('pong', (data: Buffer) => void this.#count(data.length));
    wire.atEnd(() => {
      clearTimeout(this.#timer);
      // That the client has closed its side, too, has to be read; from one that sends too much, nothing.
      if (this.#left >= 0) socket.resume();
    });
  }

  /** Something that was sent waits to be begun: with too much of it, nothing more is read. */
  hold(bytes: number): void {
    this.#waiting += bytes;
    this.#readOrNot();
  }

  /** It was begun, or is over. */
  release(bytes: number): void {
    this.#waiting -= bytes;
    this.#readOrNot();
  }

  /** Counts what came. @returns whether something is to be done for it */
  #count(bytes: number): boolean {
    const now = this.#now();
    const earned = ((now - this.#countedAt) / 1000) * PER_SECOND;
    this.#left = Math.min(BURST, this.#left + earned) - bytes - PER_MESSAGE;
    this.#countedAt = now;
    if (!this.#wire.isOpen) {
      if (this.#left < 0) this.#socket.pause();
      return false;
    }
    if (this.#left >= BURST / 8) this.#excessSince = null;
    else if (this.#left < 0) {
      this.#excessSince ??= now;
      if (now - this.#excessSince > LONGEST_EXCESS_MS) {
        this.#wire.close(POLICY_VIOLATION, 'More was sent than may be');
        return false;
      }
      this.#wait();
    }
    return true;
  }

  /** Reads nothing until there is an allowance again. */
  #wait(): void {
    if (this.#timer) return;
    const ms = Math.ceil((-this.#left / PER_SECOND) * 1000) + 1;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#readOrNot();
    }, ms);
    this.#readOrNot();
  }

  #readOrNot(): void {
    if (!this.#wire.isOpen) return;
    if (this.#timer || this.#waiting > MOST_WAITING) this.#socket.pause();
    else this.#socket.resume();
  }
}
