import type { Cycle } from '../domain/cycle.js';
import type { Logger } from '../log.js';
import type { CycleStore } from './ports.js';
import { isReadable, type StoredCycle } from './stored-cycle.js';

/** Tells a cycle from any other with the same turn. Times are milliseconds since 1970. */
export type CycleIdentity = Pick<Cycle, 'turn' | 'startedAt' | 'completedAt'>;

/** A cycle that is not in the database yet, and the one that it was built upon. */
export interface SpooledCycle {
  readonly cycle: Cycle;
  /** Null for a first one. */
  readonly after: CycleIdentity | null;
}

/** A cycle could not be kept aside: the disk is full, or the folder takes no files. */
export class SpoolError extends Error {
  override readonly name = 'SpoolError';
}

/** Where cycles are kept aside, by turn. */
export interface SpoolFolder {
  /** The turns that are kept, ascending. */
  turns(): Promise<number[]>;
  /**
   * Keeps a cycle; it is on disk once this resolves.
   * @throws {SpoolError}
   */
  add(entry: SpooledCycle): Promise<void>;
  /** GONE where it is no longer there, DAMAGED where it is not what was written. */
  read(turn: number): Promise<SpooledCycle | 'GONE' | 'DAMAGED'>;
  remove(turn: number): Promise<void>;
  /** Puts one where it is kept for people to look at. @returns that folder */
  reject(turn: number): Promise<string>;
}

/** How many cycles are stored in one step: the database waits for its disk once for all of them. */
const STORED_AT_ONCE = 32;

/** Why cycles that were kept aside cannot be stored. */
type Misfit = 'TURN_TAKEN' | 'PURGED' | 'OTHER_HISTORY' | 'DAMAGED';

const MISFIT_WORDS: Readonly<Record<Misfit, string>> = {
  TURN_TAKEN: 'another instance has stored their turns meanwhile',
  PURGED: 'the cycles before them were purged meanwhile',
  OTHER_HISTORY: 'the database does not hold the cycle that they follow',
  DAMAGED: 'a file is damaged, and the cycles after it build upon it',
};

/**
 * Cycles that were completed while the database was away. They keep their turns, are stored in order
 * once the database is back, and each of them once. Those that no longer fit are set aside for
 * people, never renumbered.
 */
export class Spool {
  readonly #folder: SpoolFolder;
  readonly #cycles: CycleStore;
  readonly #log: Logger;
  #turns: number[] = [];
  #rejected: { count: number; folder: string; why: string } | null = null;

  /** @param cycles where they belong */
  constructor(folder: SpoolFolder, cycles: CycleStore, log: Logger) {
    this.#folder = folder;
    this.#cycles = cycles;
    this.#log = log;
  }

  /** The turns that are kept, ascending. */
  get turns(): readonly number[] {
    return this.#turns;
  }

