import type { Client } from 'urql';
import { Backoff, Pauses } from '../../client/backoff.js';
import type { DynamicsClient } from '../../client/client.js';
import { AlertFiredDocument, AlertFiringsDocument } from '../../generated/operations.js';
import { isRefusal, isStale } from '../api/connection-end.js';
import { NOTHING_READ, withAdded, type Firing, type Firings } from './firings.js';

/** How many are read first. */
const FIRST = 50;
/** While no firing is known to go on from, what came in between is looked for so long after. */
const LOOK_AGAIN_MS = 1_500;

/**
 * Follows what rules fire: reads the newest, then listens to all that come after the last one that
 * it has, by the client that misses none, and begins anew where that cannot be.
 */
export class FiringFeed {
  readonly #queries: Client;
  readonly #client: DynamicsClient;
  readonly #listeners = new Set<() => void>();
  readonly #hearers = new Set<(firing: Firing) => void>();
  #firings = NOTHING_READ;
  readonly #pauses = new Pauses();
  #stopping = new AbortController();
  #looking: ReturnType<typeof setTimeout> | undefined;

  constructor(queries: Client, client: DynamicsClient) {
    this.#queries = queries;
    this.#client = client;
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
    this.#stopping = new AbortController();
    void this.#run(this.#stopping.signal);
    return () => {
      this.#stopping.abort();
      clearTimeout(this.#looking);
    };
  }

  async #run(stopped: AbortSignal): Promise<void> {
    const backoff = new Backoff();
    while (!stopped.aborted) {
      backoff.begin();
      try {
        if (this.#firings.newest === null) await this.#begin();
        if (!stopped.aborted) await this.#listen(stopped);
      } catch (error) {
        // Another token has all of it begin anew.
        if (isRefusal(error)) return;
        // What was shown is not stored so any more, or is no place to go on from.
        if (isStale(error)) this.#forget();
      } finally {
        clearTimeout(this.#looking);
      }
      await this.#pauses.pause(backoff.failed(), stopped);
    }
  }

  /** Those that there are already. */
  async #begin(): Promise<void> {
    const { newest, olderAfter } = await this.#read();
    if (!this.#stopping.signal.aborted)
      this.#set({ newest, olderAfter, isWhole: olderAfter === null });
  }

  async #read(): Promise<{ newest: readonly Firing[]; olderAfter: string | null }> {
    const { data, error } = await this.#queries.query(AlertFiringsDocument, { first: FIRST });
    const page = data?.alertFirings;
    if (!page) throw error ?? new Error('the server gave no answer');
    const { endCursor, hasNextPage } = page.pageInfo;
    return { newest: page.nodes, olderAfter: hasNextPage ? endCursor : null };
  }

  async #listen(stopped: AbortSignal): Promise<void> {
    const firings = this.#client.follow({
      document: AlertFiredDocument,
      variables: (after: string | null) => ({ after }),
      placeOf: ({ alertFired }) => alertFired.id,
      after: this.#firings.newest?.[0]?.id ?? null,
      signal: stopped,
      onConnection: ({ state }) => state === 'LIVE' && this.#lookAgainSoon(),
    });
    for await (const { alertFired } of firings) this.#take([alertFired]);
  }

  #lookAgainSoon(): void {
    clearTimeout(this.#looking);
    if (this.#firings.newest?.length !== 0) return;
    this.#looking = setTimeout(() => void this.#lookAgain(), LOOK_AGAIN_MS);
  }

  /** What fired between the reading of none and the listening: the server cannot tell it. */
  async #lookAgain(): Promise<void> {
    try {
      const { newest } = await this.#read();
      if (!this.#stopping.signal.aborted) this.#take(newest.toReversed());
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

  #set(firings: Firings): void {
    this.#firings = firings;
    for (const listener of this.#listeners) listener();
  }
}
