import type { CycleFeed } from '../feeds/cycle-feed.js';
import type { CycleStore, CycleTimes } from '../history/cycle-store.js';
import { SeriesReader } from '../history/series-reader.js';
import type { TurnChunks } from '../history/turn-chunk.js';

interface SeriesParts {
  readonly feed: CycleFeed;
  readonly cycles: CycleStore;
  readonly ages: CycleTimes;
  readonly chunks: TurnChunks;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/**
 * Reads series of the turns that are announced: one that is just being stored may be there already, and
 * yet be lost.
 */
export function buildSeries({ feed, cycles, ages, chunks, clock }: SeriesParts): SeriesReader {
  return new SeriesReader({
    cycles: {
      range: (range) => {
        const beforeTurn = Math.min(range.beforeTurn ?? Infinity, feed.latestTurn + 1);
        return cycles.range({ ...range, beforeTurn });
      },
    },
    extent: { observed: () => observed(feed, ages) },
    chunks,
    clock,
  });
}

/** The newest turn may still be in the backlog. */
async function observed(feed: CycleFeed, ages: CycleTimes) {
  const stored = await ages.observedWithin(feed.visibleFrom, feed.latestTurn);
  const newest = feed.newest?.cycle.frame.observedAt;
  if (newest === undefined) return stored;
  return {
    first: Math.min(stored?.first ?? newest, newest),
    last: Math.max(stored?.last ?? newest, newest),
  };
}
