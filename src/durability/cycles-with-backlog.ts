import type { Cycle } from '../domain/cycle.js';
import type { Damage } from '../history/damage.js';
import { unlessAway } from '../history/database-unavailable.js';
import { type CycleRange, type CycleStore, type TurnSpan } from '../history/cycle-store.js';
import type { Pace } from '../scheduling/slices.js';
import type { Backlog } from './backlog.js';
import { isReadable, type StoredCycle } from '../history/stored-cycle.js';

/**
 * One reader over the stored cycles and the backlog, which follows them. While the database is away,
 * what the backlog alone can answer is answered all the same.
 */
export class CyclesWithBacklog implements CycleStore {
  readonly #stored: CycleStore;
  readonly #backlog: Backlog;
  readonly #damage: Damage;
  /** As the database last had it; undefined before it was asked. */
  #lastSpan: TurnSpan | null | undefined;

  constructor(stored: CycleStore, backlog: Backlog, damage: Damage) {
    this.#stored = stored;
    this.#backlog = backlog;
    this.#damage = damage;
  }

  async latest(): Promise<StoredCycle | null> {
    const [cycle] = await this.range({ order: 'NEWEST_FIRST', limit: 1 });
    return cycle ?? null;
  }

  async byTurns(turns: readonly number[], pace?: Pace): Promise<StoredCycle[]> {
    return this.#reporting(await this.#byTurns(turns, pace));
  }

  async range(range: CycleRange): Promise<StoredCycle[]> {
    return this.#reporting(await this.#range(range));
  }

