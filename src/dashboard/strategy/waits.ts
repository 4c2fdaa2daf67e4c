import type { CycleStrategyQuery } from '../../generated/operations.js';
import { formatNumber } from '../format/numbers.js';

export type StrategyCycle = NonNullable<CycleStrategyQuery['cycle']>;

/** Ratios are written with so many decimals. */
const RATIO_DECIMALS = 4;

export function formatRatio(value: number | null): string {
  return formatNumber(value, RATIO_DECIMALS);
}

/** A size in percent; what would be written as nothing is less than the least that is written. */
function percentWords(percent: number): string {
  const size = Math.abs(percent);
  const written = formatNumber(size, 2);
  return size > 0 && Number(written) === 0 ? 'less than 0.01 %' : `${written} %`;
}

/** A change in words: "rose 0.52 %". */
function changed(ratio: number, rose: string, fell: string): string {
  if (ratio === 1) return 'has not moved';
  return `${ratio > 1 ? rose : fell} ${percentWords(100 * (ratio - 1))}`;
}

/** What is missing to an expectation, or by how much it is passed, in words. */
function distance(value: number, expected: number, isReached: boolean): string {
  const level = formatRatio(expected);
  if (isReached) return `at or above the ${level} that the settings wait for`;
  const missing = percentWords(100 * (expected / value - 1));
  return `the settings wait for ${level}, which is ${missing} more`;
}

type Waiting = Pick<StrategyCycle, 'aux' | 'config' | 'turn'>;

/** Why a figure that counts from the lead's beginning says nothing yet; null where it does. */
function tooEarly({ aux, turn }: Waiting, figure: string): string | null {
  const { leadQuant, leadSince } = aux;
  if (leadQuant === null) return 'No asset leads yet: none has a quant.';
  if (leadSince !== turn) return null;
  return `${leadQuant} took the lead with this turn: ${figure} begins at 1 and moves from the next turn on.`;
}

/** What the imprint says at a turn, and what is waited for, as a sentence. */
export function imprintWords(cycle: Waiting): string {
  const { leadQuant, imprint, imprintReached } = cycle.aux;
  const early = tooEarly(cycle, 'its imprint');
  if (early !== null) return early;
  if (imprint === null) return `${leadQuant} has no price in ${cycle.config.quantBase}.`;
  const move = `The price of ${leadQuant} ${changed(imprint, 'rose', 'fell')} since it took the lead`;
  return `${move}: ${distance(imprint, cycle.config.expectedImprint, imprintReached === true)}.`;
}

/** The same of the luggage. */
export function luggageWords(cycle: Waiting): string {
  const { leadQuant, luggage, luggageReached } = cycle.aux;
  const early = tooEarly(cycle, 'the luggage');
  if (early !== null) return early;
  if (luggage === null) return 'The wallet has nothing with a price.';
  const move = `The wallet ${changed(luggage, 'gained', 'lost')} under ${leadQuant}`;
  return `${move}: ${distance(luggage, cycle.config.expectedLuggage, luggageReached === true)}.`;
}

/** Whether a figure is where it is waited for, in a word or two; null before anything is waited for. */
export function reachedWords(cycle: Waiting, isReached: boolean | null): string | null {
  if (isReached === null || cycle.aux.leadSince === cycle.turn) return null;
  return isReached ? 'reached' : 'not yet reached';
}
