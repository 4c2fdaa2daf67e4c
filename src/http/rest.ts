import type { ApolloServer } from '@apollo/server';
import { json, Router, type Request, type Response } from 'express';
import {
  GraphQLError,
  OperationTypeNode,
  type FormattedExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import stableJson from 'safe-stable-stringify';
import type { Config } from '../config.js';
import type { Context } from '../graphql/context.js';
import { writeJson } from '../graphql/json.js';
import { DatabaseUnavailableError } from '../history/database-unavailable.js';
import { refuseForgery } from './access.js';
import { KeptAnswer, type Content, type KeptAnswers } from './kept-answers.js';
import { openApiOf } from './openapi.js';
import { joined } from './pieces.js';
import { sendProblem } from './problem.js';
import { ParameterError } from './parameter-error.js';
import { variablesOf } from './rest-parameters.js';
import { operationOf, REST_ROUTES, type RestRoute } from './rest-routes.js';
import { sendKept } from './send-kept.js';

const LARGEST_BODY = '64kb';

/** The status of an answer whose first error has a code. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  LIMIT_EXCEEDED: 429,
  EXCHANGE_UNAVAILABLE: 503,
  TURN_OVERTAKEN: 503,
  DATABASE_UNAVAILABLE: 503,
};

export interface RestOptions {
  readonly apollo: ApolloServer<Context>;
  readonly schema: GraphQLSchema;
  readonly version: string;
  readonly access: Pick<Config['server'], 'corsOrigins' | 'trustedProxies' | 'basePath'>;
  /** Who asks: throws a GraphQLError for whoever may not. */
  readonly contextOf: (request: Request, response: Response) => Promise<Context>;
  readonly kept: KeptAnswers;
}

/**
 * The REST paths: each runs a stored operation through the same schema as `/graphql`, with the same
 * rights and limits. Errors are `application/problem+json`.
 */
export function restRoutes(options: RestOptions): Router {
  const router = Router();
  const { schema, version, access } = options;
  const { basePath } = access;
  const openApi = {
    ...openApiOf(schema, REST_ROUTES, version),
    ...(basePath !== '' && { servers: [{ url: basePath }] }),
  };
  router.get('/openapi.json', (_request, response) => {
    response.json(openApi);
  });
  for (const route of REST_ROUTES) {
    const handler = (request: Request, response: Response) =>
      answer(options, route, request, response);
    if (route.method === 'post') router.post(route.path, json({ limit: LARGEST_BODY }), handler);
    else router.get(route.path, handler);
    router.all(route.path, (request, response, next) => {
      const allowed = allowedAt(route.path);
      if (allowed.includes(request.method)) next();
      else if (request.method === 'OPTIONS') {
        response.set('Allow', allowed.join(', ')).status(204).end();
      } else refuseMethod(response, route.path);
    });
  }
  return router;
}

function allowedAt(path: string): string[] {
  return REST_ROUTES.filter((route) => route.path === path).map(({ method }) =>
    method.toUpperCase(),
  );
}

function refuseMethod(response: Response, path: string): void {
  const allowed = allowedAt(path);
  response.set('Allow', allowed.join(', '));
  sendProblem(response, 405, `${path} takes ${allowed.join(' and ')}`);
}

async function answer(
  { apollo, schema, access, contextOf, kept }: RestOptions,
  route: RestRoute,
  request: Request,
  response: Response,
): Promise<void> {
  const operation = operationOf(route.document);
  if (operation.operation === OperationTypeNode.MUTATION && request.method !== 'POST') {
    const own = access.trustedProxies.originOf(request);
    const forgery = refuseForgery(request.headers, access, own);
    if (forgery !== null) return sendProblem(response, 403, forgery, { code: 'FORBIDDEN' });
    // Express has GET answer HEAD too, which must not act.
    if (request.method !== 'GET') return refuseMethod(response, route.path);
  }
  try {
    const variables = variablesOf(schema, route, request);
    const contextValue = await contextOf(request, response);
    const isCsv = route.csv && request.accepts(['json', 'text/csv']) === 'text/csv';
    const csv = isCsv ? route.csv : undefined;
    const { role } = contextValue.viewer;
    const key = stableJson([route.method, route.path, role, variables, isCsv]);
    const found = await kept.answer(key, async () => {
      const { body } = await apollo.executeOperation(
        { query: route.document, variables },
        { contextValue },
      );
      if (body.kind !== 'single') throw new Error('a stored operation gave several results');
      const { singleResult: own } = body;
      return { own, content: contextValue.answer.isByTurn ? contentOf(own, csv) : null };
    });
    if (found instanceof KeptAnswer) await sendKept(request, response, found);
    else sendResult(response, operation.operation, found.own, csv);
  } catch (error) {
    sendFault(response, error);
  }
}

