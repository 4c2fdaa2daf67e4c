import { LRUCache } from 'lru-cache';
import { firstPace, type Pace } from '../../scheduling/slices.js';
import { placeOfTurn } from '../chunk-places.js';
import type { CycleAge } from '../cycle-store.js';
import type { Damage } from '../damage.js';
import { UnreadableCycle, type StoredCycle } from '../stored-cycle.js';
import { RECORDS, turnsOf, unpackTurns, type Columns } from './block.js';
import type { BlockStore } from './block-store.js';
import { BlockFault } from './bytes.js';
import { unpackIds } from './ids.js';
import type { ManifestEntry } from './manifest.js';
import { openBlock, readParts } from './open-block.js';
import { columnOf, unpackNumbers } from './records.js';
import type { SealedBlocks } from './sealed-blocks.js';
import { readWindow, windowOf } from './window.js';

/** What is kept of blocks that were read, and of how many. */
const KEPT_TURNS = 64;
const KEPT_WINDOWS = 8;
const KEPT_AGES = 4;

/** Turns of a block in order, and when they were observed: NaN where that is not known. */
interface TurnTimes {
  readonly turns: Float64Array;
  readonly observedAt: Float64Array;
}

/** The same of a whole block, and how many of its cycles are made at a time. */
interface BlockTimes extends TurnTimes {
  readonly window: number;
}

interface OnlyCopiesOptions {
  readonly blocks: Pick<BlockStore, 'heads' | 'read'>;
  readonly sealed: Pick<SealedBlocks, 'onlyCopies' | 'isThere'>;
  readonly damage: Pick<Damage, 'report'>;
}

/**
 * The cycles of the blocks whose documents were removed. What is damaged of a block costs its own turns:
 * none of them is missing, each is one that cannot be read.
 */
export class OnlyCopies {
  readonly #options: OnlyCopiesOptions;
  readonly #ids = new WeakMap<StoredCycle, string>();
  /** By the name of the seal. */
  readonly #times = new LRUCache<string, BlockTimes>({ max: KEPT_TURNS });
  readonly #ages = new LRUCache<string, readonly CycleAge[]>({ max: KEPT_AGES });
  readonly #windows = new LRUCache<string, readonly StoredCycle[]>({ max: KEPT_WINDOWS });
  #hiddenBefore = 1;

  constructor(options: OnlyCopiesOptions) {
    this.#options = options;
  }

  /** Turns before this one are not found any more. */
  hideBefore(turn: number): void {
    this.#hiddenBefore = turn;
  }

  /** The blocks with turns from one to another, in order, as they are in this moment. */
  within(first: number, last: number): Promise<readonly ManifestEntry[]> {
    return this.#options.sealed.onlyCopies(Math.max(first, this.#hiddenBefore), last);
  }

  /** How many cycles there are in the blocks with no other turns than such as are before one, shown or not. */
  async countBefore(turn: number): Promise<number> {
    const entries = await this.#options.sealed.onlyCopies(1, turn - 1);
    const whole = entries.filter(({ block }) => turnsOf(block).last < turn);
    return whole.reduce((sum, { turns }) => sum + turns, 0);
  }

