import { CombinedError } from 'urql';
import { codeOf, wordsOf } from './client.js';

/** The server closes a socket with these where the token is missing, wrong or has run out. */
const REFUSALS = new Set([4401, 4403]);
/** The server closes a socket with this where turns that it has sent are not stored so. */
const REWOUND = 4510;

/** Whether the connection ended because what the page shows is not stored so any more. */
export function isRewound(error: unknown): boolean {
  return error instanceof CloseEvent && error.code === REWOUND;
}

/** Whether it ended because the server wants a token, or another one. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof CloseEvent) return REFUSALS.has(error.code);
  return error instanceof CombinedError && codeOf(error) === 'UNAUTHENTICATED';
}

/** Why it ended, in words for people. */
export function reasonOf(error: unknown): string {
  if (error instanceof CombinedError) return wordsOf(error);
  if (error instanceof CloseEvent) return error.reason || 'the connection was closed';
  return error instanceof Error ? error.message : 'the connection could not be opened';
}
