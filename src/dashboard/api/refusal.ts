import type { CombinedError } from 'urql';
import { codeOf, wordsOf } from './client.js';
import { token } from './token.js';

/** Why the server refuses, as far as a token goes. */
export type RefusalKind = 'MISSING' | 'WRONG' | 'EXPIRED' | 'TOO_SMALL';

/** What is wrong with a token, for people. */
export interface Refusal {
  readonly kind: RefusalKind;
  /** What the server says. */
  readonly words: string;
}

/** What an error that another token could help with says of the one in use. */
export function refusalOf(error: CombinedError): Refusal {
  const words = wordsOf(error);
  return codeOf(error) === 'FORBIDDEN' ? { kind: 'TOO_SMALL', words } : unauthenticated(words);
}

/** What is wrong where the server does not know who asks. */
export function unauthenticated(words: string): Refusal {
  if (token.get() === null) return { kind: 'MISSING', words };
  return { kind: /expired/.test(words) ? 'EXPIRED' : 'WRONG', words };
}