  /** How many cycles could not be stored since the start. */
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
    this.#turns = await this.#folder.turns();
  }

  /**
   * Keeps a cycle aside; it is on disk once this resolves.
   * @throws {SpoolError}
   */
  async keep(entry: SpooledCycle): Promise<void> {
    const { turn } = entry.cycle;
    await this.#folder.add(entry);
    if (this.#turns.length === 0) {
      this.#log.warn(
        { turn },
        'the database is away: cycles are kept in DATA_DIR until it is back',
      );
    }
    this.#turns.push(turn);
  }

  /** A cycle that is kept; null where it is not, or no longer. */
  async read(turn: number): Promise<Cycle | null> {
    const entry = this.#turns.includes(turn) ? await this.#folder.read(turn) : 'GONE';
    return typeof entry === 'string' ? null : entry.cycle;
  }

  /** Whether a turn that is kept is in the database: stored by another instance, or by ourselves. */
  async isOvertaken(): Promise<boolean> {
    const [first] = this.#turns;
    return first !== undefined && (await this.#cycles.byTurns([first])).length > 0;
  }

  /**
   * Stores what is kept, in order, for so long.
   * @returns MORE where that was not enough; REJECTED where what is left does not fit the database
   */
  async drain(purgedThrough: number, forMs: number): Promise<'EMPTY' | 'MORE' | 'REJECTED'> {
    const until = performance.now() + forMs;
    const count = this.#turns.length;
    /** The last one that was stored: the next must follow it. */
    let last: CycleIdentity | null = null;
    while (this.#turns.length > 0) {
      if (last && performance.now() > until) return 'MORE';
      const { cycles, misfit } = await this.#fitting(last, purgedThrough);
      const saved = await this.#cycles.saveAll(cycles);
      for (const { turn } of cycles.slice(0, saved)) await this.#remove(turn);
      if (saved < cycles.length) return this.#rejectAll('TURN_TAKEN');
      if (misfit) return this.#rejectAll(misfit);
      last = cycles.at(-1) ?? last;
    }
    if (count > 0) this.#log.info({ cycles: count, turn: last?.turn }, 'what was kept is stored');
    return 'EMPTY';
  }

  /** Deletes what is kept. @returns the last turn of it, null where there was none */
  async drop(throughTurn = Infinity): Promise<number | null> {
    let last: number | null = null;
    for (const turn of this.#turns.filter((kept) => kept <= throughTurn)) {
      await this.#remove(turn);
      last = turn;
    }
    return last;
  }

  async #remove(turn: number): Promise<void> {
    await this.#folder.remove(turn);
    this.#turns = this.#turns.filter((kept) => kept !== turn);
  }

  /** The next few cycles that each follow the one before, and what is wrong with the one after them. */
  async #fitting(
    before: CycleIdentity | null,
    purgedThrough: number,
  ): Promise<{ cycles: Cycle[]; misfit: Misfit | null }> {
    const cycles: Cycle[] = [];
    let last = before;
    for (const turn of this.#turns.slice(0, STORED_AT_ONCE)) {
      const entry = await this.#folder.read(turn);
      if (entry === 'DAMAGED') return { cycles, misfit: entry };
      if (entry === 'GONE') {
        await this.#remove(turn);
        continue;
      }
      const { cycle, after } = entry;
      if (purgedThrough >= (after?.turn ?? turn)) return { cycles, misfit: 'PURGED' };
      last ??= await this.#before(turn, after);
      if (!isSame(after, last)) return { cycles, misfit: 'OTHER_HISTORY' };
      cycles.push(cycle);
      last = cycle;
    }
    return { cycles, misfit: null };
  }

  /** The stored cycle that one must have been built upon; one that cannot be read is believed. */
  async #before(turn: number, after: CycleIdentity | null): Promise<CycleIdentity | null> {
    if (after) {
      const [stored] = await this.#cycles.byTurns([after.turn]);
      return stored && !isReadable(stored) ? after : (stored ?? null);
    }
    const [stored] = await this.#cycles.range({
      beforeTurn: turn,
      order: 'NEWEST_FIRST',
      limit: 1,
    });
    return stored ? identityOf(stored) : null;
  }

  async #rejectAll(misfit: Misfit): Promise<'REJECTED'> {
    const turns = [...this.#turns];
    let folder = '';
    for (const turn of turns) folder = await this.#folder.reject(turn);
    this.#turns = [];
    const why = MISFIT_WORDS[misfit];
    this.#rejected = { count: this.rejectedCount + turns.length, folder, why };
    this.#log.error({ code: misfit, turns, folder }, `cycles could not be stored: ${why}`);
    return 'REJECTED';
  }
}

/** Of one that cannot be read only the turn is known. */
function identityOf(stored: StoredCycle): CycleIdentity {
  return isReadable(stored) ? stored : { turn: stored.turn, startedAt: NaN, completedAt: NaN };
}

function isSame(a: CycleIdentity | null, b: CycleIdentity | null): boolean {
  if (a === null || b === null) return a === b;
  return a.turn === b.turn && a.startedAt === b.startedAt && a.completedAt === b.completedAt;
}
