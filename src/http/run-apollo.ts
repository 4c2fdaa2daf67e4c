import type { IncomingMessage } from 'node:http';
import { HeaderMap, type ApolloServer, type HTTPGraphQLResponse } from '@apollo/server';
import type { Context } from '../graphql/context.js';
import type { StoredRequest } from './stored-request.js';

/** Has Apollo run one operation of a request. */
export type Run = (body: unknown, context: () => Promise<Context>) => Promise<HTTPGraphQLResponse>;

/** Hands a request to Apollo; of a stored operation it is known that it only reads. */
export function runnerOf(
  apollo: ApolloServer<Context>,
  request: IncomingMessage,
  stored: StoredRequest | null,
): Run {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  if (stored) headers.set('apollo-require-preflight', 'a stored operation');
  const { method = 'GET', url = '' } = request;
  const query = url.indexOf('?');
  const search = stored?.search ?? (query < 0 ? '' : url.slice(query));
  return (body, context) =>
    apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers, search, body },
      context,
    });
}
