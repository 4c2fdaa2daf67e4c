import { abortable } from '../async/abortable.js';
import type { CycleFeed } from './cycle-feed.js';
import { RewoundError } from './rewinds.js';
import { firstPace } from '../scheduling/slices.js';
import { EachTurn, type TurnEvents } from './turn-events.js';

/** What is sent of the turns after one, in order, and of each new one: a stream, or the place to begin one. */
export class CycleSource implements AsyncIterable<unknown> {
  readonly #feed: CycleFeed;
  /** The turn after which it begins. */
  readonly after: number;
  /** The last turn that whoever asks has already; 0 for none. */
  readonly held: number;
  readonly events: TurnEvents;

  /**
   * @param isHeld whether whoever asks has the turn after which it is to begin
   * @param events what is made of the turns
   */
  constructor(
    feed: CycleFeed,
    after: number,
    isHeld: boolean,
    events: TurnEvents = new EachTurn(feed),
  ) {
    this.#feed = feed;
    this.after = after;
    this.held = isHeld ? after : 0;
    this.events = events;
  }

  /** Ends with a {@link RewoundError} once a turn that was given, or is held, is not stored so. */
  [Symbol.asyncIterator](): AsyncIterableIterator<unknown> {
    return abortable((signal) => this.#turns(signal));
  }

  async *#turns(ended: AbortSignal): AsyncGenerator<unknown, void, void> {
    const rewound = new AbortController();
    let { held } = this;
    let rewinds = 0;
    const forget = this.#feed.onRewind(({ stands }) => {
      rewinds++;
      if (held > stands) rewound.abort(new RewoundError(stands));
    });
    const signal = AbortSignal.any([ended, rewound.signal]);
    try {
      const nextOf = this.events.after.bind(this.events);
      for await (const event of this.#feed.followAs(this.after, signal, nextOf)) {
        const before = rewinds;
        const root = await event.root(firstPace());
        rewound.signal.throwIfAborted();
        // It may be made of what was taken back.
        if (before !== rewinds) continue;
        held = event.turn;
        yield root;
      }
      rewound.signal.throwIfAborted();
    } finally {
      forget();
    }
  }
}
