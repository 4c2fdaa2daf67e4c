import { numberAt } from '../cells.js';

/** The returns of an asset over a window, oldest first, with what is worked out of them once. */
export interface Sample {
  /** By bucket; NaN where there is none. */
  readonly returns: Float64Array;
  /** By bucket: 1 where the rate was stale at the last turn. */
  readonly isStale: Uint8Array;
  readonly hasStale: boolean;
  /** Which buckets have no return: equal for samples that lack the same. */
  readonly missing: string;
  /** How far each return that there is is from their mean. */
  readonly deviations: Float64Array;
  /** `Σ deviation²`. */
  readonly squares: number;
  /** Whether not all returns are equal. */
  readonly varies: boolean;
}

/** What two samples have in common, over the buckets where both have a return. */
export interface CommonReturns {
  /** How many there are. */
  readonly n: number;
  /** Of one sample and of the other, `Σ (r - mean)²`; all sums and means from left to right. */
  readonly squaresOne: number;
  readonly squaresOther: number;
  readonly oneVaries: boolean;
  readonly otherVaries: boolean;
  /** `Σ (r_i - mean_i) * (r_j - mean_j)`. */
  readonly products: number;
}

export function sampleOf(returns: Float64Array, isStale: Uint8Array): Sample {
  const given = returns.filter((value) => !Number.isNaN(value));
  const missing = given.length === returns.length ? [] : [...returns.keys()];
  const { mean, varies } = meanOf(given);
  const deviations = given.map((value) => value - mean);
  return {
    returns,
    isStale,
    hasStale: isStale.includes(1),
    missing: missing.filter((k) => Number.isNaN(numberAt(returns, k))).join(),
    deviations,
    squares: dot(deviations, deviations),
    varies,
  };
}

/** Where both lack the same returns, what is known of each of them is used: the sums are the same. */
export function commonReturns(one: Sample, other: Sample): CommonReturns {
  if (one.missing !== other.missing) return commonOfSome(one.returns, other.returns);
  return {
    n: one.deviations.length,
    squaresOne: one.squares,
    squaresOther: other.squares,
    oneVaries: one.varies,
    otherVaries: other.varies,
    products: dot(one.deviations, other.deviations),
  };
}

/** Plain numbers in plain loops: this takes several times as long as {@link dot}. */
function commonOfSome(one: Float64Array, other: Float64Array): CommonReturns {
  let n = 0;
  let sumOne = 0;
  let sumOther = 0;
  let firstOne = NaN;
  let firstOther = NaN;
  let oneVaries = false;
  let otherVaries = false;
  for (let k = 0; k < one.length; k++) {
    const a = numberAt(one, k);
    const b = numberAt(other, k);
    if (Number.isNaN(a + b)) continue;
    if (n === 0) {
      firstOne = a;
      firstOther = b;
    }
    n++;
    if (a !== firstOne) oneVaries = true;
    if (b !== firstOther) otherVaries = true;
    sumOne += a;
    sumOther += b;
  }
  const meanOne = sumOne / n;
  const meanOther = sumOther / n;
  let squaresOne = 0;
  let squaresOther = 0;
  let products = 0;
  for (let k = 0; k < one.length; k++) {
    const a = numberAt(one, k) - meanOne;
    const b = numberAt(other, k) - meanOther;
    if (Number.isNaN(a + b)) continue;
    squaresOne += a * a;
    squaresOther += b * b;
    products += a * b;
  }
  return { n, squaresOne, squaresOther, oneVaries, otherVaries, products };
}

/** In how many buckets both have a return and the rate of either was stale. */
export function countStale(one: Sample, other: Sample): number {
  if (!one.hasStale && !other.hasStale) return 0;
  let count = 0;
  for (let k = 0; k < one.returns.length; k++) {
    if (one.isStale[k] !== 1 && other.isStale[k] !== 1) continue;
    if (!Number.isNaN(numberAt(one.returns, k) + numberAt(other.returns, k))) count++;
  }
  return count;
}

/** The mean from left to right, and whether not all values are equal. */
export function meanOf(values: Float64Array): {
  readonly mean: number;
  readonly varies: boolean;
} {
  let sum = 0;
  let varies = false;
  const first = values[0];
  for (let k = 0; k < values.length; k++) {
    const value = numberAt(values, k);
    sum += value;
    if (value !== first) varies = true;
  }
  return { mean: sum / values.length, varies };
}

/** The sum of products from left to right: where most of the time goes. */
export function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < one.length; k++) sum += numberAt(one, k) * numberAt(other, k);
  return sum;
}
