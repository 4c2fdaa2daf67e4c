import type { EngineStatusFragment, LiveCyclesSubscription } from '../../generated/operations.js';
import { NOTHING_WANTED, type Wanted } from './wanted.js';

/** A cycle as it is pushed, with what was asked for. */
export type LiveCycle = LiveCyclesSubscription['cycleCompleted'];

/** How the connection stands. */
type Connection =
  | { readonly state: 'CONNECTING' }
  | { readonly state: 'LIVE' }
  /** Lost; the next attempt is due at `retryAt`, milliseconds since 1970. */
  | { readonly state: 'LOST'; readonly retryAt: number; readonly reason: string }
  /** The server wants a token, or another one. */
  | { readonly state: 'REFUSED'; readonly reason: string };

/** Turns that were removed while this page was away: those between two. */
interface RemovedTurns {
  readonly after: number;
  /** When that was observed; null where it is not known. */
  readonly afterAt: string | null;
  readonly from: number;
}

/** Everything that the live feed knows. Immutable: each change makes a new one. */
export interface Live {
  readonly connection: Connection;
  /** The newest cycle; null before the first. */
  readonly latest: LiveCycle | null;
  /** What was asked for along with it. */
  readonly carried: Wanted;
  readonly status: EngineStatusFragment | null;
  /** This machine's clock minus the server's, milliseconds, as near as can be told. */
  readonly clockOffsetMs: number;
  /** What the server no longer had when this page came back. */
  readonly gaps: readonly RemovedTurns[];
}

export const NOTHING_YET: Live = {
  connection: { state: 'CONNECTING' },
  latest: null,
  carried: NOTHING_WANTED,
  status: null,
  clockOffsetMs: 0,
  gaps: [],
};

/** Beyond this the clocks differ; below it, it is the network. */
const CLOCKS_DIFFER_MS = 30_000;

/**
 * What is known once another cycle has come.
 * @param now milliseconds since 1970
 */
export function afterCycle(live: Live, cycle: LiveCycle, now: number): Live {
  const { latest: before, clockOffsetMs, gaps } = live;
  // What is removed for its age, or purged, while this page is away leaves a gap that is told.
  const isGap = before !== null && cycle.turn > before.turn + 1;
  // The offset is never less than the time that the message took to get here; the least is nearest.
  const offset = now - Date.parse(cycle.completedAt);
  return {
    ...live,
    latest: cycle,
    connection: { state: 'LIVE' },
    clockOffsetMs: isNewOffset(clockOffsetMs, offset) ? offset : clockOffsetMs,
    gaps: isGap
      ? [...gaps, { after: before.turn, afterAt: before.observedAt, from: cycle.turn }]
      : gaps,
  };
}

function isNewOffset(known: number, found: number): boolean {
  return known === 0 || found < known || found - known > CLOCKS_DIFFER_MS;
}
