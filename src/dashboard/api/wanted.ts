import type {
  LiveCyclesSubscriptionVariables,
  MatrixKind,
  WindowKind,
} from '../../generated/operations.js';
import { SHOWN_DIGITS } from './shown-digits.js';

/** One of the five matrices of a turn. */
export interface WantedMatrix {
  readonly kind: MatrixKind;
  /** How far back it looks, as a span; null for the 24 h of the exchange. */
  readonly over: string | null;
}

/** A matrix over a window before a turn. */
export interface WantedWindow {
  readonly kind: WindowKind;
  /** What all assets are priced in; null for the quant base. */
  readonly in: string | null;
  /** How long the window is, and a bucket of it, as spans. */
  readonly over: string;
  readonly every: string;
}

/** What is pushed along with each cycle: what is on the page, and nothing else. */
export interface Wanted {
  readonly matrix: WantedMatrix | null;
  readonly window: WantedWindow | null;
  readonly pair: { readonly base: string; readonly quote: string } | null;
  /** Whether each asset's strength and price. */
  readonly assets: true | null;
}

export const NOTHING_WANTED: Wanted = { matrix: null, window: null, pair: null, assets: null };

export function isSameWanted<Part>(one: Part, other: Part): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** As variables of the operations that carry it. What is not wanted has values, too: it is left out. */
export function variablesOf({
  matrix,
  window,
  pair,
  assets,
}: Wanted): Omit<LiveCyclesSubscriptionVariables, 'after'> {
  return {
    withMatrix: matrix !== null,
    kind: matrix?.kind ?? 'ID_PERCENT',
    over: matrix?.over ?? null,
    withWindow: window !== null,
    window: window?.kind ?? 'CORRELATION',
    windowIn: window?.in ?? null,
    windowOver: window?.over ?? '1h',
    windowEvery: window?.every ?? '1m',
    withPair: pair !== null,
    base: pair?.base ?? '',
    quote: pair?.quote ?? '',
    withAssets: assets !== null,
    digits: SHOWN_DIGITS,
  };
}

/** What the parts of the page want together. */
export class Wants {
  /** Null once the page is drawn: a pane that is folded wants nothing. */
  #first: Wanted | null;
  #added: readonly Partial<Wanted>[] = [];

  /** @param first what is wanted before anybody has told: all of them do so together */
  constructor(first: Wanted) {
    this.#first = first;
  }

  /** @returns what takes it back */
  add<Part extends keyof Wanted>(part: Part, wanted: Wanted[Part]): () => void {
    const added = { [part]: wanted };
    this.#first = null;
    this.#added = [...this.#added, added];
    return () => {
      this.#added = this.#added.filter((each) => each !== added);
    };
  }

  get current(): Wanted {
    return (
      this.#first ?? {
        matrix: this.#of('matrix'),
        window: this.#of('window'),
        pair: this.#of('pair'),
        assets: this.#of('assets'),
      }
    );
  }

  /** Of two that want the same part, what came into the page last. */
  #of<Part extends keyof Wanted>(part: Part): Wanted[Part] | null {
    return this.#added.findLast((each) => each[part])?.[part] ?? null;
  }
}
