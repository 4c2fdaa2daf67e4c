import { abortable } from '../async/abortable.js';
import type { CycleFeed } from './cycle-feed.js';
import { RewoundError } from './rewinds.js';
import type { FollowedTurn } from '../history/stored-cycle.js';

/** The turns after one, in order, and then each new one: a stream, or the place to begin one. */
export class CycleSource implements AsyncIterable<FollowedTurn> {
  readonly #feed: CycleFeed;
  /** The turn after which it begins. */
  readonly after: number;
  /** The last turn that whoever asks has already; 0 for none. */
  readonly held: number;

  /** @param isHeld whether whoever asks has the turn after which it is to begin */
  constructor(feed: CycleFeed, after: number, isHeld: boolean) {
    this.#feed = feed;
    this.after = after;
    this.held = isHeld ? after : 0;
  }

  /** Ends with a {@link RewoundError} once a turn that was given, or is held, is not stored so. */
  [Symbol.asyncIterator](): AsyncIterableIterator<FollowedTurn> {
    return abortable((signal) => this.#turns(signal));
  }

  async *#turns(ended: AbortSignal): AsyncGenerator<FollowedTurn, void, void> {
    const rewound = new AbortController();
    let { held } = this;
    const forget = this.#feed.onRewind(({ stands }) => {
      if (held > stands) rewound.abort(new RewoundError(stands));
    });
    const signal = AbortSignal.any([ended, rewound.signal]);
    try {
      for await (const followed of this.#feed.follow(this.after, signal)) {
        rewound.signal.throwIfAborted();
        held = followed.turn;
        yield followed;
      }
      rewound.signal.throwIfAborted();
    } finally {
      forget();
    }
  }
}
