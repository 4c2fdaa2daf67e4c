import type { CycleFeed } from '../feeds/cycle-feed.js';
import { CycleSource } from '../feeds/cycle-source.js';
import type { TurnEvents } from '../feeds/turn-events.js';
import type { TurnSpan } from '../history/cycle-store.js';
import { unlessAway } from '../history/database-unavailable.js';
import type { Services } from './context.js';
import { badUserInput, historyGone } from './errors.js';

/** Where a subscription to turns begins. */
export interface StartArguments {
  /** The last turn that the caller has. */
  readonly after?: number | null;
}

/**
 * The source of a subscription to turns.
 * @throws BAD_USER_INPUT beyond the latest turn, HISTORY_GONE before the oldest that is kept.
 */
export async function sourceFrom(
  { after }: StartArguments,
  services: Services,
  events: TurnEvents,
): Promise<CycleSource> {
  const start = await startingTurn(after, services);
  return new CycleSource(services.feed, start, typeof after === 'number', events);
}

/**
 * The turn after which a subscription begins.
 * @throws BAD_USER_INPUT beyond the latest turn, HISTORY_GONE before the oldest that is kept.
 */
async function startingTurn(
  after: number | null | undefined,
  { feed, strategy }: Services,
): Promise<number> {
  if (after === null || after === undefined) return feed.latestTurn;
  const [span, { purgedThrough, droppedThrough }] = await Promise.all([
    knownSpan(after, feed),
    strategy.knownControl(),
  ]);
  const latest = Math.max(span?.latest ?? 0, feed.latestTurn, purgedThrough, droppedThrough);
  if (after < 0 || after > latest) {
    throw badUserInput('after', `expected a turn from 0 to the latest, ${latest}, not ${after}`);
  }
  const oldest = span?.oldest ?? null;
  if (after < (oldest ?? purgedThrough + 1) - 1) {
    throw historyGone(`after: the cycles that follow turn ${after} are no longer kept`, oldest);
  }
  return after;
}

/** The stored turns; where the database is away, those from the next one on, if that is at hand. */
function knownSpan(after: number, feed: CycleFeed): Promise<TurnSpan | null> {
  return unlessAway(feed.span(), async () => {
    const latest = feed.latestTurn;
    if (after < latest) await feed.next(after);
    return { oldest: Math.min(after + 1, latest), latest };
  });
}
