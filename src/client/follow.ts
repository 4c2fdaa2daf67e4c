import type { FormattedExecutionResult } from 'graphql-ws/client';
import { Backoff, type Pauses } from './backoff.js';
import type { Connection } from './connection.js';
import { textOf } from './documents.js';
import { endOf, type End } from './ends.js';
import { RewoundError } from './errors.js';
import { isAsked, type Following } from './following.js';
import { Inbox } from './inbox.js';

/** How many items wait for one who is slow to take them, unless one says otherwise. */
const BUFFER = 64;

/** What a subscription is followed with. */
export interface FollowServices {
  readonly connection: Connection;
  readonly pauses: Pauses;
  /** How often in a row the server may refuse the token before that is told. */
  readonly refusals: number;
  /** Ends everything. */
  readonly closed: AbortSignal;
}

interface Item<Data, Place> {
  readonly data: Data;
  readonly place: Place;
}

/**
 * What a subscription brings, one after another. However a connection ends, the next one asks for what came
 * after the last item that was received, so that none is missed and none comes twice. Nothing is opened before
 * the first item is asked for.
 */
export class Followed<Data, Variables, Place> implements AsyncIterableIterator<Data, undefined> {
  readonly #services: FollowServices;
  readonly #following: Following<Data, Variables, Place>;
  readonly #query: string;
  readonly #inbox: Inbox<Item<Data, Place>>;
  readonly #ending = new AbortController();
  readonly #backoff = new Backoff();
  /** The place of what was received last. */
  #received: { readonly place: Place } | null = null;
  /** The place of what was taken last. */
  #taken: Place | null = null;
  #refusals = 0;
  #isBegun = false;
  /** Goes on where it was, once all that was received has been taken. */
  #goOn: () => void = () => undefined;

  constructor(services: FollowServices, following: Following<Data, Variables, Place>) {
    this.#services = services;
    this.#following = following;
    this.#query = textOf(following.document);
    this.#inbox = new Inbox(() => this.#goOn());
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Data, undefined>> {
    this.#begin();
    const item = await this.#inbox.take();
    if (item === null) return { done: true, value: undefined };
    this.#taken = item.place;
    return { done: false, value: item.data };
  }

  return(): Promise<IteratorResult<Data, undefined>> {
    this.#inbox.clear();
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  #begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    for (const signal of this.#signals()) {
      if (signal.aborted) return this.#end();
      signal.addEventListener('abort', this.#end);
    }
    void this.#run();
  }

  #signals(): AbortSignal[] {
    const { signal } = this.#following;
    return [this.#services.closed, ...(signal ? [signal] : [])];
  }

  readonly #end = (): void => {
    this.#isBegun = true;
    this.#inbox.clear();
    this.#inbox.end();
    this.#finish();
  };

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      this.#backoff.begin();
      try {
        await this.#listen(await this.#place());
        await this.#untilTaken();
      } catch (ended) {
        if (signal.aborted) return;
        const error = await this.#recover(endOf(ended, this.#services.connection.wasConnected));
        if (error) return this.#fail(error);
      }
    }
  }

  /** Where to go on. */
  async #place(): Promise<Place> {
    const { after } = this.#following;
    if (!this.#received) {
      const place = isAsked(after) ? await after(this.#ending.signal) : after;
      this.#received = { place };
      this.#taken = place;
    }
    return this.#received.place;
  }

  /** Listens until there is no room for more; throws whatever else it ends with. */
  #listen(place: Place): Promise<void> {
    const { connection } = this.#services;
    const { signal } = this.#ending;
    const operation = {
      query: this.#query,
      variables: this.#following.variables(place) as Record<string, unknown>,
    };
    return new Promise((resolve, reject) => {
      if (signal.aborted) return resolve();
      // As it was said, error or not: where it is caught it is found out what it means.
      const tell: (ended: unknown) => void = reject;
      const leave = (): void => {
        unlisten();
        signal.removeEventListener('abort', end);
        stop();
      };
      const end = (): void => {
        leave();
        resolve();
      };
      const fail = (ended: unknown): void => {
        leave();
        tell(ended);
      };
      const unlisten = connection.onConnected(() => this.#connected());
      const stop = connection.subscribe<Data>(operation, {
        next: (result) => {
          try {
            if (!this.#take(result)) end();
          } catch (error) {
            fail(error);
          }
        },
        error: fail,
        complete: () => fail(new Error('the server ended the subscription')),
      });
      signal.addEventListener('abort', end);
      if (connection.isConnected) this.#connected();
    });
  }

  #connected(): void {
    this.#refusals = 0;
    this.#following.onConnection?.({ state: 'LIVE' });
  }

  /** @returns whether there is room for more */
  #take({ data, errors }: FormattedExecutionResult<Data>): boolean {
    if (!data) throw errors as unknown;
    const place = this.#following.placeOf(data);
    this.#backoff.succeeded();
    this.#received = { place };
    this.#inbox.add({ data, place });
    return this.#inbox.size < (this.#following.buffer ?? BUFFER);
  }

  async #untilTaken(): Promise<void> {
    while (this.#inbox.size > 0 && !this.#ending.signal.aborted) {
      await new Promise<void>((resolve) => (this.#goOn = resolve));
    }
  }

  /** Waits for the next attempt. @returns what is to be told instead */
  async #recover(end: End): Promise<Error | null> {
    if (end.kind === 'TOLD') return end.error;
    if (end.kind === 'REFUSED' && ++this.#refusals >= this.#services.refusals) return end.error;
    const [reason, atLeast] =
      end.kind === 'LOST' ? [end.reason, end.retryInMs] : [end.error.message, 0];
    const ms = Math.max(atLeast, this.#backoff.failed());
    this.#following.onConnection?.({ state: 'LOST', retryAt: Date.now() + ms, reason });
    await this.#services.pauses.pause(ms, this.#ending.signal);
    return null;
  }

  #fail(error: Error): void {
    if (error instanceof RewoundError) {
      // What waits to be taken may not be stored so: it is left out.
      this.#inbox.clear();
      this.#inbox.end(standing(error, this.#taken));
    } else this.#inbox.end(error);
    this.#finish();
  }

  #finish(): void {
    this.#ending.abort();
    this.#goOn();
    for (const signal of this.#signals()) signal.removeEventListener('abort', this.#end);
  }
}

/** What stands is at most what was taken. */
function standing(error: RewoundError, taken: unknown): RewoundError {
  if (error.stands === null || typeof taken !== 'number') return error;
  return new RewoundError(error.message, Math.min(error.stands, taken));
}
