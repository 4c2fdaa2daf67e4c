import type { Cycle, CycleFigures } from '../domain/cycle.js';
import { History } from '../history/history.js';
import { unlessAway } from '../history/database-unavailable.js';
import { type CycleStore, type TurnSpan } from '../history/cycle-store.js';
import { type TurnControl } from './control-store.js';
import { lastReadable } from '../history/last-readable.js';
import { AnnouncedTurns } from './announced-turns.js';
import { followTurns, type NextOf } from './follow-turns.js';
import { HistoryRemovedError } from './history-removed.js';
import { RecentCycles } from './recent-cycles.js';
import { Rewinds, type Rewind } from './rewinds.js';
import { StorageMarks } from './storage-marks.js';
import type { Pace } from '../scheduling/slices.js';
import { SharedRead } from '../async/shared-read.js';
import { Signal } from '../async/signal.js';
import {
  isReadable,
  MissingCycle,
  type FollowedTurn,
  type StoredCycle,
  type StoredFigures,
} from '../history/stored-cycle.js';

/**
 * The newest durable cycles, and word that there is another, which is only a turn's number:
 * whoever follows reads the cycles themselves, in order, from memory or the store, at its own pace.
 * So a slow follower holds nothing up and misses nothing.
 */
export class CycleFeed {
  readonly #store: CycleStore;
  readonly #history: History;
  readonly #span: SharedRead<TurnSpan | null>;
  readonly #recent = new RecentCycles();
  readonly #announced = new AnnouncedTurns();
  readonly #rewinds = new Rewinds<Rewind>();
  readonly #changed = new Signal();
  readonly #listeners: ((figures: StoredFigures) => void)[] = [];
  readonly #marks = new StorageMarks();
  #latestTurn = 0;

  constructor(store: CycleStore) {
    this.#store = store;
    this.#history = new History(store);
    this.#span = new SharedRead(() => store.span());
  }

  /** The newest announced turn; 0 before the first. */
  get latestTurn(): number {
    return this.#latestTurn;
  }

  /** What the stored cycles are known by: the same on every instance, and another once they change. */
  get state(): string {
    const turn = this.#latestTurn;
    return `${turn} ${this.#announced.ids.get(turn) ?? ''} ${this.#marks.toString()}`;
  }

  /** See {@link StorageMarks.epoch}. */
  get epoch(): string {
    return this.#marks.epoch;
  }

  /** See {@link StorageMarks.rangeEpoch}. */
  get rangeEpoch(): string {
    return this.#marks.rangeEpoch;
  }

  /** The newest announced cycle, where it is in memory. */
  get newest(): CycleFigures | null {
    return this.#recent.get(this.#latestTurn);
  }

