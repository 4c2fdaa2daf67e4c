import type { Client as SocketClient } from 'graphql-ws';
import { stringifyDocument, type Client } from 'urql';
import {
  AlertFiredDocument,
  AlertFiringsDocument,
  type AlertFiredSubscription,
} from '../../generated/operations.js';
import { isRefusal, isRewound } from '../api/connection-end.js';
import { NOTHING_READ, withAdded, type Firing, type Firings } from './firings.js';

/** How many are read first. */
const FIRST = 50;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
/** While no firing is known to go on from, what came in between is looked for so long after. */
const LOOK_AGAIN_MS = 1_500;

/**
 * Follows what rules fire: reads the newest, then listens to all that come after the last one that
 * it has. However a connection ends, the next one asks for what came after that, so that no firing
 * is missed and none comes twice.
 */
export class FiringFeed {
  readonly #queries: Client;
  readonly #sockets: SocketClient;
  readonly #listeners = new Set<() => void>();
  readonly #hearers = new Set<(firing: Firing) => void>();
  readonly #document = stringifyDocument(AlertFiredDocument);
  #firings = NOTHING_READ;
  #isStopped = false;
  #again: () => void = () => undefined;

  constructor(queries: Client, sockets: SocketClient) {
    this.#queries = queries;
    this.#sockets = sockets;
  }

  readonly snapshot = (): Firings => this.#firings;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Hears each firing that comes while this page is open, and none that it began with. */
  readonly hear = (hearer: (firing: Firing) => void): (() => void) => {
    this.#hearers.add(hearer);
    return () => this.#hearers.delete(hearer);
  };

  start(): () => void {
    this.#isStopped = false;
    void this.#run();
    return () => {
      this.#isStopped = true;
      this.#again();
    };
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#isStopped;) {
      try {
        if (this.#firings.newest === null) await this.#begin();
        if (this.#isStopped) return;
        await this.#listen(() => (failures = 0));
      } catch (error) {
        if (this.#isStopped) return;
        // Another token has all of it begin anew.
        if (isRefusal(error)) return;
        // What was shown is not stored so any more, or is no place to go on from.
        if (isRewound(error) || isUnknown(error)) this.#forget();
      }
      const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++);
      await this.#pause(wait * (0.5 + Math.random() / 2));
    }
  }

  /** Those that there are already. */
  async #begin(): Promise<void> {
    const { newest, olderAfter } = await this.#read();
    if (!this.#isStopped) this.#set({ newest, olderAfter, isWhole: olderAfter === null });
  }

  async #read(): Promise<{ newest: readonly Firing[]; olderAfter: string | null }> {
    const { data, error } = await this.#queries.query(AlertFiringsDocument, { first: FIRST });
    const page = data?.alertFirings;
    if (!page) throw error ?? new Error('the server gave no answer');
    const { endCursor, hasNextPage } = page.pageInfo;
    return { newest: page.nodes, olderAfter: hasNextPage ? endCursor : null };
  }

  async #listen(onOpen: () => void): Promise<void> {
    const after = this.#firings.newest?.[0]?.id ?? null;
    const firings = this.#sockets.iterate<AlertFiredSubscription>({
      query: this.#document,
      variables: { after },
    });
    this.#again = () => void firings.return?.();
    const looking = after === null ? setTimeout(() => void this.#lookAgain(), LOOK_AGAIN_MS) : null;
    const unlisten = this.#sockets.on('connected', onOpen);
    try {
      for await (const { data, errors } of firings) {
        if (!data) throw new FeedEnd(errors);
        onOpen();
        this.#take([data.alertFired]);
      }
    } catch (error) {
      throw Array.isArray(error) ? new FeedEnd(error as GraphQLErrors) : error;
    } finally {
      if (looking !== null) clearTimeout(looking);
      unlisten();
    }
  }

  /** What fired between the reading of none and the listening: the server cannot tell it. */
  async #lookAgain(): Promise<void> {
    try {
      const { newest } = await this.#read();
      if (!this.#isStopped) this.#take(newest.toReversed());
    } catch {
      // Whatever is wrong, the listening tells.
    }
  }

  /** @param firings in the order in which they came */
  #take(firings: readonly Firing[]): void {
    const known = new Set(this.#firings.newest?.map(({ id }) => id));
    const added = firings.filter(({ id }) => !known.has(id));
    if (added.length === 0) return;
    this.#set(withAdded(this.#firings, added));
    for (const firing of added) for (const hear of this.#hearers) hear(firing);
  }

  #forget(): void {
    this.#set(NOTHING_READ);
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#again = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #set(firings: Firings): void {
    this.#firings = firings;
    for (const listener of this.#listeners) listener();
  }
}

type GraphQLErrors = readonly {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}[];

/** The server ended the subscription, or refused it. */
class FeedEnd extends Error {
  readonly code: unknown;

  constructor(errors: GraphQLErrors = []) {
    super(errors[0]?.message ?? 'a push without data');
    this.code = errors[0]?.extensions?.['code'];
  }
}

/** Whether the server does not know the firing that was to be gone on from. */
function isUnknown(error: unknown): boolean {
  return error instanceof FeedEnd && error.code === 'BAD_USER_INPUT';
}
