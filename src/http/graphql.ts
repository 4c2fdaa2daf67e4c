import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type ApolloServer, type HTTPGraphQLResponse } from '@apollo/server';
import { json } from 'express';
import type { GraphQLError } from 'graphql';
import type { Context } from '../graphql/context.js';
import { newBudget } from '../graphql/budget.js';
import { refuseDocument } from '../operate/documents.js';
import { DEEPEST_JSON, LARGEST_BATCH, limitExceeded } from '../operate/limits.js';
import { formatError } from '../operate/mask.js';
import { levelsOfJson } from '../operate/values.js';
import { answerInTurn, piecesOf } from './batch.js';

const LARGEST_BODY = '1mb';

export interface GraphQLHandlerOptions {
  readonly apollo: ApolloServer<Context>;
  /** Who asks for so many operations: throws a GraphQLError for whoever may not. */
  readonly contextOf: (
    request: IncomingMessage,
    response: ServerResponse,
    operations: number,
  ) => Promise<Context>;
}

/**
 * Answers GraphQL over HTTP. Stands on Node's own request and response, so that an answer costs
 * little more than Apollo's work on it; a body that cannot be read goes to `next` with the reason.
 */
export function graphqlHandler({ apollo, contextOf }: GraphQLHandlerOptions) {
  const readBody = json({ limit: LARGEST_BODY, verify: refuseDeepJson });

  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
  ): Promise<HTTPGraphQLResponse> => {
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
    const { method = 'GET', url = '' } = request;
    const query = url.indexOf('?');
    const search = query < 0 ? '' : url.slice(query);
    // Whoever may not ask is told so once, and before anything of the documents is looked at.
    let context = contextOf(request, response, sizeOf(body));
    const answerOne = (operation: unknown): Promise<HTTPGraphQLResponse> =>
      apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method, headers, search, body: operation },
        context: () => context,
      });
    const made = await context.catch(() => null);
    if (!made) return answerOne(isBatch(body) ? body[0] : body);
    const tooLong = refuseDocuments(body);
    if (tooLong) return refusal(tooLong);
    if (!isBatch(body)) return answerOne(body);
    context = Promise.resolve({ ...made, batch: newBudget() });
    return answerInTurn(body, answerOne);
  };

  return (
    request: IncomingMessage & { body?: unknown },
    response: ServerResponse,
    next: (error: unknown) => void,
  ): void => {
    readBody(request, response, (unreadable?: unknown) => {
      if (unreadable !== undefined) return next(unreadable);
      const size = sizeOf(request.body);
      if (size > LARGEST_BATCH) {
        return send(response, refusal(limitExceeded('operations in a batch', LARGEST_BATCH, size)));
      }
      answer(request, response, request.body)
        .then((answered) => send(response, answered))
        .catch(next);
    });
  };
}

/** @throws an error with a status, for a body that would take long to read */
function refuseDeepJson(_request: IncomingMessage, _response: ServerResponse, body: Buffer): void {
  const levels = levelsOfJson(body);
  if (levels <= DEEPEST_JSON) return;
  const message = `levels of JSON: ${DEEPEST_JSON} are allowed, not ${levels}`;
  throw Object.assign(new Error(message), { status: 400 });
}

/** How many operations a request holds. */
function sizeOf(body: unknown): number {
  return Array.isArray(body) ? Math.max(1, body.length) : 1;
}

/** Whether a body holds several operations; anything else is the one that it says, or wrong. */
function isBatch(body: unknown): body is readonly [unknown, ...unknown[]] {
  return Array.isArray(body) && body.length > 0 && !body.some((entry) => Array.isArray(entry));
}

/** The error for the first document of a body that is too long, or null. */
function refuseDocuments(body: unknown): GraphQLError | null {
  for (const operation of [body].flat()) {
    const { query } = (operation ?? {}) as { readonly query?: unknown };
    const refused = typeof query === 'string' ? refuseDocument(query) : null;
    if (refused) return refused;
  }
  return null;
}

/** Refuses a request as a whole. */
function refusal(error: GraphQLError): HTTPGraphQLResponse {
  const headers = new HeaderMap([['content-type', 'application/json; charset=utf-8']]);
  const string = JSON.stringify({ errors: [formatError(error)] });
  return { status: 400, headers, body: { kind: 'complete', string } };
}

function send(response: ServerResponse, answer: HTTPGraphQLResponse): void {
  const pieces = piecesOf(answer);
  let length = 0;
  for (const piece of pieces) length += Buffer.byteLength(piece);
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.writeHead(answer.status ?? 200, {
    'Cache-Control': 'no-store',
    'Content-Length': length,
  });
  const [only, ...others] = pieces;
  if (others.length === 0) return void response.end(only);
  response.cork();
  for (const piece of pieces) response.write(piece);
  response.end();
  response.uncork();
}
