/** The returns of an asset over a window, oldest first, with what is worked out of them once. */
export interface Sample {
  /** By bucket; 0 where there is none. */
  readonly returns: Float64Array;
  /** By bucket: 1 where there is one, else 0. */
  readonly isGiven: Float64Array;
  /** Which buckets have no return: equal for samples that lack the same. */
  readonly missing: string;
  /** By bucket: 1 where the rate was stale at the last turn. */
  readonly isStale: Uint8Array;
  /** The buckets where it was. */
  readonly stale: Int32Array;
  /** How far each return that there is is from their mean. */
  readonly deviations: Float64Array;
  /** `Σ deviation²`; 0 where all returns are equal. */
  readonly squares: number;
}

/**
 * What two samples have in common, over the buckets where both have a return; all sums and means from
 * left to right.
 */
export interface CommonReturns {
  /** How many there are. */
  readonly n: number;
  /** At how many of these the rate of either was stale. */
  readonly stale: number;
  /** Of one sample, `Σ (r - mean)²`; 0 where all n returns are equal. */
  readonly squaresOne: number;
  /** Of the other. */
  readonly squaresOther: number;
  /** `Σ (r_i - mean_i) * (r_j - mean_j)`. */
  readonly products: number;
}

/** @param given by bucket; NaN where there is none */
export function sampleOf(given: Float64Array, isStale: Uint8Array): Sample {
  const returns = new Float64Array(given.length);
  const isGiven = new Float64Array(given.length);
  const missing: number[] = [];
  const stale: number[] = [];
  for (let k = 0; k < given.length; k++) {
    const value = given[k] as number;
    if (Number.isNaN(value)) missing.push(k);
    else {
      returns[k] = value;
      isGiven[k] = 1;
    }
    if (isStale[k] === 1) stale.push(k);
  }
  const deviations = deviationsOf(given);
  return {
    ...{ returns, isGiven, missing: missing.join(), isStale, stale: Int32Array.from(stale) },
    deviations,
    squares: varies(returns, isGiven, isGiven) ? dot(deviations, deviations) : 0,
  };
}

/** Where both lack the same returns, what is known of each of them is used: the sums are the same. */
export function commonReturns(one: Sample, other: Sample): CommonReturns {
  if (one.missing !== other.missing) return commonOfSome(one, other);
  return {
    n: one.deviations.length,
    stale: countStale(one, other),
    squaresOne: one.squares,
    squaresOther: other.squares,
    products: dot(one.deviations, other.deviations),
  };
}

/** What is between the one and the other, seen from the other. */
export function mirrored(common: CommonReturns): CommonReturns {
  const { n, stale, squaresOne, squaresOther, products } = common;
  return { n, stale, squaresOne: squaresOther, squaresOther: squaresOne, products };
}

/**
 * What is not in common counts 0, which changes no sum: that is quicker than to ask at each bucket
 * whether it is.
 */
function commonOfSome(one: Sample, other: Sample): CommonReturns {
  const { returns: a, isGiven: isA } = one;
  const { returns: b, isGiven: isB } = other;
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  for (let k = 0; k < a.length; k++) {
    const isCommon = (isA[k] as number) * (isB[k] as number);
    n += isCommon;
    sumA += (a[k] as number) * isCommon;
    sumB += (b[k] as number) * isCommon;
  }
  const meanA = sumA / n;
  const meanB = sumB / n;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let k = 0; k < a.length; k++) {
    const isCommon = (isA[k] as number) * (isB[k] as number);
    const x = ((a[k] as number) - meanA) * isCommon;
    const y = ((b[k] as number) - meanB) * isCommon;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  return {
    n,
    stale: countStale(one, other),
    squaresOne: varies(a, isA, isB) ? squaresA : 0,
    squaresOther: varies(b, isA, isB) ? squaresB : 0,
    products,
  };
}

/** In how many buckets both have a return and the rate of either was stale. */
function countStale(one: Sample, other: Sample): number {
  let count = 0;
  for (let at = 0; at < one.stale.length; at++) {
    const k = one.stale[at] as number;
    count += (one.isGiven[k] as number) * (other.isGiven[k] as number);
  }
  for (let at = 0; at < other.stale.length; at++) {
    const k = other.stale[at] as number;
    // Counted with those of the one.
    if (one.isStale[k] === 1) continue;
    count += (one.isGiven[k] as number) * (other.isGiven[k] as number);
  }
  return count;
}

/** How far each value that there is, is from their mean, from left to right. @param values NaN where there is none */
export function deviationsOf(values: Float64Array): Float64Array {
  let n = 0;
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    const value = values[k] as number;
    if (Number.isNaN(value)) continue;
    n++;
    sum += value;
  }
  const mean = sum / n;
  const deviations = new Float64Array(n);
  let at = 0;
  for (let k = 0; k < values.length; k++) {
    const value = values[k] as number;
    if (!Number.isNaN(value)) deviations[at++] = value - mean;
  }
  return deviations;
}

/** Whether not all values are equal of the buckets that both have. */
function varies(values: Float64Array, isOne: Float64Array, isOther: Float64Array): boolean {
  let first = NaN;
  for (let k = 0; k < values.length; k++) {
    if (isOne[k] === 0 || isOther[k] === 0) continue;
    const value = values[k] as number;
    if (Number.isNaN(first)) first = value;
    if (value !== first) return true;
  }
  return false;
}

/** The sum of products from left to right: where most of the time goes. */
export function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < one.length; k++) sum += (one[k] as number) * (other[k] as number);
  return sum;
}
