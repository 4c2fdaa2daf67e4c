import type { Condition } from './condition.js';
import type { AlertRule } from './rule.js';

/** What has to be known of a rule to go on with it. It can be written down as JSON and read back. */
export interface RuleState {
  /** The last turn that was judged, or that it begins after. */
  readonly turn: number;
  /** Whether the condition was true at the last turn at which it could be told; CROSSES: false. */
  readonly isTrue: boolean;
  /** CROSSES: on which side of the level the last value was that was on one; 0 before there was any. */
  readonly side: -1 | 0 | 1;
  /** `observedAt` of the last firing, milliseconds since 1970; null before the first. */
  readonly firedAt: number | null;
}

/** A rule that begins after a turn: it is not true. */
export function begun(afterTurn: number): RuleState {
  return { turn: afterTurn, isTrue: false, side: 0, firedAt: null };
}

/** Says at which turns a rule fires. The turns come in order, each once. */
export class Judgement {
  readonly #rule: Pick<AlertRule, 'condition' | 'cooldown'>;
  #turn: number;
  #isTrue: boolean;
  #side: -1 | 0 | 1;
  #firedAt: number | null;

  /** @param state what the rule has come to so far */
  constructor(rule: Pick<AlertRule, 'condition' | 'cooldown'>, state: RuleState) {
    this.#rule = rule;
    this.#turn = state.turn;
    this.#isTrue = state.isTrue;
    this.#side = state.side;
    this.#firedAt = state.firedAt;
  }

  get state(): RuleState {
    return { turn: this.#turn, isTrue: this.#isTrue, side: this.#side, firedAt: this.#firedAt };
  }

  /** Whether it has come to what a state says, at whatever turn. */
  isAt({ isTrue, side, firedAt }: Omit<RuleState, 'turn'>): boolean {
    return this.#isTrue === isTrue && this.#side === side && this.#firedAt === firedAt;
  }

  /**
   * Whether it fires at the next turn.
   * @param observedAt milliseconds since 1970
   * @param value of the line; NaN where it has none: then nothing changes
   * @param earlier MOVES: the value at the turn that it looks back to (`look-back.ts`); NaN where there is none
   */
  take(turn: number, observedAt: number, value: number, earlier = NaN): boolean {
    if (turn <= this.#turn) throw new RangeError(`turn ${turn} comes after turn ${this.#turn}`);
    this.#turn = turn;
    const { condition, cooldown } = this.#rule;
    const isEdge =
      condition.kind === 'CROSSES'
        ? this.#crosses(value, condition.level)
        : this.#becomesTrue(isMet(condition, value, earlier));
    if (!isEdge) return false;
    const firedAt = this.#firedAt;
    if (firedAt !== null && Math.abs(observedAt - firedAt) < cooldown) return false;
    this.#firedAt = observedAt;
    return true;
  }

  #becomesTrue(isTrue: boolean | null): boolean {
    if (isTrue === null) return false;
    const wasTrue = this.#isTrue;
    this.#isTrue = isTrue;
    return isTrue && !wasTrue;
  }

  /** A value that is the level itself is on neither side. */
  #crosses(value: number, level: number): boolean {
    const side = value > level ? 1 : value < level ? -1 : 0;
    if (side === 0) return false;
    const before = this.#side;
    this.#side = side;
    return before === -side;
  }
}

type ToldByTruth = Exclude<Condition, { readonly kind: 'CROSSES' }>;

/** Whether a condition on a single turn is true; null where that cannot be told. */
function isMet(condition: ToldByTruth, value: number, earlier: number): boolean | null {
  if (Number.isNaN(value)) return null;
  switch (condition.kind) {
    case 'ABOVE':
      return value > condition.level;
    case 'BELOW':
      return value < condition.level;
    case 'MOVES': {
      const ratio = value / earlier;
      // NaN where there is nothing to hold it against.
      if (earlier === 0 || !(ratio >= 0)) return null;
      return Math.abs(100 * (ratio - 1)) >= condition.percent;
    }
  }
}
