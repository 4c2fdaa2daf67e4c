/** A listed pair by its assets. */
export interface ListedPair {
  readonly base: string;
  readonly quote: string;
}

/**
 * The two assets of the universe that a symbol is of: those whose names make it up, one after the
 * other. Null where there are none.
 */
export function pairOfSymbol(symbol: string, universe: readonly string[]): ListedPair | null {
  for (const base of universe) {
    if (!symbol.startsWith(base)) continue;
    const quote = symbol.slice(base.length);
    if (universe.includes(quote)) return { base, quote };
  }
  return null;
}

/** The assets that a path leads through, from its first to its last; null where it cannot be told. */
export function assetsOfPath(
  from: string,
  path: readonly string[],
  universe: readonly string[],
): string[] | null {
  const assets = [from];
  for (const symbol of path) {
    const pair = pairOfSymbol(symbol, universe);
    const at = assets.at(-1);
    if (pair?.base === at) assets.push(pair?.quote ?? '');
    else if (pair?.quote === at) assets.push(pair?.base ?? '');
    else return null;
  }
  return assets;
}
