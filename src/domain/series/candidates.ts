import { compareCodeUnits, type Asset, type Pair } from '../asset.js';

/** A path of two legs, walked from the asset whose name sorts first. */
export interface Candidate {
  readonly first: Pair;
  readonly second: Pair;
  /** The asset between. */
  readonly middle: Asset;
}

/**
 * The paths of two legs that may join two assets, in the order of the names of their legs, as
 * `rates/path-rule.ts` has it.
 * @param listed ordered by symbol
 */
export function candidatesBetween(
  one: Asset,
  other: Asset,
  listed: readonly Pair[],
): readonly Candidate[] {
  const [start, end] = compareCodeUnits(one, other) < 0 ? [one, other] : [other, one];
  return listed.flatMap((first) => {
    const middle = acrossFrom(start, first);
    if (middle === null || middle === end) return [];
    return listed
      .filter((second) => acrossFrom(middle, second) === end)
      .map((second) => ({ first, second, middle }));
  });
}

/** The pairs that join two assets themselves, either way. */
export function pairsOfBoth(one: Asset, other: Asset, listed: readonly Pair[]): readonly Pair[] {
  return listed.filter(
    ({ base, quote }) => (base === one && quote === other) || (base === other && quote === one),
  );
}

/** The legs of some paths, each once. */
export function legsOf(candidates: readonly Candidate[]): readonly Pair[] {
  return [...new Set(candidates.flatMap(({ first, second }) => [first, second]))];
}

/** Whether any path joins two assets. */
export function areJoined(one: Asset, other: Asset, listed: readonly Pair[]): boolean {
  const reached = new Set([one]);
  for (const asset of reached) {
    for (const pair of listed) {
      const next = acrossFrom(asset, pair);
      if (next !== null) reached.add(next);
    }
  }
  return reached.has(other);
}

/** The other asset of a pair; null where it is not of that asset. */
function acrossFrom(asset: Asset, { base, quote }: Pair): Asset | null {
  if (base === quote) return null;
  return base === asset ? quote : quote === asset ? base : null;
}
