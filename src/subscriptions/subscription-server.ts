import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLSchema } from 'graphql';
import { CloseCode, handleProtocols, type SubscribePayload } from 'graphql-ws';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import type { Services } from '../graphql/context.js';
import type { Logger } from '../log.js';
import type { Admission } from '../operate/admission.js';
import type { PreparedOperation } from '../operate/documents.js';
import { LARGEST_MESSAGE_BYTES } from '../operate/operation-limits.js';
import { COMPRESSION, keepAcceptableOffer } from './compression.js';
import { Connections } from './connections.js';
import { EventStreams, type AskedStream } from './event-streams.js';
import { CycleHub, type PushFigures } from './hub.js';
import { keepAlive } from './keep-alive.js';
import { CLOSING_MS } from './outlet.js';
import { OperationRunner } from './runner.js';
import { Session, type Authenticate } from './session.js';
import { Wire } from './wire.js';

/** Close code for a server that goes away. */
const GOING_AWAY = 1001;
/** How long clients get to acknowledge that the server goes away, milliseconds. */
const GOING_AWAY_MS = 1_000;

const SOCKET_OPTIONS = {
  noServer: true,
  handleProtocols,
  maxPayload: LARGEST_MESSAGE_BYTES,
  perMessageDeflate: COMPRESSION,
  // Each piece of a message keeps all that came with it in memory.
  maxFragments: 64,
  maxBufferedChunks: 4_096,
  // What is answered to a ping waits for its client as everything else does.
  autoPong: false,
  // Is missing in the types.
  closeTimeout: CLOSING_MS,
} satisfies ServerOptions & { readonly closeTimeout: number };

/**
 * GraphQL over connections that stay open: WebSockets (the graphql-transport-ws protocol), and
 * server-sent events (graphql-sse, distinct connections). What is pushed is worked out once for both.
 */
export interface SubscriptionServer {
  /** @param address where the request comes from */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void;
  /** An operation of a document that may be executed, or why not. */
  prepare(payload: SubscribePayload): PreparedOperation;
  /** Begins an event stream, for a client that is let in and counted. */
  openStream(asked: AskedStream): void;
  /** Why an address gets no further connection, in words; null where it does. */
  refuseConnection(address: string): string | null;
  /** How many sockets are open. */
  readonly sockets: number;
  /** How many event streams are open. */
  readonly eventStreams: number;
  readonly pushed: PushFigures;
  /** How many sockets and event streams were closed because their client did not keep up. */
  readonly slowConsumers: number;
  /** Ends all subscriptions, and closes all sockets and event streams. */
  stop(): Promise<void>;
}

export interface SubscriptionServerOptions {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly log: Logger;
  /** Tells who opened a socket from its `connectionParams.authorization`. */
  readonly authenticate: (
    authorization: string | undefined,
    address: string,
  ) => ReturnType<Authenticate>;
  readonly admission: Admission;
  /** How many connections one address may have open. */
  readonly connectionsPerClient: number;
}

/** Makes what serves connections that stay open; the HTTP server hands over those that it lets pass. */
export function createSubscriptionServer(options: SubscriptionServerOptions): SubscriptionServer {
  const { services, admission, log, connectionsPerClient } = options;
  const sockets = new WebSocketServer(SOCKET_OPTIONS);
  const hub = new CycleHub({ services, admission, log });
  const runner = new OperationRunner({ ...options, hub });
  const connections = new Connections(connectionsPerClient);
  let slowConsumers = 0;
  const streams = new EventStreams(runner, connections, () => void slowConsumers++);

  const open = (socket: WebSocket, connection: Duplex, address: string): void => {
    socket.once('close', connections.add(address));
    // ws closes a socket whose client breaks the protocol by itself.
    socket.on('error', (error) => log.debug({ err: error }, 'a socket failed'));
    const wire = new Wire(socket, connection);
    if (socket.protocol === '') {
      return wire.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
    }
    wire.atEnd(() => {
      if (wire.isSlow) slowConsumers++;
    });
    keepAlive(socket, wire);
    new Session(
      socket,
      wire,
      (authorization) => options.authenticate(authorization, address),
      runner,
    );
  };

  return {
    get sockets() {
      return sockets.clients.size;
    },
    get pushed() {
      return hub.figures;
    },
    get slowConsumers() {
      return slowConsumers;
    },
    get eventStreams() {
      return streams.count;
    },
    prepare: (payload) => runner.prepare(payload),
    openStream: (asked) => streams.open(asked),
    refuseConnection: (address) => connections.refuse(address),
    handleUpgrade(request, connection, head, address) {
      keepAcceptableOffer(request.headers);
      sockets.handleUpgrade(request, connection, head, (socket) =>
        open(socket, connection, address),
      );
    },
    async stop() {
      hub.stop();
      streams.stop();
      const clients = [...sockets.clients];
      const gone = clients.map(
        (client) => new Promise<void>((resolve) => client.once('close', () => resolve())),
      );
      for (const client of clients) client.close(GOING_AWAY, 'Going away');
      const late = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, GOING_AWAY_MS);
      await Promise.all(gone);
      clearTimeout(late);
      sockets.close();
    },
  };
}
