import { parseViewState } from '../view-state.js';
import type { PairName } from './heatmap-row.js';

/** The pair that was left for, at full size: whoever comes back from it finds the focus at its cell. */
let left: PairName | null = null;

/** Notes where one goes when the matrix goes. */
export function leaves(): void {
  const { view, base, quote } = parseViewState(window.location.search);
  left = view === 'pair' && base !== null && quote !== null ? { base, quote } : null;
}

/** The pair that one comes back from; null for none. Only once: what was there before is no way back. */
export function comesBackTo(): PairName | null {
  const pair = left;
  left = null;
  return pair;
}
