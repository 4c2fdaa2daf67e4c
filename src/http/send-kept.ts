import type { IncomingMessage, ServerResponse } from 'node:http';
import fresh from 'fresh';
import { REVALIDATED } from './caching.js';
import { codingFor } from './codings.js';
import type { KeptAnswer } from './kept-answers.js';
import { endWith } from './pieces.js';

/** What decides which answer it is: a cache in between must not give one to somebody else. */
const VARY = 'Accept, Accept-Encoding, Authorization, Origin';

/** Headers as lists of names and values, which Node writes as they are, in half the time. */
export interface HeaderLists {
  readonly own: readonly string[];
  /** The same with every answer. */
  readonly common: readonly string[];
}

export interface SendOptions {
  /** Headers beside those of the answer, where none were set on the response. */
  readonly headers?: HeaderLists;
  /** Who may keep it, and for how long. */
  readonly cacheControl?: string;
}

/** Sends a kept answer, in a coding that the client takes; 304 to one that has it already. */
export async function sendKept(
  request: IncomingMessage,
  response: ServerResponse,
  answer: KeptAnswer,
  options: SendOptions = {},
): Promise<void> {
  if (fresh(request.headers, { etag: answer.etag })) {
    // Who has the answer has what comes with every answer (RFC 9110, section 15.4.5).
    response.writeHead(304, headersOf(answer, options, options.headers?.own)).end();
    return;
  }
  const coding = codingFor(request);
  const encoded = coding && (await answer.in(coding));
  const length = encoded?.length ?? answer.length;
  const { own = [], common = [] } = options.headers ?? {};
  const headers = headersOf(answer, options, [...own, ...common]);
  headers.push('Content-Type', answer.type, 'Content-Length', String(length));
  if (encoded) headers.push('Content-Encoding', coding);
  endWith(response.writeHead(200, headers), encoded ? [encoded] : answer.pieces);
}

function headersOf(
  { etag }: KeptAnswer,
  { cacheControl = REVALIDATED }: SendOptions,
  others: readonly string[] = [],
): string[] {
  return [...others, 'ETag', etag, 'Cache-Control', cacheControl, 'Vary', VARY];
}
