import type { Condition } from '../../src/domain/alerts/condition.js';
import type { RuleVersion } from '../../src/domain/alerts/rule.js';

/** A line at one turn; null where it has no value. */
export interface WatchedTurn {
  readonly turn: number;
  readonly observedAt: number;
  readonly value: number | null;
}

export interface DefinedFiring extends WatchedTurn {
  readonly version: number;
}

/**
 * At which turns a rule fires, from the definition's words: plain loops over whole lists, looking back as far
 * as need be at every turn.
 * @param versions in order
 * @param turnsOf all stored turns in order, with the values of a version's line
 */
export function definedFirings(
  versions: readonly RuleVersion[],
  turnsOf: (version: RuleVersion) => readonly WatchedTurn[],
): readonly DefinedFiring[] {
  const firings: DefinedFiring[] = [];
  versions.forEach((version, place) => {
    if (!version.isEnabled) return;
    const begin = beginOf(versions, place);
    const turns = turnsOf(version);
    const since = (versions[begin] as RuleVersion).afterTurn;
    const until = versions[place + 1]?.afterTurn ?? Infinity;
    for (let at = 0; at < turns.length; at++) {
      const { turn, observedAt } = turns[at] as WatchedTurn;
      if (turn <= version.afterTurn || turn > until) continue;
      if (!isEdge(version.condition, turns, at, since)) continue;
      const last = firings.findLast(
        (firing) => firing.version >= version.version - (place - begin),
      );
      if (last && Math.abs(observedAt - last.observedAt) < version.cooldown) continue;
      firings.push({ ...(turns[at] as WatchedTurn), version: version.version });
    }
  });
  return firings;
}

/** The first version that has the same truth as one, by place. */
function beginOf(versions: readonly RuleVersion[], place: number): number {
  let begin = place;
  const told = (at: number) => {
    const { line, condition } = versions[at] as RuleVersion;
    return JSON.stringify([line, condition]);
  };
  while (begin > 0 && versions[begin - 1]?.isEnabled && told(begin - 1) === told(place)) begin--;
  return begin;
}

function isEdge(
  condition: Condition,
  turns: readonly WatchedTurn[],
  at: number,
  since: number,
): boolean {
  const before = turns.slice(0, at).filter(({ turn }) => turn > since);
  if (condition.kind === 'CROSSES') {
    const { level } = condition;
    const sides = before.filter(({ value }) => value !== null && value !== level);
    const [last, { value }] = [sides.at(-1), turns[at] as WatchedTurn];
    if (!last || value === null || value === level) return false;
    return Math.sign(value - level) !== Math.sign((last.value as number) - level);
  }
  if (truthAt(condition, turns, at) !== true) return false;
  for (let earlier = at - 1; (turns[earlier]?.turn ?? -1) > since; earlier--) {
    const truth = truthAt(condition, turns, earlier);
    if (truth !== null) return !truth;
  }
  return true;
}

function truthAt(
  condition: Exclude<Condition, { readonly kind: 'CROSSES' }>,
  turns: readonly WatchedTurn[],
  at: number,
): boolean | null {
  const { value: v, observedAt } = turns[at] as WatchedTurn;
  if (v === null) return null;
  if (condition.kind !== 'MOVES') {
    return condition.kind === 'ABOVE' ? v > condition.level : v < condition.level;
  }
  const { within, percent } = condition;
  const u = turns.slice(0, at).findLast((turn) => turn.observedAt <= observedAt - within);
  if (!u || observedAt - u.observedAt > 2 * within) return null;
  const w = u.value;
  if (w === null || w === 0 || v / w < 0) return null;
  return Math.abs(100 * (v / w - 1)) >= percent;
}
