import { useMemo } from 'react';
import type { TimeRange } from '../charts/types.js';
import { askedRange, shownRange } from '../pair/address.js';
import { useMomentOfTurn } from '../pair/use-gaps.js';
import { useGesture } from '../pair/use-gesture.js';
import { useViewState } from '../use-view-state.js';

/** The range of time that charts show, and as the API is asked for it: the same in all views. */
export interface CourseRange {
  /** Moments of the API; null before the end of the range is known. */
  readonly asked: { readonly from: string; readonly to: string } | null;
  /** Whether it grows with each turn. */
  readonly isLive: boolean;
  /** When the turn that is looked at was observed; null before it is known. */
  readonly at: number | null;
  /** What charts show. */
  readonly shown: TimeRange;
  /** As a chart tells that it was zoomed or moved. */
  readonly onRange: (from: number, to: number) => void;
}

/**
 * The range that the address names: back from the turn that is looked at, or from one moment to another.
 * @param storedFrom where what is stored begins within it, as the API has it; null where that is not known
 */
export function useCourseRange(storedFrom: string | null = null): CourseRange {
  const { range, from, to } = useViewState();
  const { at, isNewest } = useMomentOfTurn();
  const { range: gesture, onRange } = useGesture();
  const asked = at === null ? null : askedRange({ range, from, to }, at, isNewest);
  const shown = useMemo(() => {
    const stored = storedFrom === null ? null : Date.parse(storedFrom);
    return gesture ?? shownRange({ range, from, to }, at ?? 0, stored);
  }, [gesture, range, from, to, at, storedFrom]);
  return {
    asked: asked && { from: asked.from, to: asked.to },
    isLive: asked?.isLive ?? false,
    at,
    shown,
    onRange,
  };
}
