import { lineOf } from '../alerts/line-parts.js';
import { conditionOf, type Condition } from '../domain/alerts/condition.js';
import { isGiven, isPartFault, type PartFault } from '../domain/alerts/parts.js';
import type { AlertRule } from '../domain/alerts/rule.js';
import { isFault } from '../domain/series/fault.js';
import type { Line } from '../domain/series/line.js';
import { parseSpan, type Span } from '../domain/series/span.js';
import type { AlertInput, ConditionInput, LineInput } from './types/alert-input.js';

const LONGEST_NAME = 100;

/** What is wrong with an input, and where in it. */
export class InputFault {
  /** @param path from the input down to the field that is at fault */
  constructor(
    readonly path: readonly string[],
    readonly words: string,
  ) {}

  /** The same, as it is seen from further up. */
  below(field: string): InputFault {
    return new InputFault([field, ...this.path], this.words);
  }

  /** What it is told as: the argument and what is below it. */
  get argument(): string {
    return this.path.join('.');
  }
}

/** The rule that an input says, or the first thing that is wrong with it. */
export function readRule(input: AlertInput): AlertRule | InputFault {
  const name = faultOfName(input.name);
  if (name) return name;
  const line = readLine(input.line);
  if (line instanceof InputFault) return line.below('line');
  const condition = readCondition(input.condition);
  if (condition instanceof InputFault) return condition.below('condition');
  const cooldown = isGiven(input.cooldown) ? readSpanOf(input.cooldown, 'cooldown') : 0;
  if (cooldown instanceof InputFault) return cooldown;
  return { line, condition, cooldown };
}

export function faultOfName(name: string): InputFault | null {
  const isValid = name.trim() !== '' && name.length <= LONGEST_NAME;
  return isValid ? null : new InputFault(['name'], `is to be 1 to ${LONGEST_NAME} characters`);
}

export function readLine({ over, step, ...parts }: LineInput): Line | InputFault {
  const spans = { over: optionalSpan(over, 'over'), step: optionalSpan(step, 'step') };
  if (spans.over instanceof InputFault) return spans.over;
  if (spans.step instanceof InputFault) return spans.step;
  return orFault(lineOf({ ...parts, over: spans.over, step: spans.step }));
}

export function readCondition({ within, ...parts }: ConditionInput): Condition | InputFault {
  const span = optionalSpan(within, 'within');
  if (span instanceof InputFault) return span;
  return orFault(conditionOf({ ...parts, within: span }));
}

/** A span that a field says. */
export function readSpanOf(text: string, field: string): Span | InputFault {
  const span = parseSpan(text);
  return isFault(span) ? new InputFault([field], span.words) : span;
}

function optionalSpan(text: string | null | undefined, field: string): Span | null | InputFault {
  return isGiven(text) ? readSpanOf(text, field) : null;
}

function orFault<T extends object>(read: T | PartFault): T | InputFault {
  if (!isPartFault(read)) return read;
  return new InputFault(read.part === null ? [] : [read.part], read.words);
}
