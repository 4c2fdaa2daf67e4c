import { useViewState } from '../use-view-state.js';
import { useEvery } from './use-every.js';
import { useLive } from './use-live.js';

/** The turn that is looked at, null before there is one; and whether it follows the newest. */
export function useTurn(): { readonly turn: number | null; readonly isLive: boolean } {
  const { turn } = useViewState();
  const { latest } = useLive();
  return { turn: turn ?? latest?.turn ?? null, isLive: turn === null };
}

/** The turn that is looked at; while live a recent one, for what need not follow each turn. */
export function useRecentTurn(everyMs: number): number | null {
  const { turn, isLive } = useTurn();
  return useEvery(everyMs, isLive ? turn : null) ?? turn;
}
