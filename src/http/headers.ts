import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet, { type HelmetOptions } from 'helmet';

/** The headers of every answer; a page sets those that it needs beside them. */
export const ANSWER_HEADERS: readonly (readonly [string, string])[] = helmetHeaders({
  contentSecurityPolicy: false,
  strictTransportSecurity: false,
});

/** What helmet sets on any answer: always the same, so it is worked out once. */
function helmetHeaders(options: HelmetOptions): [string, string][] {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(options)(response.req, response, () => undefined);
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]);
}

/**
 * CORS for the listed origins; the server's own needs none. The rule says whether it has answered
 * already, a preflight for example.
 */
export function originRule(origins: readonly string[]) {
  return ({ headers: { origin }, method }: IncomingMessage, response: ServerResponse): boolean => {
    if (origins.length > 0) response.setHeader('Vary', 'Origin');
    if (origin === undefined || !origins.includes(origin)) return false;
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader(
      'Access-Control-Allow-Headers',
      'authorization, content-type, apollo-require-preflight, last-event-id',
    );
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
    response.setHeader('Access-Control-Max-Age', '600');
    if (method !== 'OPTIONS') return false;
    response.writeHead(204).end();
    return true;
  };
}
