import { stringifyDocument, type AnyVariables, type TypedDocumentNode } from 'urql';
import { isRewound } from './connection-end.js';
import type { LiveFeed } from './live.js';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;

interface Following<Data, Variables> {
  readonly document: TypedDocumentNode<Data, Variables>;
  /** Asked for at each attempt: they say where to go on. */
  readonly variables: () => Variables;
  readonly take: (data: Data) => void;
  /** What is there is not what the server goes on from: it has to be read anew. */
  readonly onStale: () => void;
}

/**
 * Follows a subscription for as long as it is wanted, over the socket of the live feed: however it ends,
 * it goes on as soon as the feed is live again, from where its variables say.
 * @returns ends it
 */
export function follow<Data, Variables extends AnyVariables>(
  feed: LiveFeed,
  { document, variables, take, onStale }: Following<Data, Variables>,
): () => void {
  const ending = new AbortController();
  void run();
  return () => ending.abort();

  async function run(): Promise<void> {
    for (let failures = 0; !ending.signal.aborted;) {
      await untilLive(feed, ending.signal);
      if (ending.signal.aborted) return;
      try {
        await listen(() => (failures = 0));
      } catch (error) {
        if (ending.signal.aborted) return;
        if (isRewound(error) || isGone(error)) return onStale();
      }
      await pause(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++), ending.signal);
    }
  }

  async function listen(onData: () => void): Promise<void> {
    const query = stringifyDocument(document);
    const stream = feed.sockets.iterate<Data>({
      query,
      variables: variables() as Record<string, unknown>,
    });
    const end = (): void => void stream.return?.();
    ending.signal.addEventListener('abort', end, { once: true });
    try {
      for await (const { data, errors } of stream) {
        if (data) {
          onData();
          take(data);
        } else if (errors && isGone(errors)) throw errors as unknown;
      }
    } finally {
      ending.signal.removeEventListener('abort', end);
    }
  }
}

/** Whether the server refused to go on from a turn: it does not know it, or what follows is gone. */
function isGone(error: unknown): boolean {
  if (!Array.isArray(error)) return false;
  const [first] = error as { extensions?: Record<string, unknown> }[];
  const code = first?.extensions?.['code'];
  return code === 'BAD_USER_INPUT' || code === 'HISTORY_GONE';
}

function untilLive(feed: LiveFeed, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (feed.snapshot().connection.state !== 'LIVE' && !signal.aborted) return;
      unsubscribe();
      signal.removeEventListener('abort', look);
      resolve();
    };
    const unsubscribe = feed.subscribe(look);
    signal.addEventListener('abort', look);
    look();
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
