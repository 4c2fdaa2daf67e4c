import type { Span } from '../series/span.js';
import { isGiven, type PartFault } from './parts.js';

/** What is watched for in the values of a line. */
export type Condition =
  | { readonly kind: 'ABOVE' | 'BELOW'; readonly level: number }
  | { readonly kind: 'CROSSES'; readonly level: number }
  /** By how many percent, up or down, within what time. */
  | { readonly kind: 'MOVES'; readonly percent: number; readonly within: Span };

/** What a condition is made of, as somebody gives it: a level, or a percentage and a span. */
export interface ConditionParts {
  readonly above?: number | null | undefined;
  readonly below?: number | null | undefined;
  readonly crosses?: number | null | undefined;
  readonly movesPercent?: number | null | undefined;
  readonly within?: Span | null | undefined;
}

const CHOICES = ['above', 'below', 'crosses', 'movesPercent'] as const;
const KINDS = { above: 'ABOVE', below: 'BELOW', crosses: 'CROSSES' } as const;

export function conditionOf(parts: ConditionParts): Condition | PartFault<keyof ConditionParts> {
  const given = CHOICES.filter((part) => isGiven(parts[part]));
  const [choice] = given;
  if (choice === undefined || given.length > 1) {
    const found = given.length === 0 ? 'none' : given.join(' and ');
    return { part: null, words: `takes exactly one of ${CHOICES.join(', ')}; given: ${found}` };
  }
  const number = Number(parts[choice]);
  if (!Number.isFinite(number)) return { part: choice, words: 'is to be a finite number' };
  const { within } = parts;
  if (choice !== 'movesPercent') {
    if (isGiven(within)) return { part: 'within', words: `is not taken with ${choice}` };
    return { kind: KINDS[choice], level: number };
  }
  if (number <= 0) return { part: choice, words: 'is to be above 0' };
  if (!isGiven(within)) return { part: 'within', words: 'is required with movesPercent' };
  return { kind: 'MOVES', percent: number, within };
}

/** How far back a condition looks; null where it does not. */
export function withinOf(condition: Condition): Span | null {
  return condition.kind === 'MOVES' ? condition.within : null;
}
