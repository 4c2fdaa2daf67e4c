import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type ApolloServer, type HTTPGraphQLResponse } from '@apollo/server';
import { json } from 'express';
import type { Context } from '../graphql/context.js';
import { formatError } from '../graphql/errors.js';
import { JsonText } from '../graphql/json.js';
import { DEEPEST_JSON, LARGEST_BATCH, limitExceeded } from '../graphql/limits.js';
import { levelsOfJson } from '../graphql/values.js';

const LARGEST_BODY = '1mb';

export interface GraphQLHandlerOptions {
  readonly apollo: ApolloServer<Context>;
  /** Who asks for so many operations: throws a GraphQLError for whoever may not. */
  readonly contextOf: (request: IncomingMessage, operations: number) => Promise<Context>;
}

/**
 * Answers GraphQL over HTTP. Stands on Node's own request and response, so that an answer costs
 * little more than Apollo's work on it; a body that cannot be read goes to `next` with the reason.
 */
export function graphqlHandler({ apollo, contextOf }: GraphQLHandlerOptions) {
  const readBody = json({ limit: LARGEST_BODY, verify: refuseDeepJson });

  const answer = async (request: IncomingMessage, body: unknown): Promise<HTTPGraphQLResponse> => {
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
    const { method = 'GET', url = '' } = request;
    const query = url.indexOf('?');
    return apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers, search: query < 0 ? '' : url.slice(query), body },
      context: () => contextOf(request, sizeOf(body)),
    });
  };

  return (
    request: IncomingMessage & { body?: unknown },
    response: ServerResponse,
    next: (error: unknown) => void,
  ): void => {
    readBody(request, response, (unreadable?: unknown) => {
      if (unreadable !== undefined) return next(unreadable);
      const size = sizeOf(request.body);
      if (size > LARGEST_BATCH) return refuseBatch(response, size);
      answer(request, request.body)
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

function refuseBatch(response: ServerResponse, size: number): void {
  const error = limitExceeded('operations in a batch', LARGEST_BATCH, size);
  response
    .writeHead(400, { 'Content-Type': 'application/json; charset=utf-8' })
    .end(JSON.stringify({ errors: [formatError(error)] }));
}

function send(response: ServerResponse, { status, headers, body }: HTTPGraphQLResponse): void {
  // Answers in parts exist from graphql 17 on only.
  if (body.kind !== 'complete') throw new Error('an answer came in parts');
  const text: unknown = body.string;
  const pieces = text instanceof JsonText ? text.pieces : [body.string];
  let length = 0;
  for (const piece of pieces) length += Buffer.byteLength(piece);
  for (const [name, value] of headers) response.setHeader(name, value);
  response.writeHead(status ?? 200, { 'Cache-Control': 'no-store', 'Content-Length': length });
  const [only, ...others] = pieces;
  if (others.length === 0) return void response.end(only);
  response.cork();
  for (const piece of pieces) response.write(piece);
  response.end();
  response.uncork();
}
