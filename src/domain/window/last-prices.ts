import { indexAt, numberAt } from '../cells.js';
import { NOWHERE } from '../series/buckets.js';

/** The last price of an asset in each of some neighbouring buckets, added chunk by chunk. */
export class LastPrices {
  /**
   * @param prices by bucket; NaN where no turn of it has one
   * @param isStale by bucket: 1 where the rate was stale at the turn that gave it
   */
  private constructor(
    readonly prices: Float64Array,
    readonly isStale: Uint8Array,
  ) {}

  static ofNone(buckets: number): LastPrices {
    return new LastPrices(new Float64Array(buckets).fill(NaN), new Uint8Array(buckets));
  }

  /**
   * Adds the rates at some turns, which come in order over all calls.
   * @param places by index: the bucket that the turn is in
   * @param values by index; NaN where there is none
   * @param isStale by index: 1 where it is
   */
  add(places: Int32Array, values: Float64Array, isStale: Uint8Array): void {
    for (let index = 0; index < places.length; index++) {
      const bucket = indexAt(places, index);
      const value = numberAt(values, index);
      if (bucket === NOWHERE || Number.isNaN(value)) continue;
      this.prices[bucket] = value;
      this.isStale[bucket] = isStale[index] as number;
    }
  }

  copy(): LastPrices {
    return new LastPrices(this.prices.slice(), this.isStale.slice());
  }

  /** Those of the buckets from one on. */
  from(bucket: number): LastPrices {
    return new LastPrices(this.prices.subarray(bucket), this.isStale.subarray(bucket));
  }

  /** Those of the buckets from one on, and behind them those of the buckets that follow. */
  followedBy(next: LastPrices, from: number): LastPrices {
    const kept = this.prices.length - from;
    const prices = new Float64Array(kept + next.prices.length);
    const isStale = new Uint8Array(prices.length);
    prices.set(this.prices.subarray(from));
    prices.set(next.prices, kept);
    isStale.set(this.isStale.subarray(from));
    isStale.set(next.isStale, kept);
    return new LastPrices(prices, isStale);
  }
}
