import type { Cycle } from '../domain/cycle.js';
import type { Pace } from '../scheduling/slices.js';
import type { OnlyCopies } from './blocks/only-copies.js';
import type { ManifestEntry } from './blocks/manifest.js';
import { BlockTurns } from './block-turns.js';
import type { CycleRange, CycleStore, TurnSpan } from './cycle-store.js';
import { isReadable, type StoredCycle } from './stored-cycle.js';
import type { TurnDocuments } from './turn-documents.js';

/** A document that is younger was not removed, milliseconds: a day at least has to pass. */
const SURELY_KEPT_MS = 60 * 60_000;
const LAST = Number.MAX_SAFE_INTEGER;

interface Parts {
  readonly documents: CycleStore;
  readonly copies: OnlyCopies;
  /** The turns of both. */
  readonly turns: Pick<TurnDocuments, 'count'>;
  /** Makes documents again of the cycles of a block. */
  readonly putBack: (entry: ManifestEntry) => Promise<void>;
}

/**
 * One reader over the documents and the blocks whose documents were removed. Documents are read first,
 * then it is looked which blocks are the only copies: a block is before any of its documents is removed,
 * so that no turn is missing in both, whatever is removed meanwhile.
 */
export class CyclesWithBlocks implements CycleStore {
  readonly #parts: Parts;
  readonly #blockTurns: BlockTurns;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#blockTurns = new BlockTurns(parts.copies);
  }

  async latest(): Promise<StoredCycle | null> {
    const [cycle] = await this.range({ order: 'NEWEST_FIRST', limit: 1 });
    return cycle ?? null;
  }

  async byTurns(turns: readonly number[], pace?: Pace): Promise<StoredCycle[]> {
    const found = await this.#parts.documents.byTurns(turns, pace);
    // What is left of a document that was removed may be damaged.
    const sound = found.filter(isReadable);
    const there = new Set(sound.map(({ turn }) => turn));
    const others = await this.#ofBlocks(
      turns.filter((turn) => !there.has(turn)),
      pace,
    );
    if (others.length === 0) return found;
    const inBlocks = new Set(others.map(({ turn }) => turn));
    return [...found.filter(({ turn }) => !inBlocks.has(turn)), ...others];
  }

  async range(range: CycleRange): Promise<StoredCycle[]> {
    const found = await this.#parts.documents.range(range);
    const { order, limit, pace } = range;
    const isFull = found.length >= limit;
    const end = found.at(-1)?.turn;
    const asked = {
      ...range,
      first: Math.max(
        1,
        (range.afterTurn ?? 0) + 1,
        isFull && order === 'NEWEST_FIRST' ? (end ?? 1) : 1,
      ),
      last: Math.min(
        (range.beforeTurn ?? LAST) - 1,
        isFull && order === 'OLDEST_FIRST' ? (end ?? LAST) : LAST,
      ),
    };
    if (found.length === asked.last - asked.first + 1 && found.every(isReadable)) return found;
    const turns = await this.#blockTurns.within(asked);
    if (turns.length === 0) return found;
    const sound = found.filter((cycle) => isReadable(cycle) || !turns.includes(cycle.turn));
    const there = new Set(sound.map(({ turn }) => turn));
    const inOrder = order === 'NEWEST_FIRST' ? descending : ascending;
    const wanted = [...there, ...turns.filter((turn) => !there.has(turn))]
      .sort(inOrder)
      .slice(0, limit);
    const others = await this.#ofBlocks(
      wanted.filter((turn) => !there.has(turn)),
      pace,
    );
    const all = new Map([...sound, ...others].map((cycle) => [cycle.turn, cycle]));
    return wanted.map((turn) => all.get(turn)).filter((cycle) => cycle !== undefined);
  }

  /** Those of some turns that blocks have. */
  async #ofBlocks(turns: readonly number[], pace?: Pace): Promise<StoredCycle[]> {
    if (turns.length === 0) return [];
    const { copies } = this.#parts;
    const found: StoredCycle[] = [];
    for (const entry of await copies.within(leastOf(turns), mostOf(turns))) {
      const asked = turns.filter((turn) => turn >= entry.firstTurn && turn <= entry.lastTurn);
      if (asked.length > 0) found.push(...(await copies.cycles(entry, asked, pace)));
    }
    return found;
  }

  async span(): Promise<TurnSpan | null> {
    const found = await this.#parts.documents.span();
    const ends = await this.#blockTurns.ends();
    if (!found || !ends) return found ?? ends;
    return {
      oldest: Math.min(found.oldest, ends.oldest),
      latest: Math.max(found.latest, ends.latest),
    };
  }

  count(): Promise<number> {
    return this.#parts.turns.count(0, LAST);
  }

  async save(cycle: Cycle): Promise<'SAVED' | 'TURN_TAKEN'> {
    const [standing] = await this.#standing([cycle]);
    if (standing === undefined) return this.#parts.documents.save(cycle);
    return standing === this.idOf(cycle) ? 'SAVED' : 'TURN_TAKEN';
  }

  async saveAll(cycles: readonly Cycle[]): Promise<number> {
    const standing = await this.#standing(cycles);
    let done = 0;
    while (done < cycles.length) {
      const id = standing[done];
      if (id !== undefined) {
        if (id !== this.idOf(cycles[done] as Cycle)) break;
        done++;
        continue;
      }
      const next = standing.findIndex((each, at) => at > done && each !== undefined);
      const some = cycles.slice(done, next === -1 ? cycles.length : next);
      const stored = await this.#parts.documents.saveAll(some);
      done += stored;
      if (stored < some.length) break;
    }
    return done;
  }

  /**
   * What has the turns of cycles in blocks, where no document keeps them from being used again:
   * {@link idOf} of each.
   */
  async #standing(cycles: readonly Cycle[]): Promise<(string | undefined)[]> {
    const now = Date.now();
    const old = cycles.filter(({ completedAt }) => !(Math.abs(now - completedAt) < SURELY_KEPT_MS));
    const ids = await this.#idsOfBlocks(old.map(({ turn }) => turn));
    return cycles.map(({ turn }) => ids.get(turn));
  }

  idOf(cycle: StoredCycle): string {
    return this.#parts.copies.idOf(cycle) ?? this.#parts.documents.idOf(cycle);
  }

  async ids(
    turns: readonly number[],
    options?: { readonly isConfirmed: boolean },
  ): Promise<ReadonlyMap<number, string>> {
    const found = await this.#parts.documents.ids(turns, options);
    const others = await this.#idsOfBlocks(turns.filter((turn) => !found.has(turn)));
    return others.size === 0 ? found : new Map([...found, ...others]);
  }

  async #idsOfBlocks(turns: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const found = new Map<number, string>();
    if (turns.length === 0) return found;
    const { copies } = this.#parts;
    for (const entry of await copies.within(leastOf(turns), mostOf(turns))) {
      const asked = turns.filter((turn) => turn >= entry.firstTurn && turn <= entry.lastTurn);
      if (asked.length === 0) continue;
      const ids = await copies.ids(entry);
      const { turns: there } = await copies.times(entry);
      // Of one that is damaged nobody knows which cycle it is; its turn is used all the same.
      for (const turn of asked) if (there.includes(turn)) found.set(turn, ids.get(turn) ?? '');
    }
    return found;
  }

  async confirmed(cycles: readonly StoredCycle[]): Promise<StoredCycle[]> {
    // Of a block only what a majority has is read.
    const isOfBlock = (cycle: StoredCycle) => this.#parts.copies.idOf(cycle) !== undefined;
    const others = cycles.filter((cycle) => !isOfBlock(cycle));
    const durable = others.length > 0 ? await this.#parts.documents.confirmed(others) : [];
    return cycles.filter((cycle) => isOfBlock(cycle) || durable.includes(cycle));
  }

  async remove(turn: number): Promise<void> {
    const { documents, copies, putBack } = this.#parts;
    for (const entry of await copies.within(turn, turn)) await putBack(entry);
    await documents.remove(turn);
  }

  async removeThrough(turn: number): Promise<number> {
    const { documents, copies, turns, putBack } = this.#parts;
    const entries = await copies.within(1, turn);
    const count = entries.length > 0 ? await turns.count(1, turn) : 0;
    for (const entry of entries) if (entry.lastTurn > turn) await putBack(entry);
    const removed = await documents.removeThrough(turn);
    return Math.max(count, removed);
  }

  async removeOldest(beforeTurn: number, limit: number): Promise<number> {
    const { documents, copies } = this.#parts;
    const inBlocks = await copies.countBefore(beforeTurn);
    return inBlocks + (await documents.removeOldest(beforeTurn, limit));
  }

  hideBefore(turn: number): void {
    // The one before is what the first one that is shown is derived from.
    this.#parts.copies.hideBefore(turn - 1);
    this.#blockTurns.hideBefore(turn);
    this.#parts.documents.hideBefore(turn);
  }
}

const ascending = (a: number, b: number): number => a - b;
const descending = (a: number, b: number): number => b - a;

function leastOf(turns: readonly number[]): number {
  return turns.reduce((a, b) => Math.min(a, b));
}

function mostOf(turns: readonly number[]): number {
  return turns.reduce((a, b) => Math.max(a, b));
}
