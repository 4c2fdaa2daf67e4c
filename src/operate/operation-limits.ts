/**
 * The most tokens a document may have; the largest sensible one has some hundreds. Also bounds how
 * deep a document can be nested, and so the stack that parsing it takes.
 */
export const LARGEST_DOCUMENT_TOKENS = 2_000;

/** How many errors of a document its caller is told. */
export const MOST_DOCUMENT_ERRORS = 10;

/** The largest message that a WebSocket client may send, bytes. */
export const LARGEST_MESSAGE_BYTES = 1024 * 1024;

/** How many operations one HTTP request may hold. */
export const LARGEST_BATCH = 10;

/** How many subscriptions one socket may have at a time. */
export const SUBSCRIPTIONS_PER_SOCKET = 100;

/** How deep the JSON of a body or a message may be nested. */
export const DEEPEST_JSON = 32;

/** How many wrong values of its variables an operation is told. */
const MOST_WRONG_VALUES = 5;
/** How operations are executed, whoever does it. */
export const EXECUTION_OPTIONS = { maxCoercionErrors: MOST_WRONG_VALUES };

/** What tells a client when it may come again, over HTTP and in the error itself. */
export function retryAfter(seconds: number, status: number) {
  const headers = new Map([['retry-after', String(seconds)]]);
  return { retryAfterS: seconds, http: { status, headers } };
}
