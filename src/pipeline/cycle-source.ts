import type { CycleFigures } from '../domain/cycle.js';
import { abortable } from './abortable.js';
import type { CycleFeed } from './cycle-feed.js';

/** The cycles after a turn, in order, and then each new one: a stream, or the place to begin one. */
export class CycleSource implements AsyncIterable<CycleFigures> {
  readonly #feed: CycleFeed;
  /** The last turn that whoever asks has already. */
  readonly after: number;

  constructor(feed: CycleFeed, after: number) {
    this.#feed = feed;
    this.after = after;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<CycleFigures> {
    return abortable((signal) => this.#feed.follow(this.after, signal));
  }
}
