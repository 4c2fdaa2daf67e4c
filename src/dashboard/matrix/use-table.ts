import { useCallback, useMemo } from 'react';
import { useViewState } from '../use-view-state.js';
import { arrange, byValue, compare, filterAssets, gridOf, transpose, type Grid } from './grid.js';
import { useKept, useOrder, useOrderingTurn } from './use-order.js';
import type { ShownTable } from './use-shown.js';

/** A table as it is looked at: filtered, compared, turned over and sorted, as the address says. */
export interface ShownGrid {
  readonly grid: Grid;
  /** The same of other numbers, for example of those with all their digits. */
  readonly arranged: (table: ShownTable, minus: ShownTable | null) => Grid;
}

const NONE: readonly string[] = [];

/** @param minus what is taken away from each value, if anything */
export function useTable(table: ShownTable | null, minus: ShownTable | null): ShownGrid | null {
  const { order, filter, transposed } = useViewState();
  const ordered = useOrder(table?.bases ?? NONE, order);
  const seen = useCallback(
    (of: ShownTable, less: ShownTable | null): Grid => {
      const all = arrange(gridOf(of), filterAssets(ordered, filter));
      const compared = less ? compare(all, gridOf(less)) : all;
      return transposed ? transpose(compared) : compared;
    },
    [ordered, filter, transposed],
  );
  const whole = useMemo(() => table && seen(table, minus), [seen, table, minus]);
  const rows = useSorted(whole, 'rows', table);
  const columns = useSorted(whole, 'columns', table);
  const arranged = useCallback(
    (of: ShownTable, less: ShownTable | null): Grid => arrange(seen(of, less), rows, columns),
    [seen, rows, columns],
  );
  const grid = useMemo(() => whole && arrange(whole, rows, columns), [whole, rows, columns]);
  return useMemo(() => grid && { grid, arranged }, [grid, arranged]);
}

/** The names of an axis, sorted by a row or column of the other one where the address says so. */
function useSorted(
  grid: Grid | null,
  axis: 'rows' | 'columns',
  table: ShownTable | null,
): readonly string[] {
  const { rowsBy, columnsBy, rising } = useViewState();
  const turn = useOrderingTurn();
  const [names, others, by] =
    axis === 'rows'
      ? [grid?.bases ?? NONE, grid?.quotes ?? NONE, rowsBy]
      : [grid?.quotes ?? NONE, grid?.bases ?? NONE, columnsBy];
  const place = by === null ? -1 : others.indexOf(by);
  const key =
    place === -1 || !table ? null : [turn, table.kind, by, rising, grid?.transposed, names].join();
  const sorted = useKept(key, () =>
    byValue(
      names,
      (each) =>
        (axis === 'rows' ? grid?.values[each]?.[place] : grid?.values[place]?.[each]) ?? null,
      rising,
    ),
  );
  return sorted ?? names;
}
