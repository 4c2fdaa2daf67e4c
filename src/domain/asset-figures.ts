import { positionsIn, type Asset, type Universe } from './asset.js';
import type { Matrix } from './matrix.js';
import { cellAt } from './pair-table.js';
import type { Rates } from './rates.js';

/**
 * The strength of each asset, in universe order, percent:
 * 100 * (exp(mean over j != i of ln(B_ij / A_ij)) - 1). How it moved in 24 h against the mean of all
 * others, whatever the quote. Null for an asset without any rate.
 */
export function strengths({ size, last, open }: Rates): (number | null)[] {
  return Array.from({ length: size }, (_, i) => {
    const mean = meanOffDiagonal(size, i, (cell) =>
      Math.log((last[cell] as number) / (open[cell] as number)),
    );
    return mean === null ? null : 100 * (Math.exp(mean) - 1);
  });
}

/** The mean of each QUANTID row off the diagonal, nulls left out; null if nothing is left. */
export function rowMeans(matrix: Matrix): (number | null)[] {
  const size = matrix.universe.length;
  return Array.from({ length: size }, (_, i) =>
    meanOffDiagonal(size, i, (cell) => matrix.cells[cell] as number),
  );
}

/** Runs in universe order; what is not finite stands for null and is left out. */
function meanOffDiagonal(size: number, i: number, value: (cell: number) => number): number | null {
  let sum = 0;
  let count = 0;
  for (let j = 0; j < size; j++) {
    if (j === i) continue;
    const x = value(i * size + j);
    if (!Number.isFinite(x)) continue;
    sum += x;
    count++;
  }
  return count === 0 ? null : sum / count;
}

/** The quant of each asset of a turn, in the order of that turn's universe. */
export interface Quants {
  readonly universe: Universe;
  readonly values: readonly (number | null)[];
}

/**
 * The quant of each asset: the mean of its QUANTID row, smoothed exponentially,
 * `alpha * rowMean + (1 - alpha) * quant(t')`; the row mean itself where there was no quant at t';
 * null without a row mean.
 */
export function quants(quantidMatrix: Matrix, alpha: number, before: Quants | null): Quants {
  const { universe } = quantidMatrix;
  const values = rowMeans(quantidMatrix).map((mean, i) => {
    const former = before === null ? null : quantOf(before, universe[i] as Asset);
    return mean === null || former === null ? mean : alpha * mean + (1 - alpha) * former;
  });
  return { universe, values };
}

/** The quant of one asset; null where it has none or is not in the universe. */
export function quantOf({ universe, values }: Quants, asset: Asset): number | null {
  return values[positionsIn(universe).get(asset) ?? -1] ?? null;
}

/** The price of asset i in asset j, units of j per one i; null where there is none. */
export function price(benchmarkMatrix: Matrix, asset: Asset, quote: Asset): number | null {
  const { universe } = benchmarkMatrix;
  const positions = positionsIn(universe);
  const [i, j] = [positions.get(asset), positions.get(quote)];
  return i === undefined || j === undefined ? null : cellAt(benchmarkMatrix, i, j);
}
