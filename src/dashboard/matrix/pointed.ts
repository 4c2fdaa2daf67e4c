import { useSyncExternalStore } from 'react';
import type { PairName } from './heatmap-row.js';

/** What is pointed at, by the pointer or by the focus, and where on the screen that is. */
export interface PointedPair extends PairName {
  readonly x: number;
  readonly y: number;
}

/** Which pair is pointed at: outside of the table's own state, which is not drawn anew for it. */
export class Pointed {
  readonly #listeners = new Set<() => void>();
  #pair: PointedPair | null = null;
  /** What of it has all its digits, once that was asked for. */
  exact: (PairName & { readonly turn: number; readonly value: number }) | null = null;

  readonly get = (): PointedPair | null => this.#pair;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(pair: PointedPair | null): void {
    const { base, quote } = this.#pair ?? {};
    // The same pair stays where it was first pointed at: what follows the pointer cannot be read.
    if (pair?.base === base && pair?.quote === quote) return;
    this.#pair = pair;
    for (const listener of this.#listeners) listener();
  }
}

const NOBODY = (): (() => void) => () => undefined;
const NOTHING = (): null => null;

/** What is pointed at; of null nothing, and nothing is drawn anew for it. */
export function usePointed(pointed: Pointed | null): PointedPair | null {
  return useSyncExternalStore(pointed?.subscribe ?? NOBODY, pointed?.get ?? NOTHING);
}
