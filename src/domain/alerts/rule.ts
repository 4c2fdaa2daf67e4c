import type { Line } from '../series/line.js';
import type { Span } from '../series/span.js';
import type { Condition } from './condition.js';
import { begun, type RuleState } from './judgement.js';

/** What is watched for, in the values of one line. */
export interface AlertRule {
  readonly line: Line;
  readonly condition: Condition;
  /** How far apart firings are at least, milliseconds of `observedAt`; 0: they may follow each other. */
  readonly cooldown: Span;
}

/** A rule as it stands from one change to the next. */
export interface RuleVersion extends AlertRule {
  /** 1, 2, 3, … */
  readonly version: number;
  readonly isEnabled: boolean;
  /** The latest turn that was stored when it was saved: it begins after that. 0 where there was none. */
  readonly afterTurn: number;
}

/**
 * What a version begins with.
 * @param state what the version before it has come to, with the last turn that is its
 */
export function stateOfNext(before: RuleVersion, state: RuleState, next: RuleVersion): RuleState {
  const goesOn =
    before.isEnabled && isSame(before.line, next.line) && isSame(before.condition, next.condition);
  return goesOn ? { ...state, turn: next.afterTurn } : begun(next.afterTurn);
}

/** Whether lines, or conditions, are the same; what is undefined in one may be left out in the other. */
function isSame(one: unknown, other: unknown): boolean {
  if (!isRecord(one) || !isRecord(other)) return one === other;
  const names = [...Object.keys(one), ...Object.keys(other)];
  return names.every((name) => isSame(one[name], other[name]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
