/**
 * The figures as schema/numbers.md defines them, worked out from numbers that the API answers: the
 * examples of the help. Null where a definition says that there is no value.
 */

type Value = number | null;

/** The rate 24 h ago: what it is now, less what it has moved. */
export function rateBefore(rate: number, delta: number): number {
  return rate - delta;
}

/** Δ%: percent. */
export function percentMove(rate: number, before: number): number {
  return 100 * (rate / before - 1);
}

/** The kinetic value k, before it is divided by the scale of the matrix. */
export function kinetic(percent: number, delta: number, before: number): number {
  return ((1 + percent / 100) * delta) / before;
}

export function quantid(k: number, scale: number): number {
  return scale === 0 ? 0 : k / scale;
}

/** The mean of what there is. */
export function mean(values: readonly Value[]): Value {
  const given = values.filter((value) => value !== null);
  return given.length === 0 ? null : sum(given) / given.length;
}

/** By how much an asset moved against the mean of others, from its Δ% against each: percent. */
export function strength(percents: readonly Value[]): Value {
  const logs = percents.map((percent) => (percent === null ? null : Math.log(1 + percent / 100)));
  const middle = mean(logs);
  return middle === null ? null : 100 * (Math.exp(middle) - 1);
}

/** The α of each tier. */
export const ALPHAS = { CONSERVATIVE: 0.2, STANDARD: 0.5, AGGRESSIVE: 1 } as const;

/** The mean of a row, smoothed. */
export function smoothed(rowMean: number, before: Value, alpha: number): number {
  return before === null ? rowMean : alpha * rowMean + (1 - alpha) * before;
}

/** An amount of an asset, with what one of it costs now and cost a turn ago. */
export interface Held {
  readonly asset: string;
  readonly amount: number;
  readonly before: number;
  readonly now: number;
}

/** Growth of the turn, percent: of what was held before, at the prices of now and of then. */
export function growth(held: readonly Held[]): Value {
  const then = sum(held.map(({ amount, before }) => amount * before));
  const now = sum(held.map((each) => each.amount * each.now));
  return then === 0 ? null : 100 * (now / then - 1);
}

export function luggage(before: number, grt: Value): number {
  return before * (1 + (grt ?? 0) / 100);
}

/** Between two prices, basis points of their middle. */
export function spreadBps(bid: number, ask: number): number {
  return (1e4 * (ask - bid)) / ((ask + bid) / 2);
}

/** How far a price is from the product of the legs beside it, basis points. */
export function inconsistencyBps(direct: number, legs: readonly number[]): number {
  return 1e4 * Math.abs(Math.log(direct) - Math.log(product(legs)));
}

export function product(values: readonly number[]): number {
  return values.reduce((all, value) => all * value, 1);
}

/** Logarithmic returns from each price to the next; null unless there are both. */
export function returnsOf(prices: readonly Value[]): Value[] {
  return prices.slice(1).map((price, index) => {
    const before = prices[index] ?? null;
    return price === null || before === null ? null : Math.log(price / before);
  });
}

/** What becomes of the returns of two assets. */
export interface WindowSums {
  /** How many buckets have a return of both. */
  readonly count: number;
  /** Σ ab, Σ a² and Σ b², a and b being the deviations from their means. */
  readonly both: number;
  readonly first: number;
  readonly second: number;
}

export function windowSums(first: readonly Value[], second: readonly Value[]): WindowSums {
  const pairs = first.flatMap((a, index) => {
    const b = second[index] ?? null;
    return a === null || b === null ? [] : [[a, b] as const];
  });
  const [meanA, meanB] = [mean(pairs.map(([a]) => a)) ?? 0, mean(pairs.map(([, b]) => b)) ?? 0];
  const deviations = pairs.map(([a, b]) => [a - meanA, b - meanB] as const);
  return {
    count: pairs.length,
    both: sum(deviations.map(([a, b]) => a * b)),
    first: sum(deviations.map(([a]) => a * a)),
    second: sum(deviations.map(([, b]) => b * b)),
  };
}

/** Fewer returns than that say nothing. */
export const FEWEST_RETURNS = 3;

export function correlation({ count, both, first, second }: WindowSums): Value {
  if (count < FEWEST_RETURNS || first === 0 || second === 0) return null;
  return Math.max(-1, Math.min(1, both / Math.sqrt(first * second)));
}

export function covariance({ count, both }: WindowSums): Value {
  return count < FEWEST_RETURNS ? null : both / (count - 1);
}

export function beta({ count, both, second }: WindowSums): Value {
  return count < FEWEST_RETURNS || second === 0 ? null : both / second;
}

/** A year of volatility. */
export const YEAR_MS = 365 * 86_400_000;

/** Percent a year. */
export function volatility({ count, first }: WindowSums, everyMs: number): Value {
  if (count < FEWEST_RETURNS) return null;
  return 100 * Math.sqrt(first / (count - 1)) * Math.sqrt(YEAR_MS / everyMs);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
