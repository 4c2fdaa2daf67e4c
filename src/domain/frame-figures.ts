import type { Asset, Universe } from './asset.js';
import { consistency, triangles, type Consistency, type Triangle } from './consistency.js';
import type { Frame } from './frame.js';
import {
  matrixOf,
  movements,
  price,
  type FrameBasis,
  type FrameMatrixKind,
  type Matrix,
  type Movements,
} from './matrix.js';
import { PairGraphs } from './rates/pair-graph.js';
import { provenance, type Provenance } from './rates/provenance.js';
import { Rates } from './rates/rates.js';
import { tradeKey, type TradePrice } from './rates/trade-price.js';
import { tradeRateOf, tradeRates } from './rates/trade-rates.js';
import { strengths } from './strength.js';

/** At how many prices to trade at the rates are kept: fees are whatever somebody asks for. */
const KEPT_PRICES = 4;

/** Everything that follows from one frame and a universe, each figure worked out once, when asked for. */
export class FrameFigures implements FrameBasis {
  #rates: Rates | undefined;
  #movements: Movements | undefined;
  #strengths: readonly (number | null)[] | undefined;
  #consistency: Consistency | undefined;
  #provenance: Provenance | undefined;
  readonly #matrices = new Map<FrameMatrixKind, Matrix>();
  readonly #tradeMatrices = new Map<string, Matrix>();

  /** @param graphs carries what stays the same from frame to frame */
  constructor(
    readonly frame: Frame,
    readonly universe: Universe,
    readonly graphs = new PairGraphs(),
    known: Partial<FrameBasis> = {},
  ) {
    this.#rates = known.rates;
    this.#movements = known.movements;
  }

  get rates(): Rates {
    return (this.#rates ??= new Rates(this.frame, this.universe, this.graphs));
  }

  get movements(): Movements {
    return (this.#movements ??= movements(this.rates));
  }

  /** Percent, in universe order; null for an asset without any rate. */
  get strengths(): readonly (number | null)[] {
    return (this.#strengths ??= strengths(this.rates));
  }

  get consistency(): Consistency {
    return (this.#consistency ??= consistency(this.rates));
  }

  /** What {@link consistency} is made of, the worst first; worked out each time. */
  triangles(): readonly Triangle[] {
    return triangles(this.rates, this.frame.observedAt);
  }

  get provenance(): Provenance {
    return (this.#provenance ??= provenance(this.rates, this.frame.observedAt));
  }

  matrix(kind: FrameMatrixKind): Matrix {
    return keptOr(this.#matrices, kind, () => matrixOf(kind, this, null));
  }

  /** ID_BENCHMARK at a price to trade at. @param trade null: at last prices */
  benchmarkAt(trade: TradePrice | null): Matrix {
    const benchmark = this.matrix('ID_BENCHMARK');
    if (trade === null) return benchmark;
    return keptOr(this.#tradeMatrices, tradeKey(trade), () => {
      const [oldest] = this.#tradeMatrices.keys();
      if (this.#tradeMatrices.size === KEPT_PRICES) this.#tradeMatrices.delete(oldest as string);
      return { ...benchmark, ...tradeRates(this.rates, trade) };
    });
  }

  /** One cell of {@link benchmarkAt}, without the others; null for an asset outside the universe too. */
  rateAt(trade: TradePrice | null, base: Asset, quote: Asset): number | null {
    if (trade === null) return price(this.matrix('ID_BENCHMARK'), base, quote);
    const [i, j] = [this.universe.indexOf(base), this.universe.indexOf(quote)];
    return i === -1 || j === -1 ? null : tradeRateOf(this.rates, trade, i, j);
  }
}

/** What is kept under a key; made, and kept, where nothing is yet. */
export function keptOr<Key, Value>(
  kept: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
  key: Key,
  make: () => Value,
): Value {
  const found = kept.get(key);
  if (found !== undefined) return found;
  const value = make();
  kept.set(key, value);
  return value;
}
