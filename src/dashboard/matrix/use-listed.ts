import { useCallback } from 'react';
import { useViewState } from '../use-view-state.js';
import { meets, pairsOf, searchPairs, sortPairs, type Grid, type Pair } from './grid.js';

/** The pairs of a grid as the list has them; null where another layout is seen. */
export function useListed(): (grid: Grid) => readonly Pair[] | null {
  const { layout, search, sort, ascending, threshold } = useViewState();
  return useCallback(
    (grid: Grid) => {
      if (layout !== 'list') return null;
      const seen = pairsOf(grid).filter(({ value }) => meets(value, threshold));
      return sortPairs(searchPairs(seen, search), sort, !ascending);
    },
    [layout, search, sort, ascending, threshold],
  );
}