/** Answers with what is wrong, where it is the caller's to know. @throws anything else */
export function sendFault(response: Response, error: unknown): void {
  if (error instanceof ParameterError) {
    return sendProblem(response, 400, error.message, { code: 'BAD_USER_INPUT' });
  }
  if (error instanceof GraphQLError) return sendErrors(response, [error.toJSON()]);
  if (error instanceof DatabaseUnavailableError) {
    const code = 'DATABASE_UNAVAILABLE';
    return sendProblem(response, 503, 'the database is not reachable at the moment', { code });
  }
  throw error;
}

/** What others get of an answer: the operation's one field; null where it has no value. */
function contentOf({ data }: FormattedExecutionResult, csv: RestRoute['csv']): Content | null {
  const [value] = Object.values(data ?? {});
  if (value === null || value === undefined) return null;
  return { ...written(value as Record<string, unknown>, csv), isFixed: false };
}

/** The field as it is sent. */
function written(value: Readonly<Record<string, unknown>>, csv: RestRoute['csv']) {
  if (csv) return { type: 'text/csv; charset=utf-8', pieces: [csv(value)] };
  return { type: 'application/json; charset=utf-8', pieces: writeJson(value).pieces };
}

/** The value of the operation's one field, or what went wrong. */
function sendResult(
  response: Response,
  operation: OperationTypeNode,
  { data, errors }: FormattedExecutionResult,
  csv: RestRoute['csv'],
): void {
  if (errors && errors.length > 0) return sendErrors(response, errors);
  const [value] = Object.values(data ?? {}) as readonly (Record<string, unknown> | null)[];
  if (value === null || value === undefined) {
    return sendProblem(response, 404, 'nothing is stored there yet', { code: 'NOT_FOUND' });
  }
  const faults = value['userErrors'];
  if (Array.isArray(faults) && faults.length > 0) {
    const messages = faults.map(({ message }: { message: string }) => message);
    return sendProblem(response, 400, messages.join('; '), {
      code: 'BAD_USER_INPUT',
      userErrors: faults as unknown[],
    });
  }
  response.set('Cache-Control', 'no-store');
  const shown = operation === OperationTypeNode.MUTATION ? withoutUserErrors(value) : value;
  const { type, pieces } = written(shown, csv);
  response.type(type).send(joined(pieces));
}

function withoutUserErrors({ userErrors, ...payload }: Record<string, unknown>) {
  return payload;
}

function sendErrors(
  response: Response,
  errors: NonNullable<FormattedExecutionResult['errors']>,
): void {
  const [first] = errors;
  const { code, retryAt, retryAfterS } = (first?.extensions ?? {}) as {
    readonly code?: string;
    readonly retryAt?: string;
    readonly retryAfterS?: number;
  };
  // What the schema itself refuses has codes of GraphQL's own.
  const status = STATUS_OF_CODE[code ?? ''] ?? (code === 'INTERNAL_SERVER_ERROR' ? 500 : 400);
  const seconds =
    retryAt === undefined ? retryAfterS : Math.ceil((Date.parse(retryAt) - Date.now()) / 1000);
  if (seconds !== undefined) response.set('Retry-After', String(Math.max(1, seconds)));
  const { http, ...extensions } = (first?.extensions ?? {}) as Record<string, unknown>;
  sendProblem(response, status, errors.map(({ message }) => message).join('; '), extensions);
}
