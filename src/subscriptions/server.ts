import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { admit } from '../graphql/admission.js';
import { createContext, type Context, type Services } from '../graphql/context.js';
import { formatError, presentError } from '../graphql/errors.js';
import {
  costReport,
  LARGEST_MESSAGE_BYTES,
  limitExceeded,
  SUBSCRIPTIONS_PER_SOCKET,
  wantsCost,
} from '../graphql/limits.js';
import type { Viewer } from '../graphql/rights.js';
import type { Logger } from '../log.js';
import { CycleHub, type PushFigures } from './hub.js';
import { OperationCache } from './operation.js';
import { groupKey, subscribeTo, type PushContext } from './sharing.js';

/** Close code for a server that goes away. */
const GOING_AWAY = 1001;
/** Close code of the protocol for a caller without rights, or whose rights have ended. */
const FORBIDDEN = 4403;
/** The longest wait that a timer can count, milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** GraphQL over WebSocket (the graphql-transport-ws protocol) on upgraded connections. */
export interface SubscriptionServer {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Why an address gets no further socket, in words; null where it does. */
  refuseConnection(address: string): string | null;
  /** How many sockets are open. */
  readonly sockets: number;
  readonly pushed: PushFigures;
  /** Ends all subscriptions and closes all sockets. */
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
  ) => Promise<
    | { readonly ok: true; readonly viewer: Viewer }
    | { readonly ok: false; readonly message: string }
  >;
  /** The error for a client that sends too many operations, or null. */
  readonly refuseByRate: (client: string) => Promise<GraphQLError | null>;
  /** How many sockets one address may have open. */
  readonly connectionsPerClient: number;
}

/** What is known of a socket beside the protocol's own. */
type Connection = {
  viewer?: Viewer;
  expiry?: NodeJS.Timeout;
  /** The costs of the operations whose callers asked to be told. */
  costs?: Map<string, number>;
};

/** Makes the WebSocket side; the HTTP server hands over the connections that it lets pass. */
export function createSubscriptionServer(options: SubscriptionServerOptions): SubscriptionServer {
  const { schema, services, log } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE_BYTES });
  const operations = new OperationCache(schema);
  const hub = new CycleHub({
    services,
    log,
    present: (result, context) =>
      presentResult(result, context, undefined, log) ?? (result as FormattedExecutionResult),
  });
  const protocol = useServer<Record<string, unknown> | undefined, Connection>(
    {
      async onConnect({ connectionParams, extra }) {
        const authorization = connectionParams?.['authorization'];
        const check = await options.authenticate(
          typeof authorization === 'string' ? authorization : undefined,
          extra.request.socket.remoteAddress ?? '',
        );
        if (!check.ok) return false;
        extra.viewer = check.viewer;
        const { expiresAt } = check.viewer;
        if (expiresAt !== null) {
          const wait = Math.min(Math.max(0, expiresAt - Date.now()), LONGEST_TIMER_MS);
          extra.expiry = setTimeout(() => {
            extra.socket.close(FORBIDDEN, 'The access token has expired');
          }, wait);
        }
        return true;
      },
      onClose: ({ extra }) => clearTimeout(extra.expiry),
      async onSubscribe({ extra, subscriptions: open }, id, payload) {
        const viewer = extra.viewer as Viewer;
        const count = Object.keys(open).length;
        if (count > SUBSCRIPTIONS_PER_SOCKET) {
          return [limitExceeded('operations on one socket', SUBSCRIPTIONS_PER_SOCKET, count)];
        }
        const tooFast = await options.refuseByRate(viewer.client);
        if (tooFast) return [tooFast];
        const prepared = operations.prepare(payload.query, payload.operationName);
        if ('errors' in prepared) return prepared.errors;
        const { document, operation } = prepared;
        const { variables } = payload;
        const universeSize = services.universe.length;
        const { cost, refused } = admit(viewer, {
          schema,
          document,
          operation,
          variables,
          universeSize,
        });
        if (refused) return [refused];
        const tellsCost = wantsCost(payload.extensions);
        if (tellsCost) (extra.costs ??= new Map()).set(id, cost);
        const context: PushContext = {
          ...createContext(services, viewer),
          push: {
            id,
            socket: extra.socket,
            connection: extra.request.socket,
            key:
              prepared.isShareable && !tellsCost
                ? groupKey(payload, prepared.afterVariable, viewer)
                : null,
          },
        };
        const args: ExecutionArgs = {
          schema,
          document,
          operationName: payload.operationName,
          variableValues: payload.variables,
          contextValue: context,
        };
        return args;
      },
      subscribe: (args) => subscribeTo(args, hub),
      onError: (_context, _id, _payload, errors) => errors.map(formatError),
      onNext: ({ extra }, id, _payload, args, result) =>
        presentResult(result, args.contextValue as Context, extra.costs?.get(id), log),
      onComplete: ({ extra }, id) => void extra.costs?.delete(id),
    },
    sockets,
  );
  const openByAddress = new Map<string, number>();
  const count = (address: string, change: 1 | -1): void => {
    const open = (openByAddress.get(address) ?? 0) + change;
    if (open > 0) openByAddress.set(address, open);
    else openByAddress.delete(address);
  };
  return {
    get sockets() {
      return sockets.clients.size;
    },
    get pushed() {
      return hub.figures;
    },
    refuseConnection(address) {
      const open = openByAddress.get(address) ?? 0;
      if (open < options.connectionsPerClient) return null;
      return `WebSockets of one address: ${options.connectionsPerClient} are allowed, and ${open} are open`;
    },
    handleUpgrade(request, socket, head) {
      const address = request.socket.remoteAddress ?? '';
      sockets.handleUpgrade(request, socket, head, (client) => {
        count(address, 1);
        client.once('close', () => count(address, -1));
        sockets.emit('connection', client, request);
        // graphql-ws would print what a client does wrong; ws has closed the socket for it already.
        client.removeAllListeners('error');
        client.on('error', (error) => log.debug({ err: error }, 'a socket failed'));
      });
    },
    async stop() {
      hub.stop();
      for (const client of sockets.clients) client.close(GOING_AWAY, 'Going away');
      await protocol.dispose();
      for (const client of sockets.clients) client.terminate();
    },
  };
}

/** Masks the errors of a result as HTTP does. */
function presentResult(
  result: Partial<Record<keyof ExecutionResult, unknown>> & {
    readonly errors?: ExecutionResult['errors'] | undefined;
  },
  { requestId }: Context,
  cost: number | undefined,
  log: Logger,
): FormattedExecutionResult | undefined {
  if (!result.errors && cost === undefined) return undefined;
  const report = (error: unknown): void => {
    log.error({ err: error, requestId }, 'a field failed for a reason that was not foreseen');
  };
  const errors = result.errors?.map((error) => formatError(presentError(error, requestId, report)));
  return {
    ...(result as FormattedExecutionResult),
    ...(errors && { errors }),
    ...(cost !== undefined && { extensions: { cost: costReport(cost) } }),
  };
}
