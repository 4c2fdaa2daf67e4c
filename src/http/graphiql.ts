import path from 'node:path';
import express, { Router, type RequestHandler } from 'express';
import helmet from 'helmet';

/** The prefix that the page was bundled with (`base` in src/graphiql/vite.config.ts). */
const PREFIX = '/graphiql';

/** What `/graphql` answers with, the first being what a caller without a wish gets. */
const OFFERED = ['application/graphql-response+json', 'application/json', 'text/html'];

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Dynamics</title></head>
  <body>
    <p>GraphiQL has not been built: run <code>npm run build</code> and load this page again.</p>
    <p>GraphQL itself is served: programs send their queries to this address.</p>
  </body>
</html>
`;

/**
 * Serves GraphiQL at `GET /graphql` to whoever prefers HTML, and its files under `/graphiql/`.
 * Everything else, GraphQL's own GET requests among it, goes on to the next handler.
 * @param directory the bundle, as the build leaves it; where it is missing, the page says how to
 * make it.
 */
export function graphiqlRoutes(directory: string): Router {
  const router = Router();
  const protect = protectPage();
  router.use(`${PREFIX}/assets`, protect, hashedFiles(path.join(directory, 'assets')));
  router.get('/graphql', (request, response, next) => {
    response.vary('Accept');
    const isOperation = 'query' in request.query || 'extensions' in request.query;
    if (isOperation || request.accepts(OFFERED) !== 'text/html') return next();
    protect(request, response, (error?: unknown) => {
      if (error !== undefined) return next(error);
      const options = {
        root: directory,
        cacheControl: false,
        headers: { 'Cache-Control': 'no-cache' },
      };
      response.sendFile('index.html', options, (failure: NodeJS.ErrnoException | undefined) => {
        if (failure === undefined) return;
        if (failure.code !== 'ENOENT' || response.headersSent) return next(failure);
        response.status(503).set('Cache-Control', 'no-store').type('html').send(NOT_BUILT);
      });
    });
  });
  return router;
}

/** Files whose names change with their content: a browser need not ask twice. */
function hashedFiles(directory: string): RequestHandler {
  return express.static(directory, {
    immutable: true,
    maxAge: '1y',
    index: false,
    redirect: false,
  });
}

/**
 * The page loads from and talks to its own server only. Its editor sets inline styles; `'self'` in
 * connect-src covers the WebSocket of the same host.
 */
function protectPage(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        workerSrc: ["'self'"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: false,
  });
}
