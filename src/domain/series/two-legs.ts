import { compareCodeUnits, type Asset } from '../asset.js';
import { numberAt } from '../cells.js';
import { isBetter } from '../rates/path-rule.js';
import type { TradePrice } from '../rates/trade-price.js';
import type { PairColumns } from './frame-columns.js';
import type { LoadedPair } from './loaded-pairs.js';
import { tradedLeg, type TradedLeg } from './traded-leg.js';

/** A leg as it is walked: forward from its base to its quote. */
interface Leg extends Pick<PairColumns, 'last' | 'open' | 'lag'> {
  readonly isForward: boolean;
  /** Null where the rate is at last prices. */
  readonly traded: TradedLeg | null;
}

/** A path of two legs. */
export interface Legs {
  /** From the asset whose name sorts first, from which paths are chosen. */
  readonly startSpread: Float64Array;
  readonly endSpread: Float64Array;
  /** From base to quote. */
  readonly first: Leg;
  readonly second: Leg;
  readonly code: number;
}

/**
 * @param start the leg at the one of base and quote whose name sorts first
 * @param trade null: at last prices
 * @param codeOf the code of the path with these symbols from base to quote
 */
export function twoLegs(
  start: LoadedPair,
  end: LoadedPair,
  base: Asset,
  quote: Asset,
  trade: TradePrice | null,
  codeOf: (symbols: readonly string[]) => number,
): Legs {
  const isFromBase = compareCodeUnits(base, quote) < 0;
  const [first, second] = isFromBase ? [start, end] : [end, start];
  return {
    startSpread: start.spread,
    endSpread: end.spread,
    first: legOf(first.columns, first.columns.base === base, trade),
    second: legOf(second.columns, second.columns.quote === quote, trade),
    code: codeOf([first.columns.symbol, second.columns.symbol]),
  };
}

/** The columns may be made as they are asked for. */
function legOf(columns: PairColumns, isForward: boolean, trade: TradePrice | null): Leg {
  const { last, open, lag } = columns;
  return { last, open, lag, isForward, traded: trade && tradedLeg(columns, isForward, trade) };
}

/**
 * The best of some paths at a turn. By far the hottest loop here. A sum is NaN, and so never better,
 * where a leg is not listed.
 * @param paths in the order of names
 */
export function bestOf(paths: readonly Legs[], index: number): Legs | undefined {
  let best = paths.length;
  let least = Infinity;
  for (let place = 0; place < paths.length; place++) {
    const { startSpread, endSpread } = paths[place] as Legs;
    const sum = numberAt(startSpread, index) + numberAt(endSpread, index);
    if (!isBetter(sum, place, least, best)) continue;
    least = sum;
    best = place;
  }
  return paths[best];
}

/** The rate of a leg at a turn, as it is walked. */
export function walked(prices: Float64Array, isForward: boolean, index: number): number {
  const price = numberAt(prices, index);
  return isForward ? price : 1 / price;
}
