import type { Signal } from '../async/signal.js';
import type { Rewind } from './rewinds.js';

/** The newest announced turn, and word that turns are taken back. */
interface Announced {
  readonly latestTurn: number;
  /** @returns what ends it */
  onRewind(listener: (rewind: Rewind) => void): () => void;
}

/** What follows a turn, up to the newest announced one or an earlier one; null: nothing. */
export type NextOf<T> = (turn: number, through: number) => Promise<T | null>;

/**
 * What follows a turn, in order, and then what each new turn brings; ends when the signal is aborted.
 * Where turns are taken back, what is stored in their place follows.
 * @param changed fires at each new turn
 */
export async function* followTurns<T extends { readonly turn: number }>(
  feed: Announced,
  changed: Signal,
  afterTurn: number,
  signal: AbortSignal,
  nextOf: NextOf<T>,
): AsyncGenerator<T, void, void> {
  const position = { last: afterTurn, rewinds: 0 };
  const forget = feed.onRewind(({ goesOnAfter }) => {
    position.last = Math.min(position.last, goesOnAfter);
    position.rewinds++;
  });
  try {
    while (!signal.aborted) {
      if (position.last >= feed.latestTurn) {
        await changed.next(signal);
        continue;
      }
      const { rewinds } = position;
      const known = feed.latestTurn;
      const next = await nextOf(position.last, known);
      // What was just read may be what was taken back.
      if (rewinds !== position.rewinds) continue;
      // The turns up to the known one were purged between the announcement and the reading.
      position.last = next?.turn ?? known;
      if (next && !signal.aborted) yield next;
    }
  } finally {
    forget();
  }
}
