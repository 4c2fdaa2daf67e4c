import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, OperationTypeNode, type GraphQLSchema } from 'graphql';
import type { Context } from '../graphql/context.js';
import { formatError, presentError, type ErrorCode } from '../graphql/errors.js';
import { LARGEST_DOCUMENT_TOKENS } from '../graphql/limits.js';
import { refuseOperation } from '../graphql/rights.js';
import type { Logger } from '../log.js';

/** GraphQL over HTTP. */
export function createApolloServer(schema: GraphQLSchema, log: Logger): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    // Signals are the server entry's; it also has a turn to finish.
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: LARGEST_DOCUMENT_TOKENS },
    plugins: [ApolloServerPluginLandingPageDisabled(), guardOperations(log)],
  });
}

/**
 * Refuses what the caller has no right to; replaces errors that were not made for callers, and logs
 * them whole with the request's id.
 */
function guardOperations(log: Logger): ApolloServerPlugin<Context> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ contextValue: { viewer }, operation }) {
          if (operation?.operation === OperationTypeNode.SUBSCRIPTION) throw subscriptionOverHttp();
          const refused = operation && refuseOperation(viewer, operation);
          if (refused) throw refused;
          return Promise.resolve();
        },
        willSendResponse({ contextValue: { requestId }, errors, response }) {
          if (errors && response.body.kind === 'single') {
            const report = (error: unknown): void => {
              log.error(
                { err: error, requestId },
                'a field failed for a reason that was not foreseen',
              );
            };
            response.body.singleResult.errors = errors.map((error) =>
              formatError(presentError(error, requestId, report)),
            );
          }
          return Promise.resolve();
        },
      }),
  };
}

function subscriptionOverHttp(): GraphQLError {
  const message =
    'subscriptions are served over WebSocket, on the same address, with the graphql-transport-ws protocol';
  return new GraphQLError(message, {
    extensions: { code: 'BAD_USER_INPUT' satisfies ErrorCode, http: { status: 400 } },
  });
}
