import type { Decimal } from './decimal.js';

/** The short name of an asset as the exchange spells it, for example `BTC`. */
export type Asset = string;

/** The assets of the matrices, in matrix order, without repeats. */
export type Universe = readonly Asset[];

/** A listed pair of the spot market. Its prices are units of `quote` per one `base`. */
export interface Pair {
  /** The exchange's own name of the pair, for example `BTCUSDT`. */
  readonly symbol: string;
  readonly base: Asset;
  readonly quote: Asset;
}

/** Tells a pair from all others: a symbol may have been listed for other assets once. */
export function pairKey({ symbol, base, quote }: Pair): string {
  return `${symbol}/${base}/${quote}`;
}

/** A pair as the exchange lists it. */
export interface ListedPair extends Pair {
  /** The step of its prices, quote per base; left out where that is not known. */
  readonly tickSize?: Decimal;
}

/** What `exchangeInfo` says of one symbol, as far as it matters here. */
export interface SymbolListing {
  readonly symbol: string;
  readonly status: string;
  readonly baseAsset: Asset;
  readonly quoteAsset: Asset;
  /** The step of its prices, quote per base; left out where that is not stated. */
  readonly tickSize?: Decimal;
}

/**
 * The pairs that are TRADING and whose base and quote are both in the universe, ordered by symbol;
 * of two symbols for the same base and quote, the first. Base and quote are the exchange's own statement; a symbol's name is never split.
 */
export function tradingPairs(listings: Iterable<SymbolListing>, universe: Universe): ListedPair[] {
  const members = new Set(universe);
  const pairs: ListedPair[] = [];
  for (const { symbol, status, baseAsset, quoteAsset, tickSize } of listings) {
    if (status !== 'TRADING' || baseAsset === quoteAsset) continue;
    if (!members.has(baseAsset) || !members.has(quoteAsset)) continue;
    const pair = { symbol, base: baseAsset, quote: quoteAsset };
    pairs.push(tickSize === undefined ? pair : { ...pair, tickSize });
  }
  pairs.sort((a, b) => compareCodeUnits(a.symbol, b.symbol));
  const named = new Set<string>();
  return pairs.filter(({ base, quote }) => {
    const name = `${base}/${quote}`;
    return !named.has(name) && named.add(name);
  });
}

/** The position of each asset in a universe, for many look-ups. */
export function positionsIn(universe: Universe): ReadonlyMap<Asset, number> {
  return new Map(universe.map((asset, position) => [asset, position]));
}

/** Whether two universes have the same assets in the same order. */
export function isSameUniverse(one: Universe, other: Universe): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

/** Orders two strings by UTF-16 code unit, independent of any locale. */
export function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
