import { useEffect, useMemo, useState } from 'react';
import { useAssets } from '../api/use-assets.js';
import { useCycleMatrix } from '../api/use-cycle.js';
import { useRecentTurn } from '../api/use-turn.js';
import type { Order } from '../view-state.js';
import { gridOf } from './grid.js';
import { byCluster, byStrength } from './order.js';

/** How long an order stays while turns come: rows that keep changing places cannot be read. */
const ORDER_STAYS_MS = 60_000;

/** The assets of the universe in the order that is asked for; the universe's until that is known. */
export function useOrder(universe: readonly string[], order: Order): readonly string[] {
  const turn = useOrderingTurn();
  const known = useAssets();
  const percent = useCycleMatrix(order === 'cluster' ? turn : null, 'ID_PERCENT');
  const [clustered, setClustered] = useState<readonly string[] | null>(null);
  const matrix = percent.data?.matrix;
  useEffect(() => {
    if (!matrix) return;
    let isWanted = true;
    void byCluster(gridOf(matrix)).then((found) => {
      if (isWanted) setClustered(found);
    });
    return () => {
      isWanted = false;
    };
  }, [matrix]);
  const ranking = useKept(known && order === 'strength' ? `of ${turn}` : null, () =>
    byStrength(known?.assets ?? []),
  );
  const byName = universe.join();
  return useMemo(() => {
    const all = byName === '' ? [] : byName.split(',');
    const ordered = { universe: null, strength: ranking, cluster: clustered };
    // What has come into the universe since stands at the end.
    return [...new Set([...(ordered[order] ?? []), ...all])];
  }, [byName, order, ranking, clustered]);
}

/** What was made when a key was first seen; null without one. */
export function useKept<T>(key: string | null, make: () => T): T | null {
  const [kept, setKept] = useState<{ readonly key: string; readonly made: T } | null>(null);
  if (key !== null && kept?.key !== key) {
    const next = { key, made: make() };
    setKept(next);
    return next.made;
  }
  return key === null ? null : (kept?.made ?? null);
}

/** The turn that orders are taken from. */
export function useOrderingTurn(): number | null {
  return useRecentTurn(ORDER_STAYS_MS);
}