  /** The newest announced cycle before a turn, where it is in memory. */
  newestBefore(turn: number): CycleFigures | null {
    const before = [...this.#announced.ids.keys()].filter((each) => each < turn);
    return this.#recent.get(before.at(-1) ?? 0);
  }

  /** Makes a durable turn known. One that is known already is only remembered. */
  announce(figures: StoredFigures): void {
    const { turn } = figures;
    if (isReadable(figures)) this.#recent.add(figures);
    if (turn <= this.#latestTurn) return;
    if (isReadable(figures)) this.#marks.observe(figures.cycle.frame.observedAt);
    this.#latestTurn = turn;
    this.#announced.add(turn, this.#store.idOf(isReadable(figures) ? figures.cycle : figures));
    this.#changed.fire();
    for (const listener of this.#listeners) listener(figures);
  }

  /** Calls back at each turn that is announced from now on. */
  onTurn(listener: (figures: StoredFigures) => void): void {
    this.#listeners.push(listener);
  }

  /** What the newest turns were announced as, in order: see {@link CycleStore.idOf}. */
  get announced(): ReadonlyMap<number, string> {
    return this.#announced.ids;
  }

  /** Goes back to an earlier turn: those after it turned out not to be stored as they were announced. */
  rewind(rewind: Rewind): void {
    this.#latestTurn = Math.min(this.#latestTurn, rewind.goesOnAfter);
    this.#announced.goBack(rewind.stands);
    this.#marks.countRewind();
    this.forget();
    this.#rewinds.emit(rewind);
  }

  /** Calls back, in the same moment, when turns are taken back. */
  onRewind(listener: (rewind: Rewind) => void): () => void {
    return this.#rewinds.on(listener);
  }

  /** Forgets what is in memory, so that it is read from the store again. */
  forget(): void {
    this.#recent.clear();
    this.#history.forget();
  }

  /** The first turn that is shown; before it may be one that others are derived from. */
  get visibleFrom(): number {
    return this.#marks.visibleFrom;
  }

  /** Forgets what a purge or a reset of the caches, by whatever instance, has made void. */
  apply(control: Omit<TurnControl, 'strategy' | 'droppedThrough'>): void {
    const isReset = this.#marks.apply(control);
    this.#store.hideBefore(control.visibleFrom);
    if (isReset || this.#latestTurn <= control.purgedThrough) this.forget();
  }

  /** The first and the last stored turn, null where nothing is stored. */
  async span(): Promise<TurnSpan | null> {
    const span = await this.#span.get();
    if (!span) return null;
    // What the database said before it went away may have been purged since.
    const oldest = Math.max(span.oldest, this.#marks.purgedThrough + 1);
    const latest = Math.min(span.latest, this.#latestTurn);
    return oldest > latest ? null : { oldest, latest };
  }

  /** The figures of the stored turns among these, null for each that is not stored, in the order given. */
  async load(turns: readonly number[], pace?: Pace): Promise<(StoredFigures | null)[]> {
    const found = new Map<number, StoredFigures>();
    const missing: number[] = [];
    for (const turn of new Set(turns)) {
      // One that is just being stored may be there already, and yet be lost.
      if (turn > this.#latestTurn) continue;
      const recent = this.#recent.get(turn);
      const known = recent ? null : await this.#history.known(turn);
      if (recent) found.set(turn, recent);
      else if (known) found.set(turn, this.#recent.derive(known));
      else missing.push(turn);
    }
    if (missing.length > 0) {
      for (const cycle of await this.#store.byTurns(missing, pace)) {
        found.set(cycle.turn, this.#recent.derive(cycle));
      }
    }
    return turns.map((turn) => found.get(turn) ?? null);
  }

  /** The figures of a cycle that was just read, with what memory has derived of it already. */
  figuresOf(cycle: Cycle): CycleFigures;
  figuresOf(cycle: StoredCycle): StoredFigures;
  figuresOf(cycle: StoredCycle): StoredFigures {
    if (!isReadable(cycle)) return cycle;
    const recent = this.#recent.get(cycle.turn);
    return recent?.cycle.startedAt === cycle.startedAt ? recent : this.#recent.derive(cycle);
  }

  /** The newest cycle that is announced, and still stored; null where there is none. */
  async latest(): Promise<StoredFigures | null> {
    const recent = this.#recent.get(this.#latestTurn);
    if (recent) return recent;
    const beforeTurn = this.#latestTurn + 1;
    const [cycle] = await this.#store.range({ beforeTurn, order: 'NEWEST_FIRST', limit: 1 });
    return cycle ? this.figuresOf(cycle) : null;
  }

  /** The newest stored cycle before a turn that was observed at a moment or earlier; null for none. */
  async lastObservedBy(
    until: number,
    beforeTurn: number,
    pace?: Pace,
  ): Promise<StoredFigures | null> {
    const range = { beforeTurn, to: until + 1, order: 'NEWEST_FIRST', limit: 1 } as const;
    const [cycle] = await this.#store.range({ ...range, ...(pace && { pace }) });
    return cycle ? this.figuresOf(cycle) : null;
  }

  /** The newest stored cycle that can be read, or null where there is none. */
  async latestReadable(): Promise<CycleFigures | null> {
    const latest = await this.latest();
    if (latest === null || isReadable(latest)) return latest;
    const cycle = await lastReadable(this.#store);
    return cycle && this.figuresOf(cycle);
  }

  /**
   * Every stored turn after one, in order, and then each new one once it is durable; ends when the
   * signal is aborted. One that cannot be read, or is missing, is given as that. Where turns are taken
   * back, those that are stored in their place follow.
   */
  follow(afterTurn: number, signal: AbortSignal): AsyncGenerator<FollowedTurn, void, void> {
    return this.followAs(afterTurn, signal, (turn) => this.next(turn));
  }

  /** The same in another form: see {@link followTurns}. */
  followAs<T extends { readonly turn: number }>(
    afterTurn: number,
    signal: AbortSignal,
    nextOf: NextOf<T>,
  ): AsyncGenerator<T, void, void> {
    return followTurns(this, this.#changed, afterTurn, signal, nextOf);
  }

  /**
   * The first stored turn after one, or null where there is none; a missing one where that builds
   * upon it.
   * @throws {HistoryRemovedError} where those between were removed for their age
   */
  async next(afterTurn: number): Promise<FollowedTurn | null> {
    const recent = this.#recent.get(afterTurn + 1);
    if (recent) return recent;
    const cycle = await this.#nextStored(afterTurn);
    if (cycle === null || !isReadable(cycle)) return cycle;
    // After a purge there is no turn before: nothing is missing then.
    if (cycle.previousTurn !== null && cycle.previousTurn > afterTurn) {
      const span = await this.#span.get();
      // What is removed for its age leaves nothing before it.
      if (span && span.oldest < cycle.turn) {
        return new MissingCycle(cycle.previousTurn, cycle.turn);
      }
      throw new HistoryRemovedError(`the cycles after turn ${afterTurn} are no longer kept`);
    }
    return this.figuresOf(cycle);
  }

  #nextStored(afterTurn: number): Promise<StoredCycle | null> {
    return unlessAway(this.#history.next(afterTurn), async (outage) => {
      // A page of them takes the database; the next one alone may be in the backlog.
      const [kept] = await this.#store.byTurns([afterTurn + 1]);
      if (!kept) throw outage;
      return kept;
    });
  }
}
