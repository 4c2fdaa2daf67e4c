import type { Condition } from '../../domain/alerts/condition.js';
import { nameOfLine, unitOfLine } from '../../domain/series/line-words.js';
import { numeraireOf, type Line } from '../../domain/series/line.js';
import { formatSpan } from '../../domain/series/span.js';
import type { Firing } from '../firing-store.js';
import type { StoredVersion } from '../rule-store.js';
import type { FiringMessage } from './message.js';

/** What is told of a firing. @param rule the version that fired @param id of the firing, as the API has it */
export function messageOf(firing: Firing, rule: StoredVersion, id: string): FiringMessage {
  return {
    ...{ kind: 'FIRING', id, at: firing.observedAt },
    alert: { id: rule.rule, name: rule.name, version: firing.version },
    line: nameOfLine(rule.line),
    condition: wordsOfCondition(rule.condition),
    value: firing.value,
    unit: unitInWords(rule.line),
    turn: firing.turn,
  };
}

function wordsOfCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'ABOVE':
      return `is above ${condition.level}`;
    case 'BELOW':
      return `is below ${condition.level}`;
    case 'CROSSES':
      return `crosses ${condition.level}`;
    case 'MOVES':
      return `moves by ${condition.percent} % or more within ${formatSpan(condition.within)}`;
  }
}

const UNITS: Readonly<Record<string, string>> = {
  NONE: '',
  PERCENT: '%',
  PERCENTAGE_POINTS: 'percentage points',
  PERCENT_A_YEAR: '% a year',
  BASIS_POINTS: 'basis points',
};

function unitInWords(line: Line): string {
  const unit = unitOfLine(line, numeraireOf(line) ?? null);
  if (unit === 'QUOTE_PER_BASE') return 'quote' in line ? line.quote : '';
  return UNITS[unit] ?? unit;
}
