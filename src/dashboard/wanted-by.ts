import { NOTHING_WANTED, type Wanted, type WantedMatrix, type WantedWindow } from './api/wanted.js';
import type { ViewState } from './view-state.js';

/** Kinds that can look back another span than the 24 h of the exchange. */
export function looksBack(kind: ViewState['kind']): boolean {
  return kind === 'ID_DELTA' || kind === 'ID_PERCENT' || kind === 'QUANTID';
}

/** What the matrix view shows: one of the five matrices, or one over a window. */
export type MatrixSource =
  | { readonly matrix: WantedMatrix; readonly window: null }
  | { readonly matrix: null; readonly window: WantedWindow };

export function sourceOf(state: ViewState): MatrixSource {
  const { kind, over, windowKind, windowIn, windowOver, windowEvery } = state;
  if (windowKind === null) {
    return { matrix: { kind, over: looksBack(kind) ? over : null }, window: null };
  }
  return {
    matrix: null,
    window: { kind: windowKind, in: windowIn, over: windowOver, every: windowEvery },
  };
}

/** How far back what is shown looks, or how long its window is. */
export function overOf({ matrix, window }: MatrixSource): string {
  return matrix ? (matrix.over ?? '24h') : window.over;
}

/** What a page at an address wants to be pushed: as its parts say once they are there. */
export function wantedBy(state: ViewState): Wanted {
  const { view, turn, base, quote } = state;
  if (turn !== null) return NOTHING_WANTED;
  return {
    ...(view === 'matrix' ? sourceOf(state) : { matrix: null, window: null }),
    pair: base === null || quote === null || base === quote ? null : { base, quote },
    assets: true,
  };
}
