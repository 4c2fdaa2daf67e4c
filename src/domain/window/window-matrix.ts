import {
  commonReturns,
  mirrored,
  sampleOf,
  type CommonReturns,
  type Sample,
} from './common-returns.js';

/** What a window is made into, by the name that the API has for it. */
export const WINDOW_KINDS = ['CORRELATION', 'COVARIANCE', 'BETA'] as const;
export type WindowKind = (typeof WINDOW_KINDS)[number];

/** With fewer common returns there is no figure. */
export const FEWEST_RETURNS = 3;

/**
 * The figure of base i and quote j over the buckets where both have a return:
 * - CORRELATION: Pearson's, `Σ ab / sqrt(Σ a² * Σ b²)` with a and b the deviations from the means, in
 *   [-1, 1]; none where either does not vary.
 * - COVARIANCE: the sample's, `Σ ab / (n - 1)`.
 * - BETA: covariance over the variance of j; none where j does not vary.
 *
 * Without unit, as returns are. NaN where there is none.
 */
function windowFigure(kind: WindowKind, common: CommonReturns): number {
  const { n, squaresOne, squaresOther, products } = common;
  if (n < FEWEST_RETURNS) return NaN;
  switch (kind) {
    case 'CORRELATION': {
      const both = squaresOne * squaresOther;
      return both === 0 ? NaN : Math.min(1, Math.max(-1, products / Math.sqrt(both)));
    }
    case 'COVARIANCE':
      return products / (n - 1);
    case 'BETA':
      return squaresOther === 0 ? NaN : products / (n - 1) / (squaresOther / (n - 1));
  }
}

/** The returns of an asset, oldest first: `lag` buckets before the window, then those of the window. */
export interface AssetReturns {
  /** NaN where there is none. */
  readonly returns: Float64Array;
  /** By the same buckets: 1 where the rate was stale at the bucket's last turn. */
  readonly isStale: Uint8Array;
}

/** Some cells of one row of a window's matrices. */
export interface WindowRow {
  /** By kind; NaN where there is none. */
  readonly values: Readonly<Record<WindowKind, Float64Array>>;
  /** Of how many common returns each is made. */
  readonly counts: Float64Array;
  /** Of how many of these either asset's rate was stale at the bucket's last turn. */
  readonly staleCounts: Float64Array;
}

/**
 * A window over the returns of assets in one numeraire. The row of base i holds its returns against
 * those of quote j `lag` buckets earlier, on the diagonal too. Asset by asset and row by row, so that
 * others get their turn between them.
 */
export class Window {
  readonly #assets: readonly AssetReturns[];
  readonly #lag: number;
  /** By asset: over the window, and so many buckets earlier. */
  readonly #samples: Sample[] = [];
  readonly #earlier: Sample[] = [];
  /** By base and quote: without a lag, what is worked out of two assets is that of the two the other way. */
  readonly #common: CommonReturns[][] = [];

  /** @param lag how many buckets earlier the returns of quotes are taken, 0 to 100 */
  constructor(assets: readonly AssetReturns[], lag: number) {
    this.#assets = assets;
    this.#lag = lag;
  }

  /** Works out what rows need of an asset, where none has needed it yet. */
  prepare(asset: number): void {
    if (this.#samples[asset]) return;
    const { returns, isStale } = this.#assets[asset] as AssetReturns;
    const between = (from: number, to: number): Sample =>
      sampleOf(returns.subarray(from, to), isStale.subarray(from, to));
    const own = between(this.#lag, returns.length);
    this.#samples[asset] = own;
    this.#earlier[asset] = this.#lag === 0 ? own : between(0, returns.length - this.#lag);
  }

  /** All kinds at once: what takes time is the same for all. @param quotes which assets, by their places */
  row(base: number, quotes: readonly number[]): WindowRow {
    const { length } = quotes;
    const values = {
      CORRELATION: new Float64Array(length),
      COVARIANCE: new Float64Array(length),
      BETA: new Float64Array(length),
    };
    const counts = new Float64Array(length);
    const staleCounts = new Float64Array(length);
    for (const asset of [base, ...quotes]) this.prepare(asset);
    const own = this.#samples[base] as Sample;
    const commons = (this.#common[base] ??= []);
    quotes.forEach((quote, at) => {
      const other = this.#earlier[quote] as Sample;
      const known = this.#common[quote]?.[base];
      const common = known ? mirrored(known) : commonReturns(own, other);
      if (this.#lag === 0) commons[quote] = common;
      for (const kind of WINDOW_KINDS) values[kind][at] = windowFigure(kind, common);
      counts[at] = common.n;
      staleCounts[at] = common.stale;
    });
    return { values, counts, staleCounts };
  }
}
