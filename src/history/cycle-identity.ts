import type { Cycle } from '../domain/cycle.js';

/** Tells a cycle from any other with the same turn. Times are milliseconds since 1970. */
export type CycleIdentity = Pick<Cycle, 'turn' | 'startedAt' | 'completedAt'>;

/** What the next kept cycle must have been built upon. */
export interface Link {
  /** The cycle before it, null for none. */
  readonly last: CycleIdentity | null;
  /** Those since then that are lost: it may be built upon one of them. */
  readonly lost: readonly number[];
}

/** What is known of a cycle that could not be read: its turn alone. */
export function unseen(turn: number): CycleIdentity {
  return { turn, startedAt: NaN, completedAt: NaN };
}

/** Whether a cycle that was built upon `after` may come next. */
export function follows(after: CycleIdentity | null, { last, lost }: Link): boolean {
  return isSame(after, last) || (after !== null && lost.includes(after.turn));
}

/** Of one that could not be read, the turn alone tells. */
export function isSame(a: CycleIdentity | null, b: CycleIdentity | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.turn !== b.turn) return false;
  if (Number.isNaN(a.startedAt) || Number.isNaN(b.startedAt)) return true;
  return a.startedAt === b.startedAt && a.completedAt === b.completedAt;
}
