import type { IncomingMessage } from 'node:http';
import stableJson from 'safe-stable-stringify';
import type { StoredRequest } from './stored-request.js';

/** What has Apollo let a request pass that another site's page cannot send without being asked for. */
const GUARDED_BY = ['content-type', 'apollo-require-preflight', 'x-apollo-operation-name'];

/**
 * What an answer depends on beside the state that it was made of, and the caller's role: all that Apollo
 * reads, what it refuses a request for among it.
 */
export function answerKeyOf(
  { method, url, headers }: IncomingMessage,
  body: unknown,
  stored: StoredRequest | null,
): string {
  const { accept, 'content-type': type } = headers;
  if (stored) return ['stored', accept, type, stored.key].join('\n');
  const { query, operationName, variables, extensions } = (body ?? {}) as Readonly<
    Record<string, unknown>
  >;
  const guards = GUARDED_BY.map((name) => headers[name] ?? '');
  const asked = [operationName, variables, extensions].map((part) => stableJson(part));
  const text = typeof query === 'string' ? query : stableJson(query);
  return [method, url, accept, ...guards, ...asked, text].join('\n');
}
