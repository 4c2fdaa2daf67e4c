import { createClient as createSocketClient, type Client as SocketClient } from 'graphql-ws';
import { cacheExchange, Client, fetchExchange, type CombinedError } from 'urql';
import { token } from './token.js';

const ENDPOINT = new URL('/graphql', window.location.href);
/** How often a socket is tried that is silent, and how long it may take to answer, milliseconds. */
const PING_MS = 10_000;
const PONG_MS = 5_000;

/** Queries and mutations, over HTTP. A stored cycle never changes, so what was read of one is kept. */
export function createQueryClient(): Client {
  return new Client({
    url: ENDPOINT.href,
    preferGetMethod: false,
    fetchOptions: () => ({ headers: token.headers() }),
    exchanges: [cacheExchange, fetchExchange],
  });
}

/**
 * Subscriptions, over one WebSocket. It does not try again by itself: whoever listens knows better
 * where to go on.
 */
export function createSubscriptionClient(): SocketClient {
  const address = new URL(ENDPOINT);
  address.protocol = ENDPOINT.protocol === 'https:' ? 'wss:' : 'ws:';
  let socket: WebSocket | null = null;
  let silent: ReturnType<typeof setTimeout> | undefined;
  const client = createSocketClient({
    url: address.href,
    connectionParams: () => token.headers(),
    retryAttempts: 0,
    lazyCloseTimeout: 1_000,
    keepAlive: PING_MS,
    on: {
      opened: (opened) => (socket = opened as WebSocket),
      // A machine that slept, or a network that is gone, breaks a connection without a word.
      ping(isReceived) {
        if (isReceived) return;
        silent = setTimeout(() => {
          if (socket?.readyState === WebSocket.OPEN) client.terminate();
        }, PONG_MS);
      },
      pong(isReceived) {
        if (isReceived) clearTimeout(silent);
      },
      closed: () => clearTimeout(silent),
    },
  });
  return client;
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

/** An error in words for people. */
export function wordsOf(error: CombinedError): string {
  if (codeOf(error) === 'UNREACHABLE') return 'The server cannot be reached.';
  return error.graphQLErrors.map(({ message }) => message).join(' ') || error.message;
}
