import { LRUCache } from 'lru-cache';
import type { Member } from './member.js';
import type { SharedMessages } from './shared-messages.js';

/** How many stretches are kept for those who come to the same turn later. */
const KEPT_STRETCHES = 8;

/** Members that stand at the same turn and are sent together what they have missed. */
export class Cohort {
  /** The turn that they stand at. */
  turn: number;
  readonly members = new Set<Member>();

  constructor(turn: number) {
    this.turn = turn;
  }

  /** Whether anybody is left in it, once those who are gone are taken out. */
  get isOpen(): boolean {
    for (const member of this.members) {
      if (member.isOpen) return true;
      this.members.delete(member);
    }
    return false;
  }
}

/** What follows a turn: as much as is sent in one go. */
export interface Stretch {
  readonly messages: SharedMessages;
  /** Whether it is no longer once more is stored. */
  readonly isFull: boolean;
  /** See {@link StorageMarks.epoch}: under another one it is not what is stored. */
  readonly epoch: string;
}

/** Those of a group that are not live yet, by the turn that they stand at. */
export class Cohorts {
  readonly #cohorts = new Map<number, Cohort>();
  readonly #stretches = new LRUCache<number, Stretch>({ max: KEPT_STRETCHES });

  /**
   * Adds a member to those who stand at its turn.
   * @returns the cohort where it is a new one
   */
  add(member: Member): Cohort | null {
    const known = this.#cohorts.get(member.last);
    if (known) {
      known.members.add(member);
      return null;
    }
    const cohort = new Cohort(member.last);
    cohort.members.add(member);
    this.#cohorts.set(cohort.turn, cohort);
    return cohort;
  }

  /**
   * Moves a cohort to the turn that its members have got to.
   * @returns false where others stand there: they go on as one
   */
  move(cohort: Cohort, turn: number): boolean {
    this.remove(cohort);
    const others = this.#cohorts.get(turn);
    if (others) {
      for (const member of cohort.members) others.members.add(member);
      return false;
    }
    cohort.turn = turn;
    this.#cohorts.set(turn, cohort);
    return true;
  }

  remove(cohort: Cohort): void {
    if (this.#cohorts.get(cohort.turn) === cohort) this.#cohorts.delete(cohort.turn);
  }

  /** What was kept of what follows a turn. */
  stretchAfter(turn: number): Stretch | undefined {
    return this.#stretches.get(turn);
  }

  keep(turn: number, stretch: Stretch): void {
    this.#stretches.set(turn, stretch);
  }

  /** Keeps nothing for nobody. */
  tidy(): void {
    if (this.#cohorts.size === 0) this.#stretches.clear();
  }
}
