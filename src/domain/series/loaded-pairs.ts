import { compareCodeUnits, pairKey, type Pair } from '../asset.js';
import { numberAt } from '../cells.js';
import { relativeSpread } from '../rates/path-rule.js';
import type { PairColumns } from './frame-columns.js';

/** The columns of a pair, with what is derived from them once for all lines. */
export class LoadedPair {
  #spread: Float64Array | undefined;

  constructor(readonly columns: PairColumns) {}

  /** The relative spread at each turn, infinite where it is unknown; NaN where the pair is not listed. */
  get spread(): Float64Array {
    return (this.#spread ??= spreadOf(this.columns));
  }

  /** Has every column unpacked, one at a time, each of which may take a millisecond. */
  *unpackAll(): Generator<Float64Array> {
    yield this.columns.last;
    yield this.columns.bid;
    yield this.spread;
    yield this.columns.open;
    yield this.columns.lag;
  }
}

function spreadOf({ last, bid, ask }: PairColumns): Float64Array {
  const spread = new Float64Array(last.length);
  for (let index = 0; index < spread.length; index++) {
    const isListed = !Number.isNaN(numberAt(last, index));
    spread[index] = isListed ? relativeSpread(numberAt(bid, index), numberAt(ask, index)) : NaN;
  }
  return spread;
}

/** The pairs of a chunk that have been loaded so far. */
export class LoadedPairs {
  readonly #pairs = new Map<string, LoadedPair>();

  add(loaded: readonly PairColumns[]): void {
    for (const columns of loaded) this.#pairs.set(pairKey(columns), new LoadedPair(columns));
  }

  has(pair: Pair): boolean {
    return this.#pairs.has(pairKey(pair));
  }

  /** @throws {RangeError} where it has not been loaded */
  of(pair: Pair): LoadedPair {
    const found = this.#pairs.get(pairKey(pair));
    if (!found) throw new RangeError(`${pair.symbol} is not loaded`);
    return found;
  }

  get all(): Iterable<LoadedPair> {
    return this.#pairs.values();
  }

  /** All of them, ordered by symbol. */
  get columns(): PairColumns[] {
    const all = [...this.#pairs.values()].map(({ columns }) => columns);
    return all.sort((a, b) => compareCodeUnits(a.symbol, b.symbol));
  }
}
