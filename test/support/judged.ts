import fc from 'fast-check';
import { withinOf, type Condition } from '../../src/domain/alerts/condition.js';
import { begun, Judgement, type RuleState } from '../../src/domain/alerts/judgement.js';
import { LookBack } from '../../src/domain/alerts/look-back.js';
import { stateOfNext, type RuleVersion } from '../../src/domain/alerts/rule.js';
import type { Line } from '../../src/domain/series/line.js';
import { SECOND } from '../../src/domain/series/span.js';
import type { WatchedTurn } from './defined-firings.js';

export const LINE: Line = { kind: 'STRATEGY', figure: 'QUANT' };
export const ABOVE_10: Condition = { kind: 'ABOVE', level: 10 };

/** Turns a second apart, from turn 1 on. */
export function turnsOf(
  values: readonly (number | null)[],
  times?: readonly number[],
): WatchedTurn[] {
  return values.map((value, at) => ({
    turn: at + 1,
    observedAt: (times?.[at] ?? at) * SECOND,
    value,
  }));
}

/** At which turns versions fire, each state written down and read back where `isKept` says so. */
export function fired(
  versions: readonly RuleVersion[],
  turns: readonly WatchedTurn[],
  isKept: (turn: number) => boolean = () => false,
): number[] {
  const firings: number[] = [];
  let state = begun((versions[0] as RuleVersion).afterTurn);
  versions.forEach((version, place) => {
    const before = versions[place - 1];
    if (before) state = stateOfNext(before, state, version);
    const within = withinOf(version.condition);
    const lookBack = within === null ? null : new LookBack(within);
    let judgement = new Judgement(version, state);
    for (const { turn, observedAt, value } of turns) {
      const isOwn =
        turn > version.afterTurn && turn <= (versions[place + 1]?.afterTurn ?? Infinity);
      if (version.isEnabled && isOwn) {
        const earlier = lookBack?.markAt(observedAt);
        if (judgement.take(turn, observedAt, value ?? NaN, earlier)) firings.push(turn);
        state = judgement.state;
        if (isKept(turn))
          judgement = new Judgement(version, JSON.parse(JSON.stringify(state)) as RuleState);
      }
      lookBack?.add(observedAt, value ?? NaN);
    }
  });
  return firings;
}

export function version(part: Partial<RuleVersion>): RuleVersion {
  const rule = { line: LINE, condition: ABOVE_10, cooldown: 0 };
  return { ...rule, version: 1, isEnabled: true, afterTurn: 0, ...part };
}

/** Steps of the clock: mostly on, some of them back, far, or to nowhere. */
export const aStep = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 1, max: 4_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: -40_000, max: 200_000 }) },
);
