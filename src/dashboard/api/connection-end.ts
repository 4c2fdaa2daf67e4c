import { CombinedError } from 'urql';
import { AccessError, HistoryGoneError, RequestError, RewoundError } from '../../client/errors.js';
import { codeOf, wordsOf } from './client.js';

/** Whether the server does not go on from what the page shows: it is not stored so, or not known, any more. */
export function isStale(error: unknown): boolean {
  if (error instanceof RewoundError || error instanceof HistoryGoneError) return true;
  return error instanceof RequestError && error.code === 'BAD_USER_INPUT';
}

/** Whether it ended because the server wants a token, or another one. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof AccessError) return true;
  return error instanceof CombinedError && codeOf(error) === 'UNAUTHENTICATED';
}

/** Why it ended, in words for people. */
export function reasonOf(error: unknown): string {
  if (error instanceof CombinedError) return wordsOf(error);
  return error instanceof Error ? error.message : 'the connection could not be opened';
}
