import type { Cycle } from '../domain/cycle.js';
import type { Logger } from '../log.js';
import {
  follows,
  isSame,
  unseen,
  type CycleIdentity,
  type Link,
} from '../history/cycle-identity.js';
import { CycleRefusedError, type CycleStore } from '../history/cycle-store.js';
import { isReadable, type StoredCycle, type UnreadableCycle } from '../history/stored-cycle.js';

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
  /** GONE where it is no longer there; unreadable where it is not what this program writes. */
  read(turn: number): Promise<SpooledCycle | UnreadableCycle | 'GONE'>;
  remove(turn: number): Promise<void>;
  /** Puts one where it is kept for people to look at. @returns that folder */
  reject(turn: number, why: string): Promise<string>;
  /** Whether one of that turn was put there. */
  wasRejected(turn: number): Promise<boolean>;
}

/** What a spool stands on. */
export interface SpoolOptions {
  readonly folder: SpoolFolder;
  /** Where the cycles belong. */
  readonly cycles: Pick<CycleStore, 'byTurns' | 'range' | 'saveAll'>;
  readonly log: Logger;
  /** Cycles that an earlier process has left elsewhere, in which a damaged one may be found. */
  readonly leftCycles?: () => Promise<readonly Cycle[]>;
  /** Sees to it that a turn which was pushed, and is lost, is not used again. */
  readonly markLost?: (turn: number) => Promise<void>;
}

/** A damaged file whose name is of a turn farther ahead than that is not taken at its word. */
const FARTHEST_AHEAD = 100_000;
/** How many cycles are stored in one step: the database waits for its disk once for all of them. */
const STORED_AT_ONCE = 32;

/** Why cycles that were kept aside cannot be stored. */
type Misfit = 'TURN_TAKEN' | 'PURGED' | 'OTHER_HISTORY';

const MISFIT_WORDS: Readonly<Record<Misfit, string>> = {
  TURN_TAKEN: 'another instance has stored their turns meanwhile',
  PURGED: 'the cycles before them were purged meanwhile',
  OTHER_HISTORY: 'the database does not hold the cycle that they follow',
};

