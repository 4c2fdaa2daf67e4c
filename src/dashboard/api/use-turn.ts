import { useViewState } from '../use-view-state.js';
import { useLive } from './use-live.js';

/** The turn that is looked at, null before there is one; and whether it follows the newest. */
export function useTurn(): { readonly turn: number | null; readonly isLive: boolean } {
  const { turn } = useViewState();
  const { latest } = useLive();
  return { turn: turn ?? latest?.turn ?? null, isLive: turn === null };
}
