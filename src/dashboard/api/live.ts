import type { Client } from 'urql';
import { Backoff, Pauses } from '../../client/backoff.js';
import type { DynamicsClient } from '../../client/client.js';
import { HistoryGoneError, RewoundError, UnreadableTurnError } from '../../client/errors.js';
import { DashboardStartDocument, LiveCyclesDocument } from '../../generated/operations.js';
import { codeOf } from './client.js';
import { isRefusal, reasonOf } from './connection-end.js';
import { afterCycle, NOTHING_YET, type Live, type LiveCycle } from './live-state.js';
import { StatusReader } from './status-reader.js';
import { isSameWanted, variablesOf, Wants, type Wanted } from './wanted.js';

const LONGEST_RETRY_MS = 5_000;
/** As long as a timer can be, milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A page that had to begin anew does not do so again for so long, milliseconds. */
const START_OVER_MS = 10_000;

/**
 * Follows the server's cycles: reads the newest one, then listens to all that come after the last
 * one that it has, by the client that misses none, and begins anew where that cannot be.
 */
export class LiveFeed {
  readonly #queries: Client;
  readonly client: DynamicsClient;
  readonly #status: StatusReader;
  readonly #listeners = new Set<() => void>();
  #live = NOTHING_YET;
  readonly #wants: Wants;
  /** What the present subscription carries. */
  #listensTo: Wanted | null = null;
  #isReconsidering = false;
  /** Ends the present subscription. */
  #again: () => void = () => undefined;
  #stopping = new AbortController();
  readonly #pauses = new Pauses();
  #startedOverAt = -Infinity;
  /** Turns up to this one cannot be had. */
  #beginsAfter = 0;

  constructor(queries: Client, client: DynamicsClient, wanted: Wanted) {
    this.#queries = queries;
    this.client = client;
    this.#status = new StatusReader(queries, (status) => this.#set({ status }));
    this.#wants = new Wants(wanted);
  }

  readonly snapshot = (): Live => this.#live;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): () => void {
    this.#stopping = new AbortController();
    void this.#run(this.#stopping.signal);
    const hurry = (): void => {
      if (!document.hidden && this.#live.connection.state === 'LOST') this.retry();
    };
    window.addEventListener('online', hurry);
    document.addEventListener('visibilitychange', hurry);
    return () => {
      this.#stopping.abort();
      this.#status.stop();
      window.removeEventListener('online', hurry);
      document.removeEventListener('visibilitychange', hurry);
    };
  }

  /**
   * Has a part pushed along, from the next cycle on.
   * @returns what ends that
   */
  want<Part extends keyof Wanted>(part: Part, wanted: Wanted[Part]): () => void {
    const end = this.#wants.add(part, wanted);
    this.#reconsider();
    return () => {
      end();
      this.#reconsider();
    };
  }

