import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../log.js';

const HEADER = 'x-request-id';
const GIVEN_ID = /^[\w.:-]{1,64}$/;

/**
 * Gives a request an id, or keeps the one that a proxy gave it; with LOG_LEVEL debug, each request is
 * a line of the log.
 * @returns the id, which its answer is to have as `X-Request-Id`
 */
export function identify(request: IncomingMessage, response: ServerResponse, log: Logger): string {
  const given = request.headers[HEADER];
  const requestId = typeof given === 'string' && GIVEN_ID.test(given) ? given : randomUUID();
  request.headers[HEADER] = requestId;
  if (!log.isLevelEnabled('debug')) return requestId;
  const begun = performance.now();
  const { method, url = '' } = request;
  // A query in the address may hold what its sender would not see in a log.
  const path = url.split('?')[0];
  response.on('close', () => {
    const ms = Math.round(performance.now() - begun);
    log.debug({ requestId, method, path, status: response.statusCode, ms }, 'request');
  });
  return requestId;
}

/** The id of a request that {@link identify} has seen. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const id = headers[HEADER];
  return typeof id === 'string' ? id : randomUUID();
}
