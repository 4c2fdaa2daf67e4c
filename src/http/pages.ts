import { readFile } from 'node:fs/promises';
import path from 'node:path';
import express, { Router, type Request, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import { underBasePath } from './base-path.js';

/** A page that the build makes, and that browsers get. */
export interface Page {
  /** Its name, for people. */
  readonly name: string;
  /** Where it is served. */
  readonly address: string;
  /** The prefix that it was bundled with (`base` in its vite.config.ts). */
  readonly prefix: string;
  /** The bundle, as the build leaves it; where it is missing, the page says how to make it. */
  readonly directory: string;
  /** What everything is served under, for addresses in the page; empty where that is the root. */
  readonly basePath: string;
  /** Whether a request for the address wants the page rather than what programs get there. */
  readonly isWanted: (request: Request) => boolean;
  /** Whether its scripts write styles into the page. */
  readonly setsInlineStyles: boolean;
}

/**
 * Serves a page to whoever wants it, and its files under its prefix. Everything else goes on to the
 * next handler.
 */
export function pageRoutes(page: Page): Router {
  const { directory } = page;
  const router = Router();
  const protect = protectPage(page);
  router.use(`${page.prefix}/assets`, protect, hashedFiles(path.join(directory, 'assets')));
  router.get(page.address, (request, response, next) => {
    response.vary('Accept');
    if (!page.isWanted(request)) return next();
    protect(request, response, (error?: unknown) => {
      if (error !== undefined) return next(error);
      const failed = (failure: NodeJS.ErrnoException): void => {
        if (failure.code !== 'ENOENT' || response.headersSent) return next(failure);
        response.status(503).set('Cache-Control', 'no-store').type('html').send(notBuilt(page));
      };
      if (page.basePath === '') sendFile(page, response, failed);
      else sendUnderBasePath(page, response).catch(failed);
    });
  });
  return router;
}

function sendFile(
  { directory }: Page,
  response: Response,
  failed: (failure: NodeJS.ErrnoException) => void,
): void {
  const headers = { 'Cache-Control': 'no-cache' };
  response.sendFile('index.html', { root: directory, cacheControl: false, headers }, (failure) => {
    if (failure) failed(failure);
  });
}

/** The page was built for the root. */
async function sendUnderBasePath({ directory, basePath }: Page, response: Response): Promise<void> {
  const text = await readFile(path.join(directory, 'index.html'), 'utf8');
  response.set('Cache-Control', 'no-cache').type('html').send(underBasePath(basePath, text));
}

function notBuilt({ name }: Page): string {
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Dynamics</title></head>
  <body>
    <p>${name} has not been built: run <code>npm run build</code> and load this page again.</p>
    <p>Programs are served all the same, at <code>/graphql</code>.</p>
  </body>
</html>
`;
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
 * A page loads from and talks to its own server only. `'self'` in connect-src covers the WebSocket
 * of the same host.
 */
function protectPage({ setsInlineStyles }: Page): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", ...(setsInlineStyles ? ["'unsafe-inline'"] : [])],
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
