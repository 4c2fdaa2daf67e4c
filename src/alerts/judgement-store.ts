import type { RuleState } from '../domain/alerts/judgement.js';
import type { Firing } from './firing-store.js';

/** What a rule has come to at a turn. */
export interface KeptState extends Omit<RuleState, 'turn'> {
  readonly rule: string;
  readonly version: number;
}

/**
 * What came of the rules at a turn: the commit of its firings. There is none for a turn at which nothing
 * changed.
 */
export interface JudgedTurn {
  readonly turn: number;
  /** The id of the cycle that was judged: another may come to be stored in its place. */
  readonly cycle: string;
  /** Of the rules that changed; where it is whole, of all of them. */
  readonly states: readonly KeptState[];
  readonly isWhole: boolean;
  readonly firings: readonly Firing[];
  /** The firings of the turns up to this one were surely stored and passed on. */
  readonly confirmedThrough: number;
}

/** Tells what came of a turn from what came of another cycle that had the same turn. */
export type JudgedCycle = Pick<JudgedTurn, 'turn' | 'cycle'>;

export interface JudgedTurnsFound {
  /** In order: from a whole one on, if there is any, to one that cannot be read. */
  readonly turns: readonly JudgedTurn[];
  /** That one, and those after it. */
  readonly rest: readonly JudgedCycle[];
}

/**
 * The judged turns. Every method throws {@link DatabaseUnavailableError} while the database is away.
 */
export interface JudgementStore {
  all(): Promise<JudgedTurnsFound>;
  /**
   * Stores turns durably, in order.
   * @param writer names who writes; no two are the same
   * @returns how many of them, from the first on, stand now: the next one was judged by another
   */
  add(turns: readonly JudgedTurn[], writer: string): Promise<number>;
  /** Removes these and no others, whatever has come to stand in their place. */
  remove(turns: readonly JudgedCycle[]): Promise<void>;
  /** Removes those before a turn: nobody needs them any longer. */
  removeBefore(turn: number): Promise<void>;
}
