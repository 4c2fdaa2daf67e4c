import { once } from 'node:events';
import WebSocket, { type ClientOptions } from 'ws';
import type { Answer } from './app.js';
import { inTime } from './until.js';

/** A graphql-transport-ws connection, spoken by hand: what the protocol says is there to be seen. */
export class RawSocket {
  readonly #socket: WebSocket;
  readonly #messages: string[] = [];
  readonly #closed: Promise<number>;
  #last = 'none came before';
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      this.#messages.push(data.toString());
      this.#wake();
    });
  }

  /**
   * Connects, and opens the session where `payload` is not null: resolves when the server has
   * acknowledged it, or closed the socket.
   */
  static async open(
    { url }: { readonly url: string },
    payload: object | null = {},
    options: ClientOptions = {},
  ): Promise<RawSocket> {
    const address = `${url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(address, 'graphql-transport-ws', options);
    const raw = new RawSocket(socket);
    await once(socket, 'open');
    if (payload) {
      raw.send({ type: 'connection_init', payload });
      await Promise.race([raw.next(), raw.#closed]);
    }
    return raw;
  }

  send(message: object | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next message; a wait that is too long tells of the one before. */
  async next(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.nextText()) as Record<string, unknown>;
  }

  /** The next message as it was sent. */
  async nextText(): Promise<string> {
    while (this.#messages.length === 0) {
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      const closed = this.#closed.then((code) => {
        if (this.#messages.length > 0) return;
        throw new Error(`the WebSocket was closed with ${code}: ${this.#last}`);
      });
      await inTime('a message on a WebSocket', Promise.race([woken, closed]), () => this.#last);
    }
    const message = this.#messages.shift() as string;
    this.#last = `the one before was ${message.slice(0, 1_000)}`;
    return message;
  }

  /** Runs one operation and gives its first answer, as HTTP would. */
  async run(query: string, rest: object = {}): Promise<Omit<Answer, 'status'>> {
    const id = String(Math.random());
    this.send({ type: 'subscribe', id, payload: { query, ...rest } });
    for (;;) {
      const message = await this.next();
      if (message['id'] !== id) continue;
      if (message['type'] === 'error') return { errors: message['payload'] as never };
      if (message['type'] === 'next') return message['payload'] as Omit<Answer, 'status'>;
    }
  }

  /** The code with which the server closes, or closed. */
  closeCode(): Promise<number> {
    return inTime('a WebSocket to be closed', this.#closed, () => this.#last);
  }

  /** Reads nothing more until {@link resume}. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  subscribe(query: string, id = '1', rest: object = {}): void {
    this.send({ type: 'subscribe', id, payload: { query, ...rest } });
  }

  close(): void {
    this.#socket.close();
  }
}
