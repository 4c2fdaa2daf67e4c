import type { RequestHandler } from 'express';
import { sendProblem } from './problem.js';

/**
 * Serves the client in one file, to pages that load it without a bundler. Pages of other sites load it
 * where CORS_ORIGINS lets them, as they do everything else.
 * @param directory where the build leaves it
 */
export function clientFile(directory: string): RequestHandler {
  const options = {
    root: directory,
    cacheControl: false,
    headers: { 'Cache-Control': 'no-cache' },
  };
  return (_request, response, next) => {
    response.sendFile('client.js', options, (failure: NodeJS.ErrnoException | undefined) => {
      if (failure === undefined) return;
      if (failure.code !== 'ENOENT' || response.headersSent) return next(failure);
      sendProblem(response, 503, 'the client has not been built: run npm run build');
    });
  };
}
