import { unlessAway } from '../history/database-unavailable.js';
import { isReadable, type FollowedTurn } from '../history/stored-cycle.js';
import type { Pace } from '../scheduling/slices.js';
import type { CycleFeed } from './cycle-feed.js';

/** What subscribers are sent in one message: of a turn, or of several together. */
export interface TurnEvent {
  /** The turn that whoever gets it has got to. */
  readonly turn: number;
  /** Tells it from all others that its subscribers may be sent. */
  readonly key: string;
  /**
   * What its message is worked out from.
   * @throws {DatabaseUnavailableError} where that has to be read, and the database is away
   */
  root(pace: Pace): Promise<unknown>;
}

/** What is made of the turns for subscribers who ask the same. */
export interface TurnEvents {
  /** A turn as it is announced; null where it takes some reading first, see {@link after}. */
  live(figures: FollowedTurn): TurnEvent | null;
  /**
   * What follows a turn, for those who catch up; null where nothing is stored.
   * @param through the turn that is caught up with
   */
  after(turn: number, through: number): Promise<TurnEvent | null>;
}

/** Each turn by itself. */
export class EachTurn implements TurnEvents {
  readonly #feed: Pick<CycleFeed, 'next'>;

  constructor(feed: Pick<CycleFeed, 'next'>) {
    this.#feed = feed;
  }

  live(figures: FollowedTurn): TurnEvent {
    const { turn } = figures;
    return { turn, key: String(turn), root: () => Promise.resolve(figures) };
  }

  async after(turn: number): Promise<TurnEvent | null> {
    const next = await this.#feed.next(turn);
    return next && this.live(next);
  }
}

/**
 * Stored turns in lists, and those that are announced one by one. Lists end at multiples of their length,
 * whoever gets them: those who come back share them. A turn that cannot be read, or is missing, stands
 * alone, so that the others come without an error.
 */
export class TurnBatches implements TurnEvents {
  readonly #feed: Pick<CycleFeed, 'next'>;
  readonly #atMost: number;

  constructor(feed: Pick<CycleFeed, 'next'>, atMost: number) {
    this.#feed = feed;
    this.#atMost = atMost;
  }

  live(figures: FollowedTurn): TurnEvent {
    return eventOf([figures], figures);
  }

  async after(turn: number, through: number): Promise<TurnEvent | null> {
    const first = await this.#feed.next(turn);
    if (first === null || !isReadable(first)) return first && this.live(first);
    const batch: FollowedTurn[] = [first];
    const end = Math.min(through, Math.ceil(first.turn / this.#atMost) * this.#atMost);
    let last: FollowedTurn = first;
    while (last.turn < end) {
      // What is at hand is sent; what follows is asked for again.
      const next: FollowedTurn | null = await unlessAway(this.#feed.next(last.turn), () => null);
      if (next === null || next.turn > end || !isReadable(next)) break;
      batch.push(next);
      last = next;
    }
    return eventOf(batch, last);
  }
}

function eventOf(batch: readonly FollowedTurn[], last: FollowedTurn): TurnEvent {
  const key = batch.map(({ turn }) => turn).join();
  return { turn: last.turn, key, root: () => Promise.resolve(batch) };
}
