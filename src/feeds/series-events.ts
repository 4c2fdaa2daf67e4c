import type { LiveSeries } from '../history/live-series.js';
import { isReadable, MissingCycle, type FollowedTurn } from '../history/stored-cycle.js';
import type { CycleFeed } from './cycle-feed.js';
import type { TurnEvent, TurnEvents } from './turn-events.js';

/** The buckets of a series that have changed; a turn that is in none, as what it is. */
export class SeriesEvents implements TurnEvents {
  readonly #feed: Pick<CycleFeed, 'next'>;
  readonly #series: LiveSeries;

  constructor(feed: Pick<CycleFeed, 'next'>, series: LiveSeries) {
    this.#feed = feed;
    this.#series = series;
  }

  live(figures: FollowedTurn): TurnEvent | null {
    const needsNoReading =
      figures instanceof MissingCycle ||
      this.#series.follows(isReadable(figures) ? figures.cycle : figures);
    return needsNoReading ? this.#eventOf(figures) : null;
  }

  async after(turn: number, through: number): Promise<TurnEvent | null> {
    const next = await this.#feed.next(turn);
    if (next === null || next.turn >= through) return next && this.#eventOf(next);
    return {
      turn: through,
      key: `${next.turn} ${through}`,
      root: (pace) => this.#series.tail(next.turn - 1, through, pace),
    };
  }

  #eventOf(figures: FollowedTurn): TurnEvent {
    const { turn } = figures;
    return {
      turn,
      key: String(turn),
      root: async (pace) => {
        if (figures instanceof MissingCycle) return figures;
        const data = await this.#series.at(isReadable(figures) ? figures.cycle : figures, pace);
        return data.starts.length === 0 && !isReadable(figures) ? figures : data;
      },
    };
  }
}
