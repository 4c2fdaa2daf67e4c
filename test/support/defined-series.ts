/**
 * The aggregates and transforms of a series, worked out a second time: as plainly as they are
 * defined, over whole arrays, without anything of src/.
 */
type Values = readonly (number | null)[];

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** One number for a list of values in turn order. */
export const definedAggregates: Readonly<
  Record<string, (values: readonly number[]) => number | null>
> = {
  FIRST: (values) => values[0] ?? null,
  LAST: (values) => values.at(-1) ?? null,
  MIN: (values) => (values.length === 0 ? null : Math.min(...values)),
  MAX: (values) => (values.length === 0 ? null : Math.max(...values)),
  MEAN: (values) => (values.length === 0 ? null : finite(sum(values) / values.length)),
  COUNT: (values) => values.length,
};

/** What comes out for the values that are there, in order. */
function overGiven(values: Values, of: (given: readonly number[]) => number | null): Values {
  return values.map((value, at) =>
    value === null ? null : of(values.slice(0, at + 1).filter((each) => each !== null)),
  );
}

function overLast(values: Values, n: number, of: (last: readonly number[]) => number): Values {
  return overGiven(values, (given) => (given.length < n ? null : finite(of(given.slice(-n)))));
}

const sampleDeviation = (values: readonly number[]): number => {
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
};

export const definedTransforms: Readonly<Record<string, (values: Values, n: number) => Values>> = {
  DIFFERENCE: (values) =>
    overGiven(values, (given) => finite((given.at(-1) ?? NaN) - (given.at(-2) ?? NaN))),
  LOG_RETURN: (values) =>
    overGiven(values, (given) => finite(Math.log((given.at(-1) ?? NaN) / (given.at(-2) ?? NaN)))),
  CUMULATIVE_PERCENT: (values) =>
    overGiven(values, (given) => finite(100 * ((given.at(-1) ?? NaN) / (given[0] ?? NaN) - 1))),
  MOVING_AVERAGE: (values, n) => overLast(values, n, (last) => sum(last) / n),
  ZSCORE: (values, n) =>
    overLast(values, n, (last) =>
      new Set(last).size === 1
        ? NaN
        : ((last.at(-1) ?? NaN) - sum(last) / n) / sampleDeviation(last),
    ),
  EWMA: (values, n) =>
    overGiven(values, (given) =>
      finite(given.reduce((before, value) => (2 / (n + 1)) * value + (1 - 2 / (n + 1)) * before)),
    ),
};
