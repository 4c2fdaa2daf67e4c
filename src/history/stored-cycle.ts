import type { Cycle, CycleFigures } from '../domain/cycle.js';

/** A turn that is stored, and whose cycle cannot be read: it is damaged, or of an unknown version. */
export class UnreadableCycle extends Error {
  override readonly name = 'UnreadableCycle';

  /** @param why what is wrong with it, in words */
  constructor(
    readonly turn: number,
    why: string,
  ) {
    super(`the cycle of turn ${turn} cannot be read: ${why}`);
  }
}

/** A turn that is not stored, although a stored one builds upon it, and earlier ones are stored too. */
export class MissingCycle extends Error {
  override readonly name = 'MissingCycle';

  /** @param nextTurn the stored one that builds upon it */
  constructor(
    readonly turn: number,
    readonly nextTurn: number,
  ) {
    super(`the cycle of turn ${turn}, upon which turn ${nextTurn} builds, is not stored any more`);
  }
}

/** What is found under a turn. */
export type StoredCycle = Cycle | UnreadableCycle;

/** The same, with what is derived from it. */
export type StoredFigures = CycleFigures | UnreadableCycle;

/** What whoever follows the turns is given for one of them. */
export type FollowedTurn = StoredFigures | MissingCycle;

export function isReadable<T>(stored: T): stored is Exclude<T, Error> {
  return !(stored instanceof Error);
}

/** @throws {UnreadableCycle | MissingCycle} where it is one */
export function readable<T>(stored: T): Exclude<T, Error> {
  if (isReadable(stored)) return stored;
  throw stored as Error;
}

/** The first turn that is needed to hold a turn against the one before: turns may be missing between them. */
export function turnBuiltUpon(stored: StoredCycle): number {
  return isReadable(stored) ? (stored.previousTurn ?? stored.turn) : stored.turn - 1;
}

/** Whether a cycle was built upon one that is purged; of one that cannot be read, nobody knows. */
export function isBuiltOnPurged(stored: StoredCycle, purgedThrough: number): boolean {
  return isReadable(stored) && stored.previousTurn !== null && stored.previousTurn <= purgedThrough;
}
