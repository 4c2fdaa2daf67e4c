import { useState } from 'react';
import { TurnMomentDocument } from '../../generated/operations.js';
import { useAsked } from '../api/use-asked.js';
import { useLive } from '../api/use-live.js';
import { useTurn } from '../api/use-turn.js';

/** A turn, and when it was observed. */
export interface ShownMoment {
  readonly turn: number;
  /** RFC 3339 text; null where there is none. */
  readonly at: string | null;
  /** Why there is none. */
  readonly lack?: 'not stored' | 'not read';
}

/**
 * The turn that is looked at, with its moment: the newest one's came with it, any other's is asked for.
 * Until it is known the one before stays, so that both always belong together. Null before the first.
 */
export function useShownMoment(): ShownMoment | null {
  const { latest } = useLive();
  const { turn } = useTurn();
  const isNewest = latest !== null && latest.turn === turn;
  const asked = useAsked(TurnMomentDocument, { turn: turn ?? 0 }, turn === null || isNewest);
  const [last, setLast] = useState<ShownMoment | null>(null);
  if (turn === null) return null;
  const cycle = asked.data?.cycle;
  const found: ShownMoment | null = isNewest
    ? { turn, at: latest.observedAt }
    : cycle?.turn === turn
      ? { turn, at: cycle.observedAt }
      : asked.isWaiting
        ? null
        : { turn, at: null, lack: asked.error ? 'not read' : 'not stored' };
  if (found && (found.turn !== last?.turn || found.at !== last.at || found.lack !== last.lack))
    setLast(found);
  return found ?? last;
}
