/**
 * Windows of schema/numbers.md, worked out a second time: plain loops over lists of moments and prices, oldest
 * first, without anything of src/.
 */
export interface PricedMoment {
  readonly observedAt: number;
  /** Null where there is none. */
  readonly priceOf: (asset: string) => number | null;
}

interface DefinedWindow {
  /** Milliseconds. */
  readonly step: number;
  /** In steps. */
  readonly length: number;
  readonly lag: number;
}

/** The return of an asset in a bucket, as it is seen from a turn, by its place among the turns. */
function definedReturn(
  turns: readonly PricedMoment[],
  seenFrom: number,
  asset: string,
  bucket: number,
  step: number,
): number | null {
  let before: number | null = null;
  let now: number | null = null;
  for (let place = 0; place <= seenFrom; place++) {
    const { observedAt, priceOf } = turns[place] as PricedMoment;
    const own = Math.floor(observedAt / step);
    if (own === bucket - 1) before = priceOf(asset) ?? before;
    if (own === bucket) now = priceOf(asset) ?? now;
  }
  return before === null || now === null ? null : Math.log(now / before);
}

function meanOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** By kind: what base and quote have in common, seen from a turn; null where there is none. */
export function definedCell(
  turns: readonly PricedMoment[],
  seenFrom: number,
  [base, quote]: readonly [string, string],
  { step, length, lag }: DefinedWindow,
): Readonly<Record<'CORRELATION' | 'COVARIANCE' | 'BETA', number | null>> {
  const open = Math.floor((turns[seenFrom] as PricedMoment).observedAt / step);
  const [own, others]: [number[], number[]] = [[], []];
  for (let bucket = open - length; bucket < open; bucket++) {
    const a = definedReturn(turns, seenFrom, base, bucket, step);
    const b = definedReturn(turns, seenFrom, quote, bucket - lag, step);
    if (a === null || b === null) continue;
    own.push(a);
    others.push(b);
  }
  const n = own.length;
  if (n < 3) return { CORRELATION: null, COVARIANCE: null, BETA: null };
  const [meanA, meanB] = [meanOf(own), meanOf(others)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let k = 0; k < n; k++) {
    const [a, b] = [(own[k] as number) - meanA, (others[k] as number) - meanB];
    ab += a * b;
    aa += a * a;
    bb += b * b;
  }
  const [isFlat, isOtherFlat] = [new Set(own).size === 1, new Set(others).size === 1];
  return {
    CORRELATION: isFlat || isOtherFlat ? null : ab / Math.sqrt(aa * bb),
    COVARIANCE: ab / (n - 1),
    BETA: isOtherFlat ? null : ab / bb,
  };
}

/** Percent a year, seen from a turn; null where there is none. */
export function definedVolatility(
  turns: readonly PricedMoment[],
  seenFrom: number,
  asset: string,
  window: Omit<DefinedWindow, 'lag'>,
): number | null {
  const variance = definedCell(turns, seenFrom, [asset, asset], { ...window, lag: 0 }).COVARIANCE;
  const year = 365 * 24 * 60 * 60 * 1000;
  return variance === null ? null : 100 * Math.sqrt((variance * year) / window.step);
}
