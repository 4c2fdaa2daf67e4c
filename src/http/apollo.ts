import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, OperationTypeNode, type GraphQLSchema } from 'graphql';
import type { Context } from '../graphql/context.js';
import type { ErrorCode } from '../graphql/errors.js';
import { writeJsonInSlices, type JsonText } from '../graphql/json.js';
import type { Logger } from '../log.js';
import type { Admission } from '../operate/admission.js';
import { presentAnswer } from '../operate/answer.js';
import type { CostReport } from '../operate/cost-limits.js';
import { isByTurn, isFixed } from '../operate/by-turn.js';
import { PARSE_OPTIONS, VALIDATION_OPTIONS, VALIDATION_RULES } from '../operate/documents.js';
import { EXECUTION_OPTIONS } from '../operate/operation-limits.js';
import type { Slices } from '../scheduling/slices.js';
import { PersistedQueries } from './persisted-queries.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly admission: Admission;
  readonly slices: Slices;
  readonly log: Logger;
}

/** GraphQL over HTTP. */
export function createApolloServer(options: ApolloOptions): ApolloServer<Context> {
  const { schema, slices, log } = options;
  const writing = slices.paceOf('');
  return new ApolloServer<Context>({
    schema,
    logger: log,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    // Signals are the server entry's; it also has a turn to finish.
    stopOnTerminationSignals: false,
    parseOptions: PARSE_OPTIONS,
    validationRules: [...VALIDATION_RULES],
    validationOptions: VALIDATION_OPTIONS,
    executionOptions: EXECUTION_OPTIONS,
    allowBatchedHttpRequests: true,
    persistedQueries: { cache: new PersistedQueries() },
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
      let cost: CostReport | null = null;
      let leave = (): void => undefined;
      return Promise.resolve({
        async didResolveOperation({ contextValue, document, operation, request }) {
          if (!operation) return;
          if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw subscriptionOverHttp();
          const { variables, extensions } = request;
          const asked = { document, operation, variables, extensions };
          const admitted = await admission.admit(contextValue, asked);
          cost = admitted.cost;
          if (admitted.refused) throw admitted.refused;
          leave = admitted.leave;
        },
        willSendResponse({ contextValue, errors, response, ...asked }) {
          leave();
          if (response.body.kind !== 'single') return Promise.resolve();
          const { singleResult } = response.body;
          const { schema, document, operation, request } = asked;
          if (!errors && cost === null && document && operation) {
            const query = { schema, document, operation };
            const { answer } = contextValue;
            answer.isByTurn = !answer.isOfNow && isByTurn(query);
            answer.isFixed =
              answer.isByTurn &&
              !answer.isGrowing &&
              isFixed(query, request.variables, singleResult.data);
          }
          Object.assign(singleResult, presentAnswer({ errors }, contextValue, log, cost));
          return Promise.resolve();
        },
      });
    },
  };
}

function subscriptionOverHttp(): GraphQLError {
  const message =
    'subscriptions are served over WebSocket, on the same address, with the graphql-transport-ws protocol, and as server-sent events to whoever accepts text/event-stream';
  return new GraphQLError(message, {
    extensions: { code: 'BAD_USER_INPUT' satisfies ErrorCode, http: { status: 400 } },
  });
}