  /** Listens anew where something else is wanted, once all parts of the page have said what. */
  #reconsider(): void {
    if (this.#isReconsidering) return;
    this.#isReconsidering = true;
    queueMicrotask(() => {
      this.#isReconsidering = false;
      const isListening = this.#live.connection.state === 'LIVE';
      if (isListening && !isSameWanted(this.#wants.current, this.#listensTo)) this.#again();
    });
  }

  /** Tries anew at once, for example with another token. */
  retry(): void {
    this.client.retry();
    this.#pauses.endAll();
  }

  async #run(stopped: AbortSignal): Promise<void> {
    const backoff = new Backoff(LONGEST_RETRY_MS);
    while (!stopped.aborted) {
      backoff.begin();
      try {
        if (!this.#live.status) await this.#begin();
        if (!stopped.aborted) await this.#listen(stopped);
        backoff.succeeded();
      } catch (error) {
        if (stopped.aborted) return;
        if (this.#goesOn(error)) continue;
        if (isRefusal(error)) await this.#refused(error, stopped);
        else await this.#lost(error, backoff.failed(), stopped);
      }
    }
  }

  /** Whether to listen on at once, from anew or after what cannot be had. */
  #goesOn(error: unknown): boolean {
    if (error instanceof UnreadableTurnError) {
      // One turn that cannot be read is a gap, and the next one tells of it.
      this.#beginsAfter = error.turn;
      return true;
    }
    if (error instanceof HistoryGoneError) return this.#startOver(error.oldestTurn);
    if (!(error instanceof RewoundError)) return false;
    if (error.stands === null) return this.#startOver(null);
    // What this page shows is not stored so any more.
    this.#set({ status: null, latest: null });
    return true;
  }

  /** Waits for another token, which has the page begin anew, or to be told to try again. */
  async #refused(error: unknown, stopped: AbortSignal): Promise<void> {
    this.#set({ connection: { state: 'REFUSED', reason: reasonOf(error) } });
    await this.#pauses.pause(LONGEST_TIMER_MS, stopped);
    if (!stopped.aborted) this.#set({ connection: { state: 'CONNECTING' } });
  }

  async #lost(error: unknown, ms: number, stopped: AbortSignal): Promise<void> {
    this.#set({
      connection: { state: 'LOST', retryAt: Date.now() + ms, reason: reasonOf(error) },
    });
    await this.#pauses.pause(ms, stopped);
  }

  /** The newest cycle and the status, with which the page can be drawn already. */
  async #begin(): Promise<void> {
    const wanted = this.#wants.current;
    const { data, error } = await this.#queries.query(DashboardStartDocument, variablesOf(wanted));
    const isUnreadable = error !== undefined && codeOf(error) === 'CYCLE_UNREADABLE';
    // A part that is refused, such as a pair of an asset that there is not, is no reason for nothing.
    const isPart = isUnreadable || Boolean(data?.latestCycle);
    if (!data || (error && !isPart)) throw error ?? new Error('the server gave no answer');
    // Where the newest cycle cannot be read, those after it can.
    this.#beginsAfter = isUnreadable ? (data.status.latestTurn ?? 0) : 0;
    this.#set({ latest: data.latestCycle, carried: wanted, status: data.status });
  }

  /** Listens until {@link want} asks for something else. */
  async #listen(stopped: AbortSignal): Promise<void> {
    const wanted = this.#wants.current;
    this.#listensTo = wanted;
    const ending = new AbortController();
    this.#again = () => ending.abort();
    const cycles = this.client.cycles({
      document: LiveCyclesDocument,
      variables: variablesOf(wanted),
      after: Math.max(this.#live.latest?.turn ?? 0, this.#beginsAfter),
      signal: AbortSignal.any([ending.signal, stopped]),
      onConnection: (connection) =>
        connection.state === 'LIVE' ? this.#connected() : this.#set({ connection }),
    });
    for await (const cycle of cycles) this.#take(cycle, wanted);
  }

  #connected(): void {
    this.#set({ connection: { state: 'LIVE' } });
    this.#reconsider();
    this.#readStatus();
  }

  #take(cycle: LiveCycle, wanted: Wanted): void {
    this.#set({ ...afterCycle(this.#live, cycle, Date.now()), carried: wanted });
    this.#readStatus();
  }

  #readStatus(): void {
    if (!this.#stopping.signal.aborted) this.#status.read();
  }

  /** Where the server does not know the last turn, or no longer has what follows: from anew. */
  #startOver(oldestTurn: number | null): boolean {
    const now = performance.now();
    // Once: where that does not help, it is a failure like any other.
    if (now - this.#startedOverAt < START_OVER_MS) return false;
    this.#startedOverAt = now;
    const { latest } = this.#live;
    const after = { after: latest?.turn ?? 0, afterAt: latest?.observedAt ?? null };
    const gap = oldestTurn === null ? [] : [{ ...after, from: oldestTurn }];
    this.#set({ status: null, latest: null, gaps: [...this.#live.gaps, ...gap] });
    return true;
  }

  #set(change: Partial<Live>): void {
    this.#live = { ...this.#live, ...change };
    for (const listener of this.#listeners) listener();
  }
}
