import type { Cycle } from '../domain/cycle.js';
import type { Logger } from '../log.js';
import { isSame, unseen, type CycleIdentity } from '../history/cycle-identity.js';
import { isReadable, type StoredCycle, type UnreadableCycle } from '../history/stored-cycle.js';

/** A cycle that is not in the database yet, and the one that it was built upon. */
export interface BacklogEntry {
  readonly cycle: Cycle;
  /** Null for a first one. */
  readonly after: CycleIdentity | null;
}

/** What is found under a turn of the backlog; GONE where it is no longer there. */
export type FoundEntry = BacklogEntry | UnreadableCycle | 'GONE';

/** A cycle could not be added to the backlog: the disk is full, or the folder takes no files. */
export class BacklogError extends Error {
  override readonly name = 'BacklogError';
}

/** Where the backlog is on disk, by turn. */
export interface BacklogStore {
  /** The turns that are kept, ascending. */
  turns(): Promise<number[]>;
  /**
   * Keeps a cycle; it is on disk once this resolves.
   * @throws {BacklogError}
   */
  add(entry: BacklogEntry): Promise<void>;
  /** Unreadable where it is not what this program writes. */
  read(turn: number): Promise<FoundEntry>;
  remove(turn: number): Promise<void>;
  /** Puts one where it is kept for people to look at. @returns that folder */
  reject(turn: number, why: string): Promise<string>;
  /** Whether one of that turn was put there. */
  wasRejected(turn: number): Promise<boolean>;
}

interface BacklogOptions {
  readonly store: BacklogStore;
  readonly log: Logger;
  /** Cycles that an earlier process has left elsewhere, in which a damaged one may be found. */
  readonly leftCycles?: () => Promise<readonly Cycle[]>;
}

/**
 * The cycles that were committed while the database was away: on disk, in order, each under its own
 * turn, until they are replayed into the database.
 */
export class Backlog {
  readonly #options: BacklogOptions;
  readonly #left = new Map<number, Cycle>();
  #isOpen = false;
  #turns: number[] = [];
  #rejected: { count: number; folder: string; why: string } | null = null;

  constructor(options: BacklogOptions) {
    this.#options = options;
  }

  /** The turns that are kept, ascending. */
  get turns(): readonly number[] {
    return this.#turns;
  }

  /** How many cycles the database did not take since the start. */
  get rejectedCount(): number {
    return this.#rejected?.count ?? 0;
  }

  /** What an operator should know, in words. */
  get warnings(): string[] {
    const warnings: string[] = [];
    if (this.#turns.length > 0) {
      warnings.push(
        `${this.#turns.length} cycles are kept in DATA_DIR until the database takes them.`,
      );
    }
    if (this.#rejected) {
      const { count, folder, why } = this.#rejected;
      warnings.push(
        `${count} cycles were pushed and could not be stored: ${why}. They are kept in ${folder}.`,
      );
    }
    return warnings;
  }

  /** Looks at what is kept, by this process or by one before it. */
  async open(): Promise<void> {
    this.#turns = await this.#options.store.turns();
    if (this.#isOpen) return;
    this.#isOpen = true;
    // This process writes its own there before it comes to a damaged one.
    for (const cycle of (await this.#options.leftCycles?.()) ?? []) {
      this.#left.set(cycle.turn, cycle);
    }
  }

  /**
   * Commits a cycle; it is on disk once this resolves.
   * @throws {BacklogError}
   */
  async append(entry: BacklogEntry): Promise<void> {
    const { turn } = entry.cycle;
    await this.#options.store.add(entry);
    if (this.#turns.length === 0) {
      this.#options.log.warn(
        { turn },
        'the database is away: cycles are kept in DATA_DIR until it is back',
      );
    }
    this.#turns.push(turn);
  }

  /** A cycle that is kept; null where it is not, or no longer. */
  async read(turn: number): Promise<StoredCycle | null> {
    const entry = this.#turns.includes(turn) ? await this.find(turn) : 'GONE';
    if (entry === 'GONE') return null;
    return isReadable(entry) ? entry.cycle : entry;
  }

  /** What is kept under a turn; where that is damaged, the same cycle from wherever it is whole. */
  async find(turn: number): Promise<FoundEntry> {
    const { store } = this.#options;
    const entry = await store.read(turn);
    const left = this.#left.get(turn);
    if (entry === 'GONE' || isReadable(entry) || !left) return entry;
    const [next] = this.#turns.filter((kept) => kept > turn);
    const following = next === undefined ? 'GONE' : await store.read(next);
    // Another one with its turn would cost those that were built upon the one that is kept.
    const isOther =
      following !== 'GONE' &&
      isReadable(following) &&
      following.after?.turn === turn &&
      !isSame(following.after, left);
    if (isOther) return entry;
    const { previousTurn } = left;
    return { cycle: left, after: previousTurn === null ? null : unseen(previousTurn) };
  }

  async remove(turn: number): Promise<void> {
    await this.#options.store.remove(turn);
    this.#forget(turn);
  }

  /** Deletes what is kept, up to a turn. */
  async drop(throughTurn = Infinity): Promise<void> {
    for (const turn of this.#turns.filter((kept) => kept <= throughTurn)) await this.remove(turn);
  }

  /** Puts one where it is kept for people to look at. @returns that folder */
  async reject(turn: number, why: string): Promise<string> {
    const folder = await this.#options.store.reject(turn, why);
    this.#forget(turn);
    return folder;
  }

  /** Has operators know that cycles were rejected which the database does not have. */
  warnOfRejected(count: number, folder: string, why: string): void {
    this.#rejected = { count: this.rejectedCount + count, folder, why };
  }

  /** Whether a cycle of that turn was ever rejected. */
  wasRejected(turn: number): Promise<boolean> {
    return this.#options.store.wasRejected(turn);
  }

  #forget(turn: number): void {
    this.#turns = this.#turns.filter((kept) => kept !== turn);
  }
}