  /** The turns of a block from one to another. */
  async times(entry: ManifestEntry, first = 1, last = Infinity): Promise<TurnTimes> {
    const { turns, observedAt } = await this.#allTimes(entry);
    const from = Math.max(first, this.#hiddenBefore);
    if (from <= entry.firstTurn && last >= entry.lastTurn) return { turns, observedAt };
    const places = [placeOfTurn(turns, from), placeOfTurn(turns, last + 1)];
    return { turns: turns.slice(...places), observedAt: observedAt.slice(...places) };
  }

  /** How many turns a block has from one to another. */
  async count(entry: ManifestEntry, first: number, last: number): Promise<number> {
    const isWhole =
      Math.max(first, this.#hiddenBefore) <= entry.firstTurn && last >= entry.lastTurn;
    return isWhole ? entry.turns : (await this.times(entry, first, last)).turns.length;
  }

  /** Those of some turns that a block has, in the order of turns. */
  async cycles(
    entry: ManifestEntry,
    asked: Iterable<number>,
    pace: Pace = firstPace(),
  ): Promise<StoredCycle[]> {
    const wanted = new Set(asked);
    const { turns, window } = await this.#allTimes(entry);
    const places = [...turns.keys()].filter((at) => {
      const turn = turns[at] as number;
      return turn >= this.#hiddenBefore && wanted.has(turn);
    });
    const found: StoredCycle[] = [];
    try {
      for (const at of places) {
        const start = at - (at % window);
        const cycles = await this.#window(entry, start, window, pace);
        found.push(cycles[at - start] as StoredCycle);
      }
      return found;
    } catch (error) {
      const words = await this.#wordsOf(entry, error);
      if (words === null) return [];
      return places.map((at) => this.#unreadable(entry, turns[at] as number, words));
    }
  }

  /** The id of a cycle that was read here: see {@link CycleStore.idOf}. */
  idOf(cycle: StoredCycle): string | undefined {
    return this.#ids.get(cycle);
  }

  /** What tells each cycle of a block from any other with its turn; none where that is damaged. */
  async ids(entry: ManifestEntry): Promise<ReadonlyMap<number, string>> {
    const { turns } = await this.#allTimes(entry);
    const ids = await this.#ofRecords(entry, (columns) =>
      unpackIds(columnOf(columns, 'ids'), entry.turns),
    );
    return new Map((ids ?? []).map((id, at) => [turns[at] as number, id]));
  }

  /** When each turn of a block is of. */
  async ages(entry: ManifestEntry): Promise<readonly CycleAge[]> {
    const known = this.#ages.get(entry.name);
    if (known) return known;
    const { turns, observedAt } = await this.#allTimes(entry);
    const completedAt = await this.#ofRecords(entry, (columns) =>
      unpackNumbers(columns, 'completedAt', entry.turns),
    );
    const ages = [...turns].map((turn, at) => ({
      turn,
      observedAt: observedAt[at] as number,
      completedAt: completedAt?.[at] ?? NaN,
    }));
    if (completedAt) this.#ages.set(entry.name, ages);
    return ages;
  }

  async #allTimes(entry: ManifestEntry): Promise<BlockTimes> {
    const known = this.#times.get(entry.name);
    if (known) return known;
    try {
      const { head } = await openBlock(this.#options.blocks, entry);
      const { turns, observedAt } = unpackTurns(head.columns, entry.turns);
      const times = { turns, observedAt, window: windowOf(head) };
      this.#times.set(entry.name, times);
      return times;
    } catch (error) {
      if ((await this.#wordsOf(entry, error)) === null) return NO_TIMES;
      return timesUnknown(entry);
    }
  }

  async #window(
    entry: ManifestEntry,
    start: number,
    length: number,
    pace: Pace,
  ): Promise<readonly StoredCycle[]> {
    const key = `${entry.name}/${start}`;
    const known = this.#windows.get(key);
    if (known) return known;
    const { blocks } = this.#options;
    const open = await openBlock(blocks, entry);
    const read = await readWindow(blocks, open, start, length, pace);
    const cycles = read.map(({ turn, cycle, id }) => {
      const stored = cycle ?? new UnreadableCycle(turn, 'it could not be read when it was sealed');
      this.#ids.set(stored, id);
      return stored;
    });
    this.#windows.set(key, cycles);
    return cycles;
  }

  #unreadable(entry: ManifestEntry, turn: number, words: string): UnreadableCycle {
    const cycle = new UnreadableCycle(turn, words);
    this.#ids.set(cycle, turn === entry.lastTurn ? entry.lastId : '');
    return cycle;
  }

  /** What is made of the part that no frame gives; null where that is damaged. */
  async #ofRecords<T>(entry: ManifestEntry, made: (columns: Columns) => T): Promise<T | null> {
    try {
      const { blocks } = this.#options;
      const [records] = await readParts(blocks, await openBlock(blocks, entry), [RECORDS]);
      return made(records as Columns);
    } catch (error) {
      await this.#wordsOf(entry, error);
      return null;
    }
  }

  /** What is wrong with a block, in words; null where it is gone meanwhile, by a purge or for its age. */
  async #wordsOf(entry: ManifestEntry, error: unknown): Promise<string | null> {
    if (!(error instanceof BlockFault)) throw error;
    const { sealed, damage } = this.#options;
    if (!(await sealed.isThere(entry))) return null;
    damage.report(`block ${entry.block}`, wordsOfDamage(entry, error));
    return `of the sealed block ${entry.block}, its only copy, ${error.message}`;
  }
}

/** What an operator should know of a damaged block that is the only copy of its cycles. */
export function wordsOfDamage(
  { block, firstTurn, lastTurn }: ManifestEntry,
  { message }: BlockFault,
): string {
  return (
    `Of the sealed history, block ${block} is damaged: ${message}. It is the only copy of the cycles of ` +
    `turns ${firstTurn} to ${lastTurn}, which cannot be read: put it back from a backup.`
  );
}

const NO_TIMES: BlockTimes = {
  turns: new Float64Array(),
  observedAt: new Float64Array(),
  window: 1,
};

/** Which turns of it there were nobody can tell any more: any of them may have been. */
function timesUnknown({ firstTurn, lastTurn }: ManifestEntry): BlockTimes {
  const turns = Float64Array.from({ length: lastTurn - firstTurn + 1 }, (_, n) => firstTurn + n);
  return { turns, observedAt: new Float64Array(turns.length).fill(NaN), window: 1 };
}
