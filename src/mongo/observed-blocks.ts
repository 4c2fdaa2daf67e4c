import { SharedRead } from '../async/shared-read.js';

/** How many turns are looked at together. */
export const BLOCK_TURNS = 64;
/** Blocks of the newest turns that are not relied upon yet: one may be stored late. */
const UNSETTLED_BLOCKS = 1;
/** How many turns are read at a time. */
const READ_TURNS = 1_024 * BLOCK_TURNS;
/** So many turns are looked at sooner than it is asked what is sealed of them. */
const FEW_TURNS = 2 * BLOCK_TURNS;

/** Turns from `first` to `last`, both included. */
export interface TurnInterval {
  readonly first: number;
  readonly last: number;
}

/** When the cycles of some turns were observed, milliseconds since 1970. */
interface Times {
  readonly earliest: number;
  readonly latest: number;
}

/** The same of those turns of a block that were asked for. */
export interface BlockTimes extends Times {
  /** It has the turns from `block * BLOCK_TURNS` on. */
  readonly block: number;
  /** How many of its turns are stored. */
  readonly turns: number;
}

/** What is known of many turns before any of them is looked at. */
export interface SealedTimes extends TurnInterval, Times {
  readonly turns: number;
  /** Of the last turn, what tells its cycle from any other; null where it may have no document. */
  readonly lastId: string | null;
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
  /** The times of the blocks that have cycles of some turns, in order. */
  times(turns: TurnInterval): Promise<BlockTimes[]>;
  /** What is sealed, in the order of turns. */
  sealed(): Promise<readonly SealedTimes[]>;
}

/** Some turns of which it is known when they were observed. */
interface KnownTurns extends TurnInterval, Times {
  /** How many of them there are, where they can be looked at more closely; 0 where they cannot. */
  readonly closer: number;
}

/**
 * Where in the order of turns the cycles of a range of time can be. The time of observation mostly
 * grows from turn to turn, but it goes back where a clock was set back and where a recording is
 * played again, so that neither end of a range says where the other cycles are. What is known is
 * the earliest and the latest time of each block of turns: whatever lies outside is passed over
 * without being looked at. Each turn is read once for that, then only the new ones; those that are
 * sealed once an end of a range falls among them.
 */
export class ObservedBlocks {
  readonly #source: BlockSource;
  readonly #update = new SharedRead(() => this.#bringUpToDate());
  /** In the order of turns. */
  #known: readonly KnownTurns[] = [];
  /** All turns up to this one are known. */
  #through = 0;
  /** The last cycle that is known: where it is another one, the database was set back. */
  #anchor: StoredTurn | null = null;

  constructor(source: BlockSource) {
    this.#source = source;
  }

  /**
   * The turns among which all cycles are that were observed in `[from, to)`, in order. The newest
   * turns are always among them.
   */
  async candidates(from: number, to: number): Promise<TurnInterval[]> {
    await this.#update.get();
    await this.#lookCloser(from, to);
    const intervals: TurnInterval[] = [];
    let open: { first: number; last: number } | null = null;
    for (const { first, last, earliest, latest } of this.#known) {
      if (latest < from || earliest >= to) {
        open = null;
        continue;
      }
      if (open) open.last = last;
      else intervals.push((open = { first, last }));
    }
    if (open) open.last = Number.MAX_SAFE_INTEGER;
    else intervals.push({ first: this.#through + 1, last: Number.MAX_SAFE_INTEGER });
    return intervals;
  }

  async #bringUpToDate(): Promise<void> {
    const anchor = this.#anchor;
    if (anchor && (await this.#source.at(anchor.turn))?.id !== anchor.id) this.#forget();
    const newest = await this.#source.newest();
    if (!newest) return;
    if (newest.turn < this.#through) this.#forget();
    const last = (blockOf(newest.turn) - UNSETTLED_BLOCKS) * BLOCK_TURNS - 1;
    if (last > this.#through) await this.#readThrough(last);
  }

  async #readThrough(last: number): Promise<void> {
    const isWorthAsking = this.#through === 0 || last - this.#through > FEW_TURNS;
    const sealed = isWorthAsking ? await this.#source.sealed() : [];
    const oldest = (await this.#source.oldest())?.turn ?? 1;
    for (const { lastId, turns, ...block } of sealed) {
      if (block.first <= this.#through) continue;
      await this.#read(oldest, block.first - 1);
      const hasDocuments = lastId !== null && block.last >= oldest;
      const anchor = hasDocuments ? { turn: block.last, id: lastId } : this.#anchor;
      this.#add([{ ...block, closer: hasDocuments ? turns : 0 }], block.last, anchor);
    }
    await this.#read(oldest, last);
  }

  /** All turns that are not known up to one. @param oldest before this one none is stored */
  async #read(oldest: number, last: number): Promise<void> {
    for (let next = Math.max(this.#through + 1, oldest); next <= last;) {
      const end = Math.min((blockOf(next) + 1) * BLOCK_TURNS - 1 + READ_TURNS, last);
      const turns = { first: next, last: end };
      const anchor = await this.#source.newest(end + 1);
      this.#add((await this.#source.times(turns)).map(within(turns)), end, anchor);
      next = end + 1;
    }
  }

  #add(known: readonly KnownTurns[], through: number, anchor: StoredTurn | null): void {
    this.#known = [...this.#known, ...known];
    this.#through = through;
    this.#anchor = anchor;
  }

  /** Of what is sealed only part is passed over where an end of a range falls among its turns. */
  async #lookCloser(from: number, to: number): Promise<void> {
    for (const known of this.#known) {
      const { closer, earliest, latest } = known;
      const isApart = latest < from || earliest >= to;
      const isWithin = earliest >= from && latest < to;
      if (closer === 0 || isApart || isWithin) continue;
      const read = await this.#source.times(known);
      const turns = read.reduce((sum, block) => sum + block.turns, 0);
      // Documents that are removed meanwhile may be put back another time.
      const inParts = turns === closer ? read.map(within(known)) : [{ ...known, closer: 0 }];
      this.#known = this.#known.flatMap((each) => (each === known ? inParts : [each]));
    }
  }

  #forget(): void {
    this.#known = [];
    this.#through = 0;
    this.#anchor = null;
  }
}

function blockOf(turn: number): number {
  return Math.floor(turn / BLOCK_TURNS);
}

/** What is known of those turns of a block that were asked for. */
function within({ first, last }: TurnInterval) {
  return ({ block, earliest, latest }: BlockTimes): KnownTurns => ({
    ...{ earliest, latest },
    first: Math.max(first, block * BLOCK_TURNS),
    last: Math.min(last, (block + 1) * BLOCK_TURNS - 1),
    closer: 0,
  });
}
