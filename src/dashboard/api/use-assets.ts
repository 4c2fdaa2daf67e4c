import { useMemo } from 'react';
import { CycleStrengthsDocument, type AssetStrengthsFragment } from '../../generated/operations.js';
import { useAsked } from './use-asked.js';
import { useLive, useWanted } from './use-live.js';
import { useTurn } from './use-turn.js';

/** What is known of each asset at the turn that is looked at; null until it is. */
export interface Assets {
  readonly assets: AssetStrengthsFragment['assets'];
  readonly quantBase: string;
  /** Of each asset that has one, in the quant base. */
  readonly prices: ReadonlyMap<string, number>;
}

/** The strengths and prices of the turn that is looked at. The newest turn's come with the push. */
export function useAssets(): Assets | null {
  const { latest } = useLive();
  const { turn, isLive } = useTurn();
  useWanted('assets', isLive ? true : null);
  const pushed = latest?.turn === turn && latest?.assets && latest.config ? latest : null;
  const asked = useAsked(
    CycleStrengthsDocument,
    { turn: turn ?? 0 },
    Boolean(pushed) || turn === null,
  );
  const cycle = pushed ?? asked.data?.cycle;
  return useMemo(() => {
    if (!cycle?.assets || !cycle.config) return null;
    const { assets, config } = cycle;
    const priced = assets.flatMap(({ symbol, price }) =>
      price === null ? [] : [[symbol, price] as const],
    );
    return { assets, quantBase: config.quantBase, prices: new Map(priced) };
  }, [cycle]);
}
