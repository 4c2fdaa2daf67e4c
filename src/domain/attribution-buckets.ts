import type { Asset } from './asset.js';
import { Attribution, type Contribution } from './attribution.js';
import { bucketOf, bucketStart, type Span } from './series/span.js';
import type { TimeRange } from './series/range.js';

/** How steps are put together: all of a range, by buckets of a span, or each on its own. */
export type Every = Span | 'turn' | null;

/** What an attribution came to by bucket, in units of the asset that it is in. */
export type ContributionColumns = Readonly<Record<keyof Contribution, Float64Array>>;

const PARTS = ['price', 'flow', 'unpriced'] as const;

/** Steps of an attribution, added up asset by asset in buckets. */
export class AttributionBuckets {
  readonly #every: Every;
  readonly #range: TimeRange;
  /** By the start of the bucket; of single steps, in their order. */
  readonly #buckets: { readonly start: number; readonly sums: Attribution }[] = [];
  readonly #byStart = new Map<number, Attribution>();
  readonly #assets = new Set<Asset>();

  /** @param range of whole buckets: each has its place in the answer, whether there is a step in it or not */
  constructor(range: TimeRange, every: Every) {
    this.#range = range;
    this.#every = every;
    if (every === 'turn') return;
    if (every === null) {
      this.#open(range.from);
      return;
    }
    for (let at = range.from; at < range.to; at = bucketStart(bucketOf(at, every) + 1, every)) {
      this.#open(at);
    }
  }

  /** @param observedAt of the later turn of the step: where the clock goes back, it may be out of the range */
  add(observedAt: number, step: Iterable<readonly [Asset, Contribution]>): void {
    const sums = this.#sumsAt(observedAt);
    for (const [asset, contribution] of step) {
      this.#assets.add(asset);
      sums.add(asset, contribution);
    }
  }

  /** The columns of each asset, in the order in which they came, and those of all together. */
  columns(): {
    readonly starts: Float64Array;
    readonly assets: ReadonlyMap<Asset, ContributionColumns>;
    readonly total: ContributionColumns;
  } {
    const buckets =
      this.#every === 'turn' ? this.#buckets : this.#buckets.toSorted((a, b) => a.start - b.start);
    const assets = new Map<Asset, ContributionColumns>();
    const total = columnsOf(buckets.length);
    for (const asset of this.#assets) {
      const own = columnsOf(buckets.length);
      buckets.forEach(({ sums }, at) => {
        const sum = sums.assets.get(asset);
        if (!sum) return;
        for (const part of PARTS) {
          own[part][at] = sum[part];
          total[part][at] = (total[part][at] as number) + sum[part];
        }
      });
      assets.set(asset, own);
    }
    return { starts: Float64Array.from(buckets, ({ start }) => start), assets, total };
  }

  #sumsAt(observedAt: number): Attribution {
    if (this.#every === 'turn') return this.#open(observedAt);
    const start =
      this.#every === null
        ? this.#range.from
        : bucketStart(bucketOf(observedAt, this.#every), this.#every);
    return this.#byStart.get(start) ?? this.#open(start);
  }

  #open(start: number): Attribution {
    const sums = new Attribution();
    this.#buckets.push({ start, sums });
    this.#byStart.set(start, sums);
    return sums;
  }
}

function columnsOf(length: number): ContributionColumns {
  return {
    price: new Float64Array(length),
    flow: new Float64Array(length),
    unpriced: new Float64Array(length),
  };
}
