import { withinOf } from '../domain/alerts/condition.js';
import { begun, Judgement } from '../domain/alerts/judgement.js';
import { LookBack } from '../domain/alerts/look-back.js';
import type { AlertRule } from '../domain/alerts/rule.js';

/** How many firings are told: the newest. */
export const MOST_FIRINGS = 1_000;

/** A turn at which a rule fires. */
export interface Firing {
  readonly turn: number;
  /** Milliseconds since 1970. */
  readonly observedAt: number;
  /** Of the line. */
  readonly value: number;
}

/** One version of a rule, as it is judged turn by turn, with what it looks back to. */
export class RuleRun {
  #lookBack: LookBack | null;
  #total = 0;
  /** The last ones, and some before them. */
  readonly #firings: Firing[] = [];
  readonly #judgement: Judgement;

  /**
   * @param afterTurn the turn that it begins after
   * @param since see {@link LookBack}
   */
  constructor(rule: AlertRule, afterTurn: number, since: number) {
    const within = withinOf(rule.condition);
    this.#lookBack = within === null ? null : new LookBack(within, since);
    this.#judgement = new Judgement(rule, begun(afterTurn));
  }

  get total(): number {
    return this.#total;
  }

  /** The newest, at most {@link MOST_FIRINGS}, newest last. */
  get firings(): readonly Firing[] {
    return this.#firings.slice(-MOST_FIRINGS);
  }

  /** Whether what it looks back to from a moment was given to it: the clock may have gone back too far. */
  canTell(observedAt: number): boolean {
    return this.#lookBack?.canTell(observedAt) ?? true;
  }

  /** Looks back to other turns from now on. */
  lookBackTo(lookBack: LookBack): void {
    this.#lookBack = lookBack;
  }

  /** A turn before it begins, which it may look back to. */
  see(observedAt: number, value: number): void {
    this.#lookBack?.add(observedAt, value);
  }

  take(turn: number, observedAt: number, value: number): void {
    const earlier = this.#lookBack?.markAt(observedAt);
    if (this.#judgement.take(turn, observedAt, value, earlier)) {
      this.#total++;
      this.#firings.push({ turn, observedAt, value });
      if (this.#firings.length === 2 * MOST_FIRINGS) this.#firings.splice(0, MOST_FIRINGS);
    }
    this.#lookBack?.add(observedAt, value);
  }
}
