import { Client, fetchExchange, type CombinedError } from 'urql';
import { DynamicsClient } from '../../client/client.js';
import { isPassingFault, isPassingStatus } from '../../client/ends.js';
import { fetchInTime } from '../../client/http.js';
import { sharedInFlight } from './in-flight.js';
import { token } from './token.js';

/** Beside the page, wherever a proxy has put it. */
const ENDPOINT = new URL('graphql', window.location.href);
/** How long a socket stays open that nobody listens to: something else is about to be wanted, milliseconds. */
const IDLE_MS = 1_000;

/**
 * Queries and mutations, over HTTP. Without a cache: a page that is kept open all day would fill it
 * with turns that nobody looks at again.
 */
export function createQueryClient(): Client {
  return new Client({
    url: ENDPOINT.href,
    preferGetMethod: false,
    fetchOptions: () => ({ headers: token.headers() }),
    fetch: fetchInTime,
    exchanges: [sharedInFlight, fetchExchange],
  });
}

/** Subscriptions, over one WebSocket. Another token has the page begin anew, with another client. */
export function createSubscriptionClient(): DynamicsClient {
  return new DynamicsClient({ url: ENDPOINT.href, token: token.get(), idleMs: IDLE_MS });
}

/** The stable word that an error of this API carries, for example UNAUTHENTICATED. */
export function codeOf(error: CombinedError | undefined): string | null {
  if (!error) return null;
  if (error.networkError) return error.response ? 'HTTP' : 'UNREACHABLE';
  const code = error.graphQLErrors[0]?.extensions['code'];
  return typeof code === 'string' ? code : null;
}

/** Whether another token could help. */
export function wantsToken(error: CombinedError | undefined): boolean {
  const code = codeOf(error);
  return code === 'UNAUTHENTICATED' || code === 'FORBIDDEN';
}

/** Whether the same question may be answered in a while. */
export function isPassing(error: CombinedError): boolean {
  const code = codeOf(error);
  const { status = 0 } = (error.response ?? {}) as Partial<Response>;
  return code === 'UNREACHABLE' || isPassingStatus(status) || isPassingFault(code);
}

/** An error in words for people. */
export function wordsOf(error: CombinedError): string {
  if (codeOf(error) === 'UNREACHABLE') return 'The server cannot be reached.';
  return error.graphQLErrors.map(({ message }) => message).join(' ') || error.message;
}
