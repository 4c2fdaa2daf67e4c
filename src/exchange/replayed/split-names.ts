import type { SymbolListing, Universe } from '../../domain/asset.js';

/**
 * Guesses base and quote of symbols from their names, for recordings that do not state them: a
 * name that is one asset of the universe followed by another. A name for which that is true in two
 * ways is left out and reported.
 */
export function splitNames(
  symbols: readonly string[],
  universe: Universe,
): { readonly listings: SymbolListing[]; readonly ambiguous: string[] } {
  const members = new Set(universe);
  const listings: SymbolListing[] = [];
  const ambiguous: string[] = [];
  for (const symbol of symbols) {
    const [split, ...others] = splitsOf(symbol, members);
    if (!split) continue;
    if (others.length > 0) ambiguous.push(symbol);
    else listings.push({ symbol, status: 'TRADING', ...split });
  }
  return { listings, ambiguous };
}

function splitsOf(symbol: string, members: ReadonlySet<string>) {
  const splits: { baseAsset: string; quoteAsset: string }[] = [];
  for (let at = 1; at < symbol.length; at++) {
    const [baseAsset, quoteAsset] = [symbol.slice(0, at), symbol.slice(at)];
    if (baseAsset !== quoteAsset && members.has(baseAsset) && members.has(quoteAsset)) {
      splits.push({ baseAsset, quoteAsset });
    }
  }
  return splits;
}
