import { SharedRead } from '../async/shared-read.js';

/** How many turns are looked at together. */
export const BLOCK_TURNS = 64;
/** Blocks of the newest turns that are not relied upon yet: one may be stored late. */
const UNSETTLED_BLOCKS = 1;
/** How many blocks are read at a time. */
const READ_BLOCKS = 1_024;

/** When the cycles of a block were observed, milliseconds since 1970. */
export interface BlockTimes {
  /** It has the turns from `block * BLOCK_TURNS` on. */
  readonly block: number;
  readonly earliest: number;
  readonly latest: number;
}

/** A stored cycle that can be told from any other. */
export interface StoredTurn {
  readonly turn: number;
  readonly id: string;
}

export interface BlockSource {
  /** The first or the last stored turn; with a bound, the last one before it. */
  oldest(): Promise<StoredTurn | null>;
  newest(before?: number): Promise<StoredTurn | null>;
  at(turn: number): Promise<StoredTurn | null>;
  /** The times of the blocks in `[first, end)` that have cycles, in order. */
  times(first: number, end: number): Promise<BlockTimes[]>;
}

/** Turns from `first` to `last`, both included. */
export interface TurnInterval {
  readonly first: number;
  readonly last: number;
}

/**
 * Where in the order of turns the cycles of a range of time can be. The time of observation mostly
 * grows from turn to turn, but it goes back where a clock was set back and where a recording is
 * played again, so that neither end of a range says where the other cycles are. What is known is
 * the earliest and the latest time of each block of turns: whatever lies outside is passed over
 * without being looked at. Each turn is read once for that, then only the new ones.
 */
export class ObservedBlocks {
  readonly #source: BlockSource;
  readonly #update = new SharedRead(() => this.#bringUpToDate());
  #blocks: BlockTimes[] = [];
  /** The blocks before this one are known. */
  #knownBefore = 0;
  /** The last cycle in a known block: where it is another one, the database was set back. */
  #anchor: StoredTurn | null = null;

  constructor(source: BlockSource) {
    this.#source = source;
  }

  /**
   * The turns among which all cycles are that were observed in `[from, to)`, in order. The newest
   * turns are always among them.
   */
  async candidates(from: number, to: number): Promise<TurnInterval[]> {
    const { blocks, knownBefore } = await this.#update.get();
    const intervals: TurnInterval[] = [];
    let open: { first: number; last: number } | null = null;
    for (const { block, earliest, latest } of blocks) {
      if (latest < from || earliest >= to) {
        open = null;
        continue;
      }
      const last = (block + 1) * BLOCK_TURNS - 1;
      if (open) open.last = last;
      else intervals.push((open = { first: block * BLOCK_TURNS, last }));
    }
    if (open) open.last = Number.MAX_SAFE_INTEGER;
    else intervals.push({ first: knownBefore * BLOCK_TURNS, last: Number.MAX_SAFE_INTEGER });
    return intervals;
  }

  async #bringUpToDate(): Promise<{ blocks: readonly BlockTimes[]; knownBefore: number }> {
    const anchor = this.#anchor;
    if (anchor && (await this.#source.at(anchor.turn))?.id !== anchor.id) this.#forget();
    const newest = await this.#source.newest();
    const end = newest ? blockOf(newest.turn) - UNSETTLED_BLOCKS : 0;
    if (end > this.#knownBefore) await this.#readUntil(end);
    return { blocks: this.#blocks, knownBefore: this.#knownBefore };
  }

  async #readUntil(end: number): Promise<void> {
    const oldest = await this.#source.oldest();
    const first = Math.max(this.#knownBefore, oldest ? blockOf(oldest.turn) : 0);
    for (let next = first; next < end; next += READ_BLOCKS) {
      const until = Math.min(next + READ_BLOCKS, end);
      const anchor = await this.#source.newest(until * BLOCK_TURNS);
      const read = await this.#source.times(next, until);
      this.#blocks = [...this.#blocks, ...read];
      this.#anchor = anchor;
      this.#knownBefore = until;
    }
  }

  #forget(): void {
    this.#blocks = [];
    this.#knownBefore = 0;
    this.#anchor = null;
  }
}

function blockOf(turn: number): number {
  return Math.floor(turn / BLOCK_TURNS);
}