  async #byTurns(turns: readonly number[], pace?: Pace): Promise<StoredCycle[]> {
    const following = new Set(await this.#following());
    if (following.size === 0) return this.#stored.byTurns(turns, pace);
    const kept: StoredCycle[] = [];
    const others: number[] = [];
    for (const turn of turns) {
      const cycle = following.has(turn) ? await this.#backlog.read(turn) : null;
      if (cycle) kept.push(cycle);
      else others.push(turn);
    }
    return others.length === 0 ? kept : [...kept, ...(await this.#stored.byTurns(others, pace))];
  }

  async #range(range: CycleRange): Promise<StoredCycle[]> {
    const turns = await this.#following();
    const [first] = turns;
    if (first === undefined) return this.#stored.range(range);
    const before = { ...range, beforeTurn: Math.min(range.beforeTurn ?? Infinity, first) };
    // Read in the order asked for: what is replayed between the two parts is then found in one of them.
    if (range.order === 'NEWEST_FIRST') {
      const kept = await this.#kept(range, turns);
      const limit = range.limit - kept.length;
      return limit === 0 ? kept : [...kept, ...(await this.#stored.range({ ...before, limit }))];
    }
    const isAllKept = (range.afterTurn ?? 0) >= first - 1;
    const stored = isAllKept ? [] : await this.#stored.range(before);
    const limit = range.limit - stored.length;
    return limit === 0 ? stored : [...stored, ...(await this.#kept({ ...range, limit }, turns))];
  }

  async span(): Promise<TurnSpan | null> {
    const stored = await this.#storedSpan();
    const [first, ...others] = await this.#following();
    const last = others.at(-1) ?? first;
    if (first === undefined || last === undefined) return stored;
    return { oldest: stored?.oldest ?? first, latest: last };
  }

  async count(): Promise<number> {
    return (await this.#stored.count()) + this.#backlog.turns.length;
  }

  async save(cycle: Cycle): Promise<'SAVED' | 'TURN_TAKEN'> {
    const outcome = await this.#stored.save(cycle);
    const { turn } = cycle;
    if (outcome === 'SAVED')
      this.#lastSpan = { oldest: this.#lastSpan?.oldest ?? turn, latest: turn };
    return outcome;
  }

  saveAll(cycles: readonly Cycle[]): Promise<number> {
    return this.#stored.saveAll(cycles);
  }

  async confirmed(cycles: readonly StoredCycle[]): Promise<StoredCycle[]> {
    const kept = new Set(this.#backlog.turns);
    const stored = cycles.filter(({ turn }) => !kept.has(turn));
    const confirmed = stored.length > 0 ? await this.#stored.confirmed(stored) : [];
    return cycles.filter((cycle) => kept.has(cycle.turn) || confirmed.includes(cycle));
  }

  idOf(cycle: StoredCycle): string {
    return this.#stored.idOf(cycle);
  }

  async ids(
    turns: readonly number[],
    options?: { readonly isConfirmed: boolean },
  ): Promise<ReadonlyMap<number, string>> {
    const found = new Map<number, string>();
    for (const turn of turns) {
      const kept = await this.#backlog.read(turn);
      if (kept) found.set(turn, this.idOf(kept));
    }
    const others = turns.filter((turn) => !found.has(turn));
    if (others.length === 0) return found;
    return new Map([...found, ...(await this.#stored.ids(others, options))]);
  }

  remove(turn: number): Promise<void> {
    this.#damage.clearCycle(turn);
    return this.#stored.remove(turn);
  }

  async removeThrough(turn: number): Promise<number> {
    const kept = this.#backlog.turns.filter((each) => each <= turn).length;
    await this.#backlog.drop(turn);
    const removed = await this.#stored.removeThrough(turn);
    this.#noneBefore(turn + 1);
    return kept + removed;
  }

  removeOldest(beforeTurn: number, limit: number): Promise<number> {
    return this.#stored.removeOldest(beforeTurn, limit);
  }

  hideBefore(turn: number): void {
    this.#stored.hideBefore(turn);
    this.#noneBefore(turn);
  }

  /** What is known of the database holds no turn before one any more. */
  #noneBefore(turn: number): void {
    this.#damage.clearCyclesBefore(turn);
    const span = this.#lastSpan;
    if (!span || span.oldest >= turn) return;
    this.#lastSpan = span.latest < turn ? null : { ...span, oldest: turn };
  }

  /** Reports those that cannot be read, and no longer those that can be again. */
  #reporting(cycles: StoredCycle[]): StoredCycle[] {
    for (const cycle of cycles) {
      if (isReadable(cycle)) this.#damage.clearCycle(cycle.turn);
      else this.#damage.reportCycle(cycle);
    }
    return cycles;
  }

  /** Those of a range among turns of the backlog. */
  async #kept(
    { afterTurn, beforeTurn, from, to, order, limit }: CycleRange,
    turns: readonly number[],
  ): Promise<StoredCycle[]> {
    const asked = turns.filter(
      (turn) => turn > (afterTurn ?? 0) && turn < (beforeTurn ?? Infinity),
    );
    if (order === 'NEWEST_FIRST') asked.reverse();
    const found: StoredCycle[] = [];
    for (const turn of asked) {
      if (found.length === limit) break;
      const [cycle] = await this.#byTurns([turn]);
      if (cycle && (!isReadable(cycle) || isWithin(cycle, { from, to }))) found.push(cycle);
    }
    return found;
  }

  /**
   * Those that are kept and follow the stored ones, as they are now: meanwhile some may be stored, and
   * are read from there. A file that a stopped process has left, or that is no cycle, may have the
   * turn of a stored one.
   */
  async #following(): Promise<number[]> {
    const turns = [...this.#backlog.turns];
    if (turns.length === 0) return turns;
    const stored = await unlessAway(this.#storedSpan(), () => null);
    return turns.filter((turn) => turn > (stored?.latest ?? 0));
  }

  /** As it is, or as it was when the database was last asked. */
  #storedSpan(): Promise<TurnSpan | null> {
    const ask = async () => (this.#lastSpan = await this.#stored.span());
    return unlessAway(ask(), (outage) => {
      if (this.#lastSpan === undefined) throw outage;
      return this.#lastSpan;
    });
  }
}

function isWithin(
  { frame: { observedAt } }: Cycle,
  { from, to }: { from: number | undefined; to: number | undefined },
): boolean {
  return observedAt >= (from ?? -Infinity) && observedAt < (to ?? Infinity);
}
