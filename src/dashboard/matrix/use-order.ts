import { useEffect, useState } from 'react';
import { CycleStrategyDocument } from '../../generated/operations.js';
import { useAsked, useCycleMatrix } from '../api/use-cycle.js';
import type { Order } from '../view-state.js';
import { gridOf } from './grid.js';
import { byCluster, byStrength } from './order.js';

/** The assets of a turn in the order that is asked for; the universe's until that is known. */
export function useOrder(
  turn: number | null,
  universe: readonly string[],
  order: Order,
): readonly string[] {
  const assets = useAsked(
    CycleStrategyDocument,
    { turn: turn ?? 0 },
    order !== 'strength' || turn === null,
  );
  const percent = useCycleMatrix(order === 'cluster' ? turn : null, 'ID_PERCENT');
  const [clustered, setClustered] = useState<readonly string[] | null>(null);
  const matrix = percent.data?.matrix;
  useEffect(() => {
    if (!matrix || order !== 'cluster') return;
    let isWanted = true;
    void byCluster(gridOf(matrix)).then((found) => {
      if (isWanted) setClustered(found);
    });
    return () => {
      isWanted = false;
    };
  }, [matrix, order]);
  switch (order) {
    case 'strength':
      return assets.data?.cycle ? byStrength(assets.data.cycle.assets) : universe;
    case 'cluster':
      return clustered ?? universe;
    case 'universe':
      return universe;
  }
}
