import type { Client as SocketClient } from 'graphql-ws';
import { stringifyDocument, type Client } from 'urql';
import {
  DashboardStartDocument,
  LiveCyclesDocument,
  type LiveCyclesSubscription,
} from '../../generated/operations.js';
import { codeOf } from './client.js';
import { isRefusal, isRewound, reasonOf } from './connection-end.js';
import { afterCycle, NOTHING_YET, type Live, type LiveCycle } from './live-state.js';
import { StatusReader } from './status-reader.js';
import { isSameWanted, variablesOf, Wants, type Wanted } from './wanted.js';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;
/** A page that had to begin anew does not do so again for so long, milliseconds. */
const START_OVER_MS = 10_000;

type Query = ReturnType<typeof stringifyDocument>;

/**
 * Follows the server's cycles: reads the newest one, then listens to all that come after the last
 * one that it has. However a connection ends, the next one asks for what came after that turn, so
 * no cycle is missed and none comes twice.
 */
export class LiveFeed {
  readonly #queries: Client;
  readonly sockets: SocketClient;
  readonly #status: StatusReader;
  readonly #listeners = new Set<() => void>();
  readonly #document: Query = stringifyDocument(LiveCyclesDocument);
  #live = NOTHING_YET;
  readonly #wants: Wants;
  /** What the present subscription carries. */
  #listensTo: Wanted | null = null;
  #isReconsidering = false;
  #stopped = false;
  /** Ends the present subscription, or the pause before the next. */
  #again: () => void = () => undefined;
  #startedOverAt = -Infinity;
  /** The turn after which to listen while no cycle is known. */
  #beginsAfter = 0;

  constructor(queries: Client, sockets: SocketClient, wanted: Wanted) {
    this.#queries = queries;
    this.sockets = sockets;
    this.#status = new StatusReader(queries, (status) => this.#set({ status }));
    this.#wants = new Wants(wanted);
  }

  readonly snapshot = (): Live => this.#live;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): () => void {
    this.#stopped = false;
    void this.#run();
    const hurry = (): void => {
      if (!document.hidden && this.#live.connection.state === 'LOST') this.#again();
    };
    window.addEventListener('online', hurry);
    document.addEventListener('visibilitychange', hurry);
    return () => {
      this.#stopped = true;
      this.#again();
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
    this.#again();
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopped;) {
      try {
        if (!this.#live.status) await this.#begin();
        if (this.#stopped) return;
        const isOrderly = await this.#listen(() => (failures = 0));
        if (isOrderly) continue;
        throw new Error('the server ended the subscription');
      } catch (error) {
        if (this.#stopped) return;
        if (isRewound(error)) {
          // What this page shows is not stored so any more.
          this.#set({ status: null, latest: null });
          continue;
        }
        if (isRefusal(error)) {
          this.#set({ connection: { state: 'REFUSED', reason: reasonOf(error) } });
        } else {
          const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++);
          const ms = wait * (0.5 + Math.random() / 2);
          const connection = { state: 'LOST', retryAt: Date.now() + ms, reason: reasonOf(error) };
          this.#set({ connection } as Pick<Live, 'connection'>);
        }
        await this.#pause();
      }
    }
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

  /**
   * Listens until the connection ends, which is an error, or {@link want} asks for something else.
   * @returns whether it was ended from here
   */
  async #listen(onOpen: () => void): Promise<boolean> {
    const after = this.#live.latest?.turn ?? this.#beginsAfter;
    const wanted = this.#wants.current;
    this.#listensTo = wanted;
    const variables = { after, ...variablesOf(wanted) };
    let isOrderly = false;
    const cycles = this.sockets.iterate<LiveCyclesSubscription>({
      query: this.#document,
      variables,
    });
    this.#again = () => {
      isOrderly = true;
      void cycles.return?.();
    };
    const unlisten = this.sockets.on('connected', () => {
      onOpen();
      this.#connected();
    });
    try {
      for await (const { data, errors } of cycles) {
        const [error] = errors ?? [];
        if (data) {
          onOpen();
          this.#take(data.cycleCompleted, wanted);
        } else if (typeof error?.extensions?.['turn'] !== 'number') {
          if (error && this.#startOver(error.extensions)) return true;
          throw new Error(error?.message ?? 'a push without data');
        }
        // One turn that cannot be read is a gap, and the next one tells of it.
      }
      return isOrderly;
    } catch (error) {
      if (isOrderly) return true;
      if (Array.isArray(error)) {
        const [first] = error as { message: string; extensions?: Record<string, unknown> }[];
        if (this.#startOver(first?.extensions)) return true;
        throw new Error(first?.message ?? 'the subscription was refused', { cause: error });
      }
      throw error;
    } finally {
      unlisten();
    }
  }

  #connected(): void {
    this.#set({ connection: { state: 'LIVE' } });
    this.#reconsider();
    if (!this.#stopped) this.#status.read();
  }

  #take(cycle: LiveCycle, wanted: Wanted): void {
    this.#set({ ...afterCycle(this.#live, cycle, Date.now()), carried: wanted });
    if (!this.#stopped) this.#status.read();
  }

  /** Where the server does not know the last turn, or no longer has what follows: from anew. */
  #startOver(extensions: Readonly<Record<string, unknown>> | undefined): boolean {
    const code = extensions?.['code'];
    if (code !== 'BAD_USER_INPUT' && code !== 'HISTORY_GONE') return false;
    const now = performance.now();
    // Once: where that does not help, it is a failure like any other.
    if (now - this.#startedOverAt < START_OVER_MS) return false;
    this.#startedOverAt = now;
    const { latest } = this.#live;
    const oldest = extensions?.['oldestTurn'];
    const after = { after: latest?.turn ?? 0, afterAt: latest?.observedAt ?? null };
    const gap = typeof oldest === 'number' ? [{ ...after, from: oldest }] : [];
    this.#set({ status: null, latest: null, gaps: [...this.#live.gaps, ...gap] });
    return true;
  }

  /** Waits for the next attempt, or for a reason to try at once. */
  async #pause(): Promise<void> {
    const { connection } = this.#live;
    await new Promise<void>((resolve) => {
      this.#again = resolve;
      if (connection.state === 'LOST') setTimeout(resolve, connection.retryAt - Date.now());
    });
    if (!this.#stopped && connection.state === 'REFUSED') {
      this.#set({ connection: { state: 'CONNECTING' } });
    }
  }

  #set(change: Partial<Live>): void {
    this.#live = { ...this.#live, ...change };
    for (const listener of this.#listeners) listener();
  }
}
