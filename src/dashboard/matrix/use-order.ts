import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { CycleStrategyDocument } from '../../generated/operations.js';
import { useAsked, useCycleMatrix } from '../api/use-cycle.js';
import { useTurn } from '../api/use-turn.js';
import type { Order } from '../view-state.js';
import { gridOf } from './grid.js';
import { byCluster, byStrength } from './order.js';

/** How long the order stays while turns come: rows that keep changing places cannot be read. */
const ORDER_STAYS_MS = 60_000;

/** The assets of the universe in the order that is asked for; the universe's until that is known. */
export function useOrder(universe: readonly string[], order: Order): readonly string[] {
  const turn = useOrderingTurn();
  const assets = useAsked(CycleStrategyDocument, { turn: turn ?? 0 }, order !== 'strength');
  const percent = useCycleMatrix(order === 'cluster' ? turn : null, 'ID_PERCENT');
  const [clustered, setClustered] = useState<readonly string[] | null>(null);
  const matrix = percent.data?.matrix;
  const ranked = assets.data?.cycle?.assets;
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
  const byName = universe.join();
  return useMemo(() => {
    const all = byName.split(',');
    const ordered = { universe: null, strength: ranked && byStrength(ranked), cluster: clustered };
    // What has come into the universe since stands at the end.
    return [...new Set([...(ordered[order] ?? []), ...all])];
  }, [byName, order, ranked, clustered]);
}

/** The turn that the order is taken from: the one that is looked at, or a recent one while live. */
function useOrderingTurn(): number | null {
  const { turn, isLive } = useTurn();
  const [kept, setKept] = useState(turn);
  const renew = useEffectEvent(() => setKept(turn));
  useEffect(() => {
    if (!isLive) return;
    renew();
    const timer = setInterval(renew, ORDER_STAYS_MS);
    return () => clearInterval(timer);
  }, [isLive]);
  return isLive ? kept : turn;
}
