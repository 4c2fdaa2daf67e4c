import { createClient as createSocketClient, type Client as SocketClient } from 'graphql-ws';
import { Client, fetchExchange, type CombinedError } from 'urql';
import { token } from './token.js';

/** Beside the page, wherever a proxy has put it. */
const ENDPOINT = new URL('graphql', window.location.href);
/** How often a socket is tried that is silent, and how long it may take to answer, milliseconds. */
const PING_MS = 10_000;
const PONG_MS = 5_000;
/** How long a server may take to accept a connection, and to answer a query, milliseconds. */
const CONNECT_MS = 10_000;
const ANSWER_MS = 20_000;

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
    exchanges: [fetchExchange],
  });
}

/** A connection that broke without a word would keep an answer waiting for ever. */
function fetchInTime(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const signals = [AbortSignal.timeout(ANSWER_MS), ...(init?.signal ? [init.signal] : [])];
  return fetch(input, { ...init, signal: AbortSignal.any(signals) });
}

/**
 * What is asked over a socket that is being closed goes nowhere, which browsers take for a fault: it is
 * left out here, and whoever asks is told by the socket's end, and why.
 */
class ClosableSocket extends WebSocket {
  override send(data: Parameters<WebSocket['send']>[0]): void {
    if (this.readyState === WebSocket.OPEN) super.send(data);
  }
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
  let opening: ReturnType<typeof setTimeout> | undefined;
  const client = createSocketClient({
    url: address.href,
    webSocketImpl: ClosableSocket,
    connectionParams: () => token.headers(),
    retryAttempts: 0,
    lazyCloseTimeout: 1_000,
    keepAlive: PING_MS,
    on: {
      connecting: () => (opening = setTimeout(() => client.terminate(), CONNECT_MS)),
      opened: (opened) => (socket = opened as WebSocket),
      connected: () => clearTimeout(opening),
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
      closed() {
        clearTimeout(opening);
        clearTimeout(silent);
      },
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
