import { CloseCode, MessageType, parseMessage, type SubscribeMessage } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { limitExceeded } from '../graphql/errors.js';
import type { Viewer } from '../graphql/rights.js';
import { DEEPEST_JSON, SUBSCRIPTIONS_PER_SOCKET } from '../operate/operation-limits.js';
import { formatError } from '../operate/mask.js';
import { levelsOfJson } from '../operate/values.js';
import { atWallTime } from './expiry.js';
import { Inbox } from './inbox.js';
import type { OperationRunner } from './runner.js';
import type { RunningOperation } from './running-operation.js';
import { SocketOperation } from './socket-operation.js';
import type { Wire } from './wire.js';

/** How long a client may take to begin, milliseconds. */
const INITIALISATION_MS = 3_000;
/** The longest id that an operation may have; it goes out with each of its answers. */
const LONGEST_ID = 128;
/** The longest message with which a client may ask for a pong, bytes. */
const LONGEST_PING = 1024;

const ACKNOWLEDGEMENT = Buffer.from('{"type":"connection_ack"}');

/** Tells who opened a socket from its `connectionParams.authorization`. */
export type Authenticate = (
  authorization: string | undefined,
) => Promise<
  { readonly ok: true; readonly viewer: Viewer } | { readonly ok: false; readonly message: string }
>;

/** What a client asked for that is not begun yet. */
interface Waiting {
  readonly operation: RunningOperation;
  readonly payload: SubscribeMessage['payload'];
  readonly viewer: Viewer;
  /** Of the message that it came in. */
  readonly bytes: number;
}

/**
 * One client's side of the graphql-transport-ws protocol. Each `subscribe` makes an operation of its
 * own, which stands in the table of ids until it is over, whatever is still under way for it; all of
 * them end with the socket.
 */
export class Session {
  readonly #wire: Wire;
  readonly #inbox: Inbox;
  readonly #authenticate: Authenticate;
  readonly #runner: OperationRunner;
  readonly #operations = new Map<string, RunningOperation>();
  readonly #waiting: Waiting[] = [];
  readonly #initialisation: NodeJS.Timeout;
  #isBeginning = false;
  #isInitialised = false;
  #viewer: Viewer | null = null;

  constructor(socket: WebSocket, wire: Wire, authenticate: Authenticate, runner: OperationRunner) {
    this.#wire = wire;
    this.#authenticate = authenticate;
    this.#runner = runner;
    this.#inbox = new Inbox(socket, wire, (message) => this.#receive(message));
    this.#initialisation = setTimeout(() => {
      wire.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout');
    }, INITIALISATION_MS);
    wire.atEnd(() => {
      clearTimeout(this.#initialisation);
      for (const operation of [...this.#operations.values()]) operation.end();
    });
  }

  #receive(data: Buffer): void {
    let message;
    try {
      if (levelsOfJson(data) > DEEPEST_JSON) throw new RangeError('too many levels');
      message = parseMessage(data.toString());
    } catch {
      return this.#wire.close(CloseCode.BadRequest, 'Invalid message received');
    }
    switch (message.type) {
      case MessageType.ConnectionInit:
        return void this.#initialise(message.payload);
      case MessageType.Ping:
        return this.#pong(data, message.payload);
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        return this.#subscribe(message, data.length);
      case MessageType.Complete:
        return this.#operations.get(message.id)?.end();
      case MessageType.ConnectionAck:
      case MessageType.Next:
      case MessageType.Error:
        return this.#wire.close(CloseCode.BadRequest, 'Invalid message received');
    }
  }

  async #initialise(params: Record<string, unknown> | undefined): Promise<void> {
    if (this.#isInitialised) {
      this.#wire.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
      return;
    }
    this.#isInitialised = true;
    clearTimeout(this.#initialisation);
    const authorization = params?.['authorization'];
    try {
      const check = await this.#authenticate(
        typeof authorization === 'string' ? authorization : undefined,
      );
      if (!this.#wire.isOpen) return;
      if (!check.ok) return this.#wire.close(CloseCode.Forbidden, 'Forbidden');
      this.#viewer = check.viewer;
      this.#endWith(check.viewer);
      this.#wire.send(ACKNOWLEDGEMENT);
    } catch {
      this.#wire.close(CloseCode.InternalServerError, 'Internal server error');
    }
  }

  #endWith({ expiresAt }: Viewer): void {
    const forget = atWallTime(expiresAt, () => {
      this.#wire.close(CloseCode.Forbidden, 'The access token has expired');
    });
    this.#wire.atEnd(forget);
  }

  #pong({ length }: Buffer, payload: Record<string, unknown> | undefined): void {
    if (length > LONGEST_PING) {
      return this.#wire.close(
        CloseCode.BadRequest,
        `A ping may have ${LONGEST_PING} bytes, not ${length}`,
      );
    }
    this.#wire.send(
      Buffer.from(JSON.stringify({ type: MessageType.Pong, ...(payload && { payload }) })),
    );
  }

  #subscribe({ id, payload }: SubscribeMessage, bytes: number): void {
    const viewer = this.#viewer;
    if (!viewer) return this.#wire.close(CloseCode.Unauthorized, 'Unauthorized');
    if (id.length > LONGEST_ID) {
      return this.#wire.close(CloseCode.BadRequest, `An id may have ${LONGEST_ID} characters`);
    }
    if (this.#operations.has(id)) {
      const reason = `Subscriber for ${id} already exists`;
      return this.#wire.close(
        CloseCode.SubscriberAlreadyExists,
        Buffer.byteLength(reason) > 123 ? 'Subscriber already exists' : reason,
      );
    }
    const operation = new SocketOperation(id, this.#wire);
    const count = this.#operations.size + 1;
    if (count > SUBSCRIPTIONS_PER_SOCKET) {
      return operation.fail([
        formatError(limitExceeded('operations on one socket', SUBSCRIPTIONS_PER_SOCKET, count)),
      ]);
    }
    this.#operations.set(id, operation);
    operation.owns(() => this.#operations.delete(id));
    this.#inbox.hold(bytes);
    this.#waiting.push({ operation, payload, viewer, bytes });
    void this.#beginWaiting();
  }

  /** Begins what was asked for, in order, one in a turn of the event loop: others go in between. */
  async #beginWaiting(): Promise<void> {
    if (this.#isBeginning) return;
    this.#isBeginning = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { operation, viewer, payload, bytes } = next;
      if (!operation.isOver) {
        await this.#runner.begin({ operation, viewer, payload });
        await new Promise(setImmediate);
      }
      this.#inbox.release(bytes);
    }
    this.#isBeginning = false;
  }
}