/**
 * Cycles that were completed while the database was away. They keep their turns, are stored in order
 * once the database is back, and each of them once. Those that no longer fit are set aside for
 * people, never renumbered. One that cannot be read costs only itself.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #left = new Map<number, Cycle>();
  #isOpen = false;
  #turns: number[] = [];
  #lostThrough = 0;
  #rejected: { count: number; folder: string; why: string } | null = null;

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  /** The turns that are kept, ascending. */
  get turns(): readonly number[] {
    return this.#turns;
  }

  /** The highest turn that was pushed and is lost, 0 if none: it is not used again. */
  get lostThrough(): number {
    return this.#lostThrough;
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
    this.#turns = await this.#options.folder.turns();
    if (this.#isOpen) return;
    this.#isOpen = true;
    // This process writes its own there before it comes to a damaged one.
    for (const cycle of (await this.#options.leftCycles?.()) ?? []) {
      this.#left.set(cycle.turn, cycle);
    }
  }

  /**
   * Keeps a cycle aside; it is on disk once this resolves.
   * @throws {SpoolError}
   */
  async keep(entry: SpooledCycle): Promise<void> {
    const { turn } = entry.cycle;
    await this.#options.folder.add(entry);
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
    const entry = this.#turns.includes(turn) ? await this.#find(turn) : 'GONE';
    if (entry === 'GONE') return null;
    return isReadable(entry) ? entry.cycle : entry;
  }

  /** Whether a turn that is kept is in the database: stored by another instance, or by ourselves. */
  async isOvertaken(): Promise<boolean> {
    const [first] = this.#turns;
    return first !== undefined && (await this.#options.cycles.byTurns([first])).length > 0;
  }

  /**
   * Stores what is kept, in order, for so long.
   * @returns MORE where that was not enough; REJECTED where what is left does not fit the database
   */
  async drain(purgedThrough: number, forMs: number): Promise<'EMPTY' | 'MORE' | 'REJECTED'> {
    const until = performance.now() + forMs;
    const { log } = this.#options;
    const count = this.#turns.length;
    /** Null before the first one that was stored. */
    let link: Link | null = null;
    while (this.#turns.length > 0) {
      if (link && performance.now() > until) return 'MORE';
      const fitting = await this.#fitting(link, purgedThrough);
      const { saved, refusal } = await this.#save(fitting.cycles);
      for (const { turn } of fitting.cycles.slice(0, saved)) await this.#remove(turn);
      if (refusal) {
        const last = fitting.cycles[saved - 1] ?? link?.last ?? null;
        link = await this.#pass(refusal, { last, lost: link?.lost ?? [] }, purgedThrough);
        continue;
      }
      if (saved < fitting.cycles.length) return this.#rejectAll('TURN_TAKEN');
      if (fitting.misfit) return this.#rejectAll(fitting.misfit);
      link = fitting.link;
    }
    if (count > 0) log.info({ cycles: count, turn: link?.last?.turn }, 'what was kept is stored');
    return 'EMPTY';
  }

  /** @returns how many were stored, and why the next one is not, where it is refused for itself */
  async #save(cycles: readonly Cycle[]): Promise<{ saved: number; refusal?: CycleRefusedError }> {
    try {
      return { saved: await this.#options.cycles.saveAll(cycles) };
    } catch (error) {
      if (!(error instanceof CycleRefusedError)) throw error;
      return { saved: cycles.findIndex(({ turn }) => turn === error.turn), refusal: error };
    }
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
    await this.#options.folder.remove(turn);
    this.#turns = this.#turns.filter((kept) => kept !== turn);
  }

  /** The next few cycles that each follow the one before, and what is wrong with the one after them. */
  async #fitting(
    before: Link | null,
    purgedThrough: number,
  ): Promise<{ cycles: Cycle[]; misfit: Misfit | null; link: Link | null }> {
    const cycles: Cycle[] = [];
    let link = before;
    for (const turn of this.#turns.slice(0, STORED_AT_ONCE)) {
      const entry = await this.#find(turn);
      if (entry === 'GONE') {
        await this.#remove(turn);
        continue;
      }
      if (!isReadable(entry)) {
        link = await this.#pass(entry, link, purgedThrough);
        continue;
      }
      const { cycle, after } = entry;
      if (purgedThrough >= (after?.turn ?? turn)) return { cycles, misfit: 'PURGED', link };
      link ??= await this.#before(turn, after);
      if (!follows(after, link)) return { cycles, misfit: 'OTHER_HISTORY', link };
      cycles.push(cycle);
      link = { last: cycle, lost: [] };
    }
    return { cycles, misfit: null, link };
  }

  /** A kept cycle; one that is damaged from wherever else it is found whole. */
  async #find(turn: number): Promise<SpooledCycle | UnreadableCycle | 'GONE'> {
    const { folder } = this.#options;
    const entry = await folder.read(turn);
    const left = this.#left.get(turn);
    if (entry === 'GONE' || isReadable(entry) || !left) return entry;
    const [next] = this.#turns.filter((kept) => kept > turn);
    const following = next === undefined ? 'GONE' : await folder.read(next);
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

  /** Goes past a cycle that cannot be stored for itself: it is set aside. */
  async #pass(
    { turn, message }: UnreadableCycle | CycleRefusedError,
    before: Link | null,
    purgedThrough: number,
  ): Promise<Link> {
    const { folder, cycles, log } = this.#options;
    const [stored] = await cycles.byTurns([turn]);
    const link = before ?? { last: await this.#storedBefore(turn), lost: [] };
    if (!stored) await this.#lose(turn, Math.max(link.last?.turn ?? 0, purgedThrough));
    log.error({ code: 'DAMAGED', turn }, message);
    const place = await folder.reject(turn, message);
    this.#turns = this.#turns.filter((kept) => kept !== turn);
    if (stored) return { last: isReadable(stored) ? stored : unseen(turn), lost: [] };
    const why = 'they are damaged or of another version, or the database refuses them';
    this.#rejected = { count: this.rejectedCount + 1, folder: place, why };
    return { ...link, lost: [...link.lost, turn] };
  }

  /** Done before anything else, so that also after a failure its number is not used again. */
  async #lose(turn: number, reached: number): Promise<void> {
    if (turn > reached + FARTHEST_AHEAD) return;
    await this.#options.markLost?.(turn);
    this.#lostThrough = Math.max(this.#lostThrough, turn);
  }

  /** What the first kept cycle must have been built upon. */
  async #before(turn: number, after: CycleIdentity | null): Promise<Link> {
    if (!after) return { last: await this.#storedBefore(turn), lost: [] };
    const { cycles, folder } = this.#options;
    const [stored] = await cycles.byTurns([after.turn]);
    if (stored) return { last: isReadable(stored) ? stored : unseen(after.turn), lost: [] };
    const isLost = await folder.wasRejected(after.turn);
    return { last: await this.#storedBefore(turn), lost: isLost ? [after.turn] : [] };
  }

  async #storedBefore(turn: number): Promise<CycleIdentity | null> {
    const [stored] = await this.#options.cycles.range({
      beforeTurn: turn,
      order: 'NEWEST_FIRST',
      limit: 1,
    });
    if (!stored) return null;
    return isReadable(stored) ? stored : unseen(stored.turn);
  }

  async #rejectAll(misfit: Misfit): Promise<'REJECTED'> {
    const { folder: kept, log } = this.#options;
    const turns = [...this.#turns];
    const why = MISFIT_WORDS[misfit];
    let folder = '';
    for (const turn of turns) folder = await kept.reject(turn, why);
    this.#turns = [];
    this.#rejected = { count: this.rejectedCount + turns.length, folder, why };
    log.error({ code: misfit, turns, folder }, `cycles could not be stored: ${why}`);
    return 'REJECTED';
  }
}
