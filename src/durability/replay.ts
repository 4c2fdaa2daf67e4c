import type { Cycle } from '../domain/cycle.js';
import type { Logger } from '../log.js';
import { follows, unseen, type CycleIdentity, type Link } from '../history/cycle-identity.js';
import { CycleRefusedError, type CycleStore } from '../history/cycle-store.js';
import { isReadable, type UnreadableCycle } from '../history/stored-cycle.js';
import type { Backlog } from './backlog.js';

interface ReplayOptions {
  readonly backlog: Backlog;
  /** Where the cycles belong: the database alone. */
  readonly cycles: Pick<CycleStore, 'byTurns' | 'range' | 'saveAll'>;
  readonly log: Logger;
  /** Sees to it that a turn which was pushed, and is lost, is not used again. */
  readonly markLost?: (turn: number) => Promise<void>;
}

/** MORE where the time was too short; REJECTED where what was left does not fit the database. */
type ReplayOutcome = 'EMPTY' | 'MORE' | 'REJECTED';

/** A damaged file whose name is of a turn farther ahead than that is not taken at its word. */
const FARTHEST_AHEAD = 100_000;
/** How many cycles are stored in one step: the database waits for its disk once for all of them. */
const STORED_AT_ONCE = 32;

/** Why cycles of the backlog cannot be stored. */
type Misfit = 'TURN_TAKEN' | 'PURGED' | 'OTHER_HISTORY';

const MISFIT_WORDS: Readonly<Record<Misfit, string>> = {
  TURN_TAKEN: 'another instance has stored their turns meanwhile',
  PURGED: 'the cycles before them were purged meanwhile',
  OTHER_HISTORY: 'the database does not hold the cycle that they follow',
};

/**
 * Brings the backlog into the database: in order, under the turns that were pushed, and each cycle
 * once. Those that do not fit what is stored are rejected, never renumbered. One that cannot be read
 * costs only itself.
 */
export class Replay {
  readonly #options: ReplayOptions;
  #lostThrough = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  /** The highest turn that was pushed and is lost, 0 if none: it is not used again. */
  get lostThrough(): number {
    return this.#lostThrough;
  }

  /** Whether the database has come as far as the backlog, by another instance or by ourselves. */
  async isOvertaken(): Promise<boolean> {
    const { backlog, cycles } = this.#options;
    const [first] = backlog.turns;
    if (first === undefined) return false;
    const [latest] = await cycles.range({ order: 'NEWEST_FIRST', limit: 1 });
    return latest !== undefined && latest.turn >= first;
  }

  /** Stores what is kept, in order, for so long. */
  async run(purgedThrough: number, forMs: number): Promise<ReplayOutcome> {
    const until = performance.now() + forMs;
    const { backlog, log } = this.#options;
    const count = backlog.turns.length;
    /** Null before the first one that was stored. */
    let link: Link | null = null;
    while (backlog.turns.length > 0) {
      if (link && performance.now() > until) return 'MORE';
      const fitting = await this.#fitting(link, purgedThrough);
      const { saved, refusal } = await this.#save(fitting.cycles);
      for (const { turn } of fitting.cycles.slice(0, saved)) await backlog.remove(turn);
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

  /** The next few cycles that each follow the one before, and what is wrong with the one after them. */
  async #fitting(
    before: Link | null,
    purgedThrough: number,
  ): Promise<{ cycles: Cycle[]; misfit: Misfit | null; link: Link | null }> {
    const { backlog } = this.#options;
    const cycles: Cycle[] = [];
    let link = before;
    for (const turn of backlog.turns.slice(0, STORED_AT_ONCE)) {
      const entry = await backlog.find(turn);
      if (entry === 'GONE') {
        await backlog.remove(turn);
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

  /** Goes past a cycle that cannot be stored for itself: it is rejected. */
  async #pass(
    { turn, message }: UnreadableCycle | CycleRefusedError,
    before: Link | null,
    purgedThrough: number,
  ): Promise<Link> {
    const { backlog, cycles, log } = this.#options;
    const [stored] = await cycles.byTurns([turn]);
    const link = before ?? { last: await this.#storedBefore(turn), lost: [] };
    if (!stored) await this.#lose(turn, Math.max(link.last?.turn ?? 0, purgedThrough));
    log.error({ code: 'DAMAGED', turn }, message);
    const folder = await backlog.reject(turn, message);
    if (stored) return { last: isReadable(stored) ? stored : unseen(turn), lost: [] };
    const why = 'they are damaged or of another version, or the database refuses them';
    backlog.warnOfRejected(1, folder, why);
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
    const { cycles, backlog } = this.#options;
    const [stored] = await cycles.byTurns([after.turn]);
    if (stored) return { last: isReadable(stored) ? stored : unseen(after.turn), lost: [] };
    const isLost = await backlog.wasRejected(after.turn);
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
    const { backlog, log } = this.#options;
    const turns = [...backlog.turns];
    const why = MISFIT_WORDS[misfit];
    let folder = '';
    for (const turn of turns) folder = await backlog.reject(turn, why);
    backlog.warnOfRejected(turns.length, folder, why);
    log.error({ code: misfit, turns, folder }, `cycles could not be stored: ${why}`);
    return 'REJECTED';
  }
}
