import { formatNumber } from '../format/numbers.js';
import { formatSpan } from '../format/moment-text.js';
import { digits, part, worked, type ExampleText } from './example-text.js';
import type { Example } from './read-example.js';
import type { WindowExample } from './read-window.js';
import {
  beta,
  correlation,
  covariance,
  FEWEST_RETURNS,
  returnsOf,
  volatility,
  windowSums,
  YEAR_MS,
} from './work-out.js';

const TOO_SHORT = {
  missing: `A window needs at least ${FEWEST_RETURNS} returns: nothing is stored from so far back yet.`,
};

/** What is made of a window before the turn, and of the wallet over the last hour. */
export function windowExamples({ window, attribution }: Example) {
  const ofWindow = window
    ? figuresOf(window)
    : { correlation: TOO_SHORT, covariance: TOO_SHORT, beta: TOO_SHORT, volatility: TOO_SHORT };
  return { ...ofWindow, attribution: attributionExample(attribution) };
}

function figuresOf(window: WindowExample) {
  const { base, other, overMs, everyMs } = window;
  const returns = returnsOf(window.prices);
  const both = windowSums(returns, returnsOf(window.otherPrices));
  const own = windowSums(returns, returns);
  const about = `${base} and ${other} in ${window.in}, ${both.count} returns of ${formatSpan(everyMs)} over ${formatSpan(overMs)}`;
  const [ab, aa, bb] = [both.both, both.first, both.second].map(part) as [string, string, string];
  return {
    correlation: worked(
      `${about}: ${ab} / √(${aa} × ${bb})`,
      correlation(both),
      window.correlation,
    ),
    covariance: worked(`${about}: ${ab} / ${both.count - 1}`, covariance(both), window.covariance),
    beta: worked(`${base} for each move of ${other}: ${ab} / ${bb}`, beta(both), window.beta),
    volatility: worked(
      `${base} in ${window.in}: 100 × √(${part(own.first)} / ${own.count - 1}) × √${formatNumber(YEAR_MS / everyMs, 0)}`,
      volatility(own, everyMs),
      window.volatility,
      '% a year',
    ),
  };
}

function attributionExample(attribution: Example['attribution']): ExampleText {
  if (!attribution) return { missing: 'Nothing is stored of the hour before this turn.' };
  const { startValue, endValue, total } = attribution;
  const sum = (values: readonly (number | null)[]): number =>
    values.reduce<number>((all, value) => all + (value ?? 0), 0);
  const [price, flow, unpriced] = [total.price, total.flow, total.unpriced].map(sum) as [
    number,
    number,
    number,
  ];
  return worked(
    `Over the last hour in ${attribution.in}: price ${part(price)} + flow ${part(flow)} + unpriced ${part(unpriced)}`,
    price + flow + unpriced,
    endValue - startValue,
    `${attribution.in}, which is ${digits(endValue)} − ${digits(startValue)}`,
  );
}
