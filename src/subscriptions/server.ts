import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionResult, FormattedExecutionResult, GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { createContext, type Context, type Services } from '../graphql/context.js';
import { presentError } from '../graphql/errors.js';
import { LARGEST_MESSAGE_BYTES } from '../graphql/limits.js';
import type { Logger } from '../log.js';

/** Close code for a server that goes away. */
const GOING_AWAY = 1001;

/** GraphQL over WebSocket (the graphql-transport-ws protocol) on upgraded connections. */
export interface SubscriptionServer {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends all subscriptions and closes all sockets. */
  stop(): Promise<void>;
}

export interface SubscriptionServerOptions {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly log: Logger;
}

/** Makes the WebSocket side; the HTTP server hands over the connections that it lets pass. */
export function createSubscriptionServer(options: SubscriptionServerOptions): SubscriptionServer {
  const { schema, services, log } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE_BYTES });
  const protocol = useServer(
    {
      schema,
      context: () => createContext(services, randomUUID()),
      onNext: (_context, _id, _payload, args, result) =>
        presentResult(result, args.contextValue as Context, log),
    },
    sockets,
  );
  return {
    handleUpgrade(request, socket, head) {
      sockets.handleUpgrade(request, socket, head, (client) => {
        sockets.emit('connection', client, request);
      });
    },
    async stop() {
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
  log: Logger,
): FormattedExecutionResult | undefined {
  if (!result.errors) return undefined;
  const report = (error: unknown): void => {
    log.error({ err: error, requestId }, 'a field failed for a reason that was not foreseen');
  };
  const errors = result.errors.map((error) => presentError(error, requestId, report).toJSON());
  return { ...(result as FormattedExecutionResult), errors };
}
