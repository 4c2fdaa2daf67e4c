import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, OperationTypeNode, type GraphQLSchema } from 'graphql';
import type { Admission } from '../graphql/admission.js';
import type { Context } from '../graphql/context.js';
import { presentErrors, type ErrorCode } from '../graphql/errors.js';
import { writeJsonInSlices, type JsonText } from '../graphql/json.js';
import {
  costReport,
  LARGEST_DOCUMENT_TOKENS,
  LIMIT_RULES,
  MOST_DOCUMENT_ERRORS,
  MOST_WRONG_VALUES,
  wantsCost,
} from '../graphql/limits.js';
import type { Logger } from '../log.js';
import type { Slices } from '../scheduling/slices.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly admission: Admission;
  readonly slices: Slices;
  readonly log: Logger;
}

/** GraphQL over HTTP. */
export function createApolloServer(options: ApolloOptions): ApolloServer<Context> {
  const { schema, slices } = options;
  const writing = slices.paceOf('');
  return new ApolloServer<Context>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    // Signals are the server entry's; it also has a turn to finish.
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: LARGEST_DOCUMENT_TOKENS },
    validationRules: [...LIMIT_RULES],
    validationOptions: { maxErrors: MOST_DOCUMENT_ERRORS },
    executionOptions: { maxCoercionErrors: MOST_WRONG_VALUES },
    allowBatchedHttpRequests: true,
    // Apollo hands on what this gives as it is, or joins it to others of a batch as text.
    stringifyResult: async (answer) =>
      (await writeJsonInSlices(answer, writing)) satisfies JsonText as unknown as string,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // It would look at every field; answers are never to be kept by caches in between.
      ApolloServerPluginCacheControlDisabled(),
      guardOperations(options),
    ],
  });
}

/**
 * Refuses what the caller has no right to; replaces errors that were not made for callers, and logs
 * them whole with the request's id.
 */
function guardOperations({ admission, log }: ApolloOptions): ApolloServerPlugin<Context> {
  return {
    requestDidStart() {
      let known: number | null = null;
      let leave = (): void => undefined;
      return Promise.resolve({
        async didResolveOperation({ contextValue, document, operation, request, schema }) {
          const { viewer, services, ended, batch } = contextValue;
          if (!operation) return;
          if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw subscriptionOverHttp();
          const { variables } = request;
          const universeSize = services.universe.length;
          const question = { schema, document, operation, variables, universeSize };
          const admitted = await admission.admit(viewer, question, ended, batch);
          known = admitted.cost;
          if (admitted.refused) throw admitted.refused;
          leave = admitted.leave;
        },
        willSendResponse({ contextValue: { requestId }, errors, request, response }) {
          leave();
          if (response.body.kind !== 'single') return Promise.resolve();
          const { singleResult } = response.body;
          if (errors) singleResult.errors = presentErrors(errors, requestId, log);
          if (known !== null && wantsCost(request.extensions)) {
            singleResult.extensions = { ...singleResult.extensions, cost: costReport(known) };
          }
          return Promise.resolve();
        },
      });
    },
  };
}

function subscriptionOverHttp(): GraphQLError {
  const message =
    'subscriptions are served over WebSocket, on the same address, with the graphql-transport-ws protocol';
  return new GraphQLError(message, {
    extensions: { code: 'BAD_USER_INPUT' satisfies ErrorCode, http: { status: 400 } },
  });
}
