import { useMemo } from 'react';
import { show, useViewState } from '../use-view-state.js';

/** A pair of assets by their names. */
export interface ChosenPair {
  readonly base: string;
  readonly quote: string;
}

/** The pair that was chosen last, which the address has; null for none. The inspector follows it. */
export function useChosenPair(): ChosenPair | null {
  const { base, quote } = useViewState();
  return useMemo(() => (base === null || quote === null ? null : { base, quote }), [base, quote]);
}

/** Chooses a pair, and stays in the view. */
export function choosePair({ base, quote }: ChosenPair): void {
  show({ base, quote });
}
