import type { Router } from 'express';
import { pageRoutes } from './pages.js';

/** What `/graphql` answers with, the first being what a caller without a wish gets. */
const OFFERED = ['application/graphql-response+json', 'application/json', 'text/html'];

/** GraphiQL at `GET /graphql`, for whoever prefers HTML; GraphQL's own GET requests go on. */
export function graphiqlRoutes(directory: string, basePath = ''): Router {
  return pageRoutes({
    name: 'GraphiQL',
    address: '/graphql',
    prefix: '/graphiql',
    directory,
    basePath,
    isWanted: (request) =>
      !('query' in request.query || 'extensions' in request.query) &&
      request.accepts(OFFERED) === 'text/html',
    setsInlineStyles: true,
  });
}
