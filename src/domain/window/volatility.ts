import { DAY, type Span } from '../series/span.js';
import { deviationsOf, dot } from './common-returns.js';
import { FEWEST_RETURNS } from './window-matrix.js';

const YEAR: Span = 365 * DAY;

/**
 * `100 * sd(r) * sqrt(365 d / every)`, percent a year, sd the sample deviation of the returns that there
 * are; NaN with fewer than 3.
 * @param returns over the window, oldest first; NaN where there is none
 * @param every the span of a bucket
 */
export function volatility(returns: Float64Array, every: Span): number {
  const deviations = deviationsOf(returns);
  const n = deviations.length;
  if (n < FEWEST_RETURNS) return NaN;
  return 100 * Math.sqrt(dot(deviations, deviations) / (n - 1)) * Math.sqrt(YEAR / every);
}
