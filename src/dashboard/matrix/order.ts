import type { Grid } from './grid.js';

/** Assets from the strongest to the weakest; those without a strength come last. */
export function byStrength(
  assets: readonly { readonly symbol: string; readonly strength: number | null }[],
): string[] {
  return assets
    .toSorted((a, b) => (b.strength ?? -Infinity) - (a.strength ?? -Infinity))
    .map(({ symbol }) => symbol);
}

/**
 * Assets so that those that moved alike stand together: the leaves of an average-linkage clustering
 * whose distance between two assets is how far they moved against each other, abs(Δ%).
 * @param percent the whole matrix of Δ%
 */
export async function byCluster(percent: Grid): Promise<string[]> {
  const { bases, values } = percent;
  if (bases.length < 2) return [...bases];
  const { agnes } = await import('ml-hclust');
  const sizes = values.flat().map((value) => Math.abs(value ?? 0));
  const farthest = 2 * Math.max(...sizes, 1);
  const distances = bases.map((_, i) =>
    bases.map((_name, j) => {
      const [there, back] = [values[i]?.[j], values[j]?.[i]];
      if (i === j) return 0;
      const isKnown = typeof there === 'number' && typeof back === 'number';
      return isKnown ? (Math.abs(there) + Math.abs(back)) / 2 : farthest;
    }),
  );
  const tree = agnes(distances, { isDistanceMatrix: true, method: 'average' });
  return tree.indices().map((index) => bases[index] as string);
}
