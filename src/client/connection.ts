import { createClient, type Client, type FormattedExecutionResult } from 'graphql-ws/client';
import { closable, type SocketClass, type SocketLike } from './sockets.js';

/** How often a socket is tried that is silent, and how long it may take to answer, milliseconds. */
const PING_MS = 10_000;
const PONG_MS = 5_000;
/** How long a server may take to accept a connection, milliseconds. */
const CONNECT_MS = 10_000;

export interface ConnectionOptions {
  /** The address of the GraphQL endpoint: ws or wss. */
  readonly address: string;
  readonly socketClass: SocketClass;
  /** What a connection is opened with; asked anew for each. */
  readonly params: () => Promise<Record<string, unknown>>;
  /** How long a socket that nobody uses stays open, milliseconds. */
  readonly idleMs: number;
}

/** An operation as it is sent. */
export interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

/** Hears what comes of an operation: any number of answers, then one end. */
export interface Sink<Data> {
  readonly next: (result: FormattedExecutionResult<Data>) => void;
  /** It was ended: by a close event, by the errors of the server, or by a fault of the network. */
  readonly error: (ended: unknown) => void;
  /** The server has nothing more to send. */
  readonly complete: () => void;
}

/**
 * One WebSocket for all subscriptions of a client: open while there are any. It does not try again by
 * itself: whoever listens knows better where to go on.
 */
export class Connection {
  readonly #client: Client;
  readonly #options: ConnectionOptions;
  readonly #listeners = new Set<() => void>();
  #socket: SocketLike | null = null;
  #isAcknowledged = false;
  #users = 0;
  #params: Record<string, unknown> = {};
  #asking: Promise<void> | null = null;
  /** Whether the server has ever been reached. */
  wasConnected = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#client = createClient({
      url: options.address,
      webSocketImpl: closable(options.socketClass),
      connectionParams: () => this.#params,
      retryAttempts: 0,
      lazyCloseTimeout: options.idleMs,
      keepAlive: PING_MS,
      on: this.#watch(),
    });
  }

  /** Whether what is asked goes out at once. */
  get isConnected(): boolean {
    return this.#isAcknowledged && this.#socket?.readyState === this.#options.socketClass.OPEN;
  }

  /** Hears of each connection once the server has accepted it. @returns what ends that */
  onConnected(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @returns what ends it, without a word to the sink */
  subscribe<Data>(operation: Operation, sink: Sink<Data>): () => void {
    let isOver = false;
    let end = (): void => undefined;
    const once =
      <Args extends unknown[]>(tell: (...args: Args) => void) =>
      (...args: Args): void => {
        if (!isOver) tell(...args);
      };
    const ended: Sink<Data> = {
      next: once(sink.next),
      error: once((reason) => {
        leave();
        // The library counts it among those that need the socket until then.
        end();
        sink.error(reason);
      }),
      complete: once(() => {
        leave();
        sink.complete();
      }),
    };
    const leave = (): void => {
      isOver = true;
      this.#users--;
    };
    this.#users++;
    void this.#prepare().then(() => {
      if (!isOver) end = this.#client.subscribe<Data>(operation, ended);
    }, ended.error);
    return () => {
      if (isOver) return;
      leave();
      end();
      // One that is being opened would be closed only once it is open.
      if (this.#users === 0 && !this.#isAcknowledged) this.#client.terminate();
    };
  }

  /** Asks for the token before the socket is opened: once it is, the server waits a few seconds only. */
  #prepare(): Promise<void> {
    if (this.isConnected) return Promise.resolve();
    this.#asking ??= this.#options
      .params()
      .then((params) => void (this.#params = params))
      .finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** A machine that slept, or a network that is gone, breaks a connection without a word. */
  #watch() {
    let silent: ReturnType<typeof setTimeout> | undefined;
    let opening: ReturnType<typeof setTimeout> | undefined;
    return {
      connecting: () => {
        opening = setTimeout(() => this.#client.terminate(), CONNECT_MS);
      },
      opened: (socket: unknown) => {
        this.#socket = socket as SocketLike;
      },
      connected: () => {
        clearTimeout(opening);
        this.#isAcknowledged = true;
        this.wasConnected = true;
        for (const listener of this.#listeners) listener();
      },
      ping: (isReceived: boolean) => {
        if (isReceived) return;
        silent = setTimeout(() => {
          // Where this process stood still, the answer may be there already, unread.
          silent = setTimeout(() => this.isConnected && this.#client.terminate());
        }, PONG_MS);
      },
      pong: (isReceived: boolean) => {
        if (isReceived) clearTimeout(silent);
      },
      closed: () => {
        clearTimeout(opening);
        clearTimeout(silent);
        this.#isAcknowledged = false;
        this.#socket = null;
      },
    };
  }
}
