import { SharedRead } from '../async/shared-read.js';
import { Signal } from '../async/signal.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import { RewoundError } from '../feeds/rewinds.js';
import { unlessAway } from '../history/database-unavailable.js';
import { comesBefore, type Firing, type FiringPlace, type FiringStore } from './firing-store.js';

/** How often firings are looked for in case a notification was lost, while anybody follows them, milliseconds. */
const LOOK_MS = 1_000;
/** How many firings are read at a time. */
const PAGE = 100;
/** How many of the newest are kept for whoever follows. */
const KEPT = 1_000;

const BEFORE_ALL: FiringPlace = { turn: 0, rule: '' };

interface FiringFeedOptions {
  readonly store: Pick<FiringStore, 'range'>;
  readonly feed: Pick<CycleFeed, 'onRewind'>;
}

/** The newest firings in memory, all that come after a place, and word that there are more. */
interface Newest {
  readonly after: FiringPlace;
  readonly firings: readonly Firing[];
}

/** Firings for whoever follows them, read once for all, on whichever instance they were judged. */
export class FiringFeed {
  readonly #options: FiringFeedOptions;
  readonly #changed = new Signal();
  readonly #reading = new SharedRead(() => this.#read());
  #newest: Newest | null = null;
  #followers = 0;
  #looking: NodeJS.Timeout | undefined;

  constructor(options: FiringFeedOptions) {
    this.#options = options;
    options.feed.onRewind(() => {
      this.#newest = null;
    });
  }

  /** Looks whether there are more. */
  look(): void {
    if (this.#followers > 0)
      void unlessAway(this.#reading.get(), () => undefined).catch(() => undefined);
  }

  /** The place after which firings are new now. */
  async now(): Promise<FiringPlace> {
    const [newest] = await this.#options.store.range({ order: 'NEWEST_FIRST', limit: 1 });
    return newest ?? BEFORE_ALL;
  }

  /**
   * Every firing after a place, in order, and then each new one; ends when the signal is aborted.
   * @param held the turn of the last firing that whoever asks has; 0 for none
   * @throws {RewoundError} where that, or one that was given, is of a turn that is taken back
   */
  async *follow(
    after: FiringPlace,
    held: number,
    ended: AbortSignal,
  ): AsyncGenerator<Firing, void, void> {
    const rewound = new AbortController();
    const position = { place: after, held };
    const forget = this.#options.feed.onRewind(({ stands }) => {
      if (position.held > stands) rewound.abort(new RewoundError(stands));
      else if (position.place.turn > stands) position.place = { turn: stands + 1, rule: '' };
    });
    const signal = AbortSignal.any([ended, rewound.signal]);
    this.#begin();
    try {
      // From before the reading on: what is found meanwhile is read the next time.
      let next = this.#changed.next(signal);
      while (!signal.aborted) {
        const found = await unlessAway(this.#after(position.place), () => []);
        for (const firing of found) {
          if (signal.aborted) break;
          position.place = firing;
          position.held = firing.turn;
          yield firing;
        }
        if (found.length > 0) continue;
        await next;
        next = this.#changed.next(signal);
      }
      rewound.signal.throwIfAborted();
    } finally {
      forget();
      this.#end();
    }
  }

  /** Some that come after a place, from memory where all of them are there. */
  async #after(place: FiringPlace): Promise<readonly Firing[]> {
    const newest = this.#newest ?? (await this.#reading.get());
    if (comesBefore(place, newest.after)) {
      const { store } = this.#options;
      return store.range({ after: place, order: 'OLDEST_FIRST', limit: PAGE });
    }
    return newest.firings.filter((firing) => comesBefore(place, firing)).slice(0, PAGE);
  }

  async #read(): Promise<Newest> {
    const { store } = this.#options;
    const before = this.#newest;
    const after = before?.firings.at(-1) ?? before?.after ?? (await this.now());
    const found = await store.range({ after, order: 'OLDEST_FIRST', limit: KEPT });
    // Meanwhile turns may have been taken back.
    if (before !== this.#newest) return this.#read();
    const all = [...(before?.firings ?? []), ...found];
    const dropped = all[all.length - KEPT - 1];
    this.#newest = { after: dropped ?? before?.after ?? after, firings: all.slice(-KEPT) };
    if (found.length > 0) this.#changed.fire();
    return this.#newest;
  }

  #begin(): void {
    if (this.#followers++ > 0) return;
    this.#looking = setInterval(() => this.look(), LOOK_MS).unref();
  }

  /** What nobody follows is not kept up to date. */
  #end(): void {
    if (--this.#followers > 0) return;
    clearInterval(this.#looking);
    this.#newest = null;
  }
}
