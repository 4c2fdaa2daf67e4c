import type { WalletCourseQuery } from '../../generated/operations.js';

export type Course = NonNullable<WalletCourseQuery['walletSeries']>;

/** What one asset was worth over time. */
export interface Part {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** What the smaller balances are called together. */
const OTHERS = 'others';

/**
 * The parts of the wallet, the largest at the end of the range first; beyond so many, the rest as one. Only
 * what is held at the end has a line of its own: what went before then is in the rest, too.
 */
export function partsOf({ lines }: Pick<Course, 'lines'>, most: number): readonly Part[] {
  const [whole, ...balances] = lines;
  if (!whole) return [];
  const size = ({ values }: Part): number => values.findLast((value) => value !== null) ?? 0;
  const sorted = balances
    .map(({ asset, values }) => ({ name: asset ?? '', values }))
    .sort((a, b) => size(b) - size(a));
  const shown = sorted.slice(0, most);
  const rest = restOf(whole.values, shown);
  const isOfNote = sorted.length > shown.length || rest.some(isMore(whole.values));
  return isOfNote ? [...shown, { name: OTHERS, values: rest }] : shown;
}

function restOf(
  whole: readonly (number | null)[],
  parts: readonly Part[],
): readonly (number | null)[] {
  return whole.map((value, at) => {
    if (value === null) return null;
    const known = parts.reduce((sum, { values }) => sum + (values[at] ?? 0), 0);
    return Math.max(0, value - known);
  });
}

/** What is left of a sum of floating-point numbers is no balance. */
const ROUNDING = 1e-9;

function isMore(whole: readonly (number | null)[]) {
  return (value: number | null, at: number): boolean =>
    (value ?? 0) > ROUNDING * Math.abs(whole[at] ?? 0);
}

/** One part on top of the ones before it: where it begins and where it ends, by point. */
export interface Layer {
  readonly name: string;
  readonly from: readonly (number | null)[];
  readonly to: readonly (number | null)[];
}

/**
 * Parts on top of each other.
 * @param whole what all of them are; null where nothing is known, where no layer is
 * @param asShares in percent of the whole, in the place of values
 */
export function layersOf(
  parts: readonly Part[],
  whole: readonly (number | null)[],
  asShares: boolean,
): readonly Layer[] {
  const heights = whole.map((value) => (value === null ? null : 0)) as (number | null)[];
  return parts.map(({ name, values }) => {
    const from = [...heights];
    heights.forEach((height, at) => {
      if (height === null) return;
      const total = whole[at] ?? 0;
      const value = values[at] ?? 0;
      heights[at] = height + (asShares ? (total > 0 ? (100 * value) / total : 0) : value);
    });
    return { name, from, to: [...heights] };
  });
}
