import { abortable } from './abortable.js';
import type { CycleFeed } from './cycle-feed.js';
import type { FollowedTurn } from './stored-cycle.js';

/** The turns after one, in order, and then each new one: a stream, or the place to begin one. */
export class CycleSource implements AsyncIterable<FollowedTurn> {
  readonly #feed: CycleFeed;
  /** The last turn that whoever asks has already. */
  readonly after: number;

  constructor(feed: CycleFeed, after: number) {
    this.#feed = feed;
    this.after = after;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<FollowedTurn> {
    return abortable((signal) => this.#feed.follow(this.after, signal));
  }
}
