import { pairKey, type Pair } from '../domain/asset.js';
import { PAIR_NUMBERS, type PairColumns } from '../domain/series/frame-columns.js';
import { firstPace, type Pace } from '../scheduling/slices.js';
import { SharedUniverse } from './chunk-builder.js';
import { emptyColumns, GrowingPiece, ReadPiece, turnsWithin, type Piece } from './kept-pieces.js';
import { MemoryChunk, type MemorySource } from './memory-chunk.js';
import { StoredBeside } from './stored-beside.js';
import { isReadable, type StoredCycle } from './stored-cycle.js';
import {
  FREE,
  sumOf,
  type ReadCost,
  type TurnChunk,
  type TurnChunks,
  type TurnRecord,
} from './turn-chunk.js';

/** How many turns are added up before the next piece begins. */
const GROWN_TURNS = 512;
/** A piece takes at most this part of the memory: what is forgotten is forgotten piece by piece. */
const FEWEST_PIECES = 8;

export interface RecentChunksOptions {
  readonly store: TurnChunks;
  /** The newest announced turn. */
  readonly latestTurn: () => number;
  /** While it is the same, so is every stored turn. */
  readonly epoch: () => string;
  /** How much memory the columns may take, bytes; 0 for none. */
  readonly bytes: number;
}

/**
 * The newest turns as columns in memory, in front of the stored ones: each new turn as it is announced,
 * earlier ones once they have been read. Of those that were sealed, only the pairs that were asked for.
 * What is oldest is forgotten first; all of it where turns are purged, removed for their age, taken
 * back, or to be read anew.
 */
export class RecentChunks implements TurnChunks {
  readonly #options: RecentChunksOptions;
  readonly #shared = new SharedUniverse();
  /** In the order of turns, no two with the same one. */
  #pieces: Piece[] = [];
  /** How much memory each of them was found to take, and all together. */
  readonly #taken = new Map<Piece, number>();
  #bytes = 0;
  #epoch = '';

  constructor(options: RecentChunksOptions) {
    this.#options = options;
  }

  /** About how much memory the columns take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A turn was announced. */
  add(stored: StoredCycle): void {
    const { bytes } = this.#options;
    // When one that cannot be read was observed only the store knows.
    if (bytes === 0 || !isReadable(stored)) return;
    this.#forgetWhatChanged();
    const last = this.#pieces.at(-1);
    if (last && last.to >= stored.turn) return;
    if (last instanceof GrowingPiece && !last.isFull && last.to === stored.turn - 1) {
      last.push(stored);
    } else {
      const fitting = turnsWithin(bytes / FEWEST_PIECES, stored.frame.tickers.length);
      if (fitting === 0) return;
      const piece = new GrowingPiece(Math.min(GROWN_TURNS, fitting), this.#shared);
      piece.push(stored);
      this.#pieces.push(piece);
      this.#taken.set(piece, 0);
    }
    this.#weigh(this.#pieces.at(-1) as Piece);
  }

  async *chunks(first: number, last: number, pace: Pace = firstPace()): AsyncGenerator<TurnChunk> {
    const beside = new StoredBeside(this.#options.store, last, pace);
    try {
      for (let next = first; next <= last;) {
        this.#forgetWhatChanged();
        const piece = this.#pieces[this.#placeFrom(next)];
        if (piece && piece.from <= next) {
          if (pace.isSpent) await pace.next();
          const chunk = this.#part(piece, next, last, beside);
          next = piece.to + 1;
          if (chunk.turns.length > 0) yield chunk;
        } else {
          const end = piece ? Math.min(last, piece.from - 1) : last;
          yield* this.#read(next, end, pace);
          next = end + 1;
        }
      }
    } finally {
      beside.end();
    }
  }

  /** From the store, and kept. */
  async *#read(first: number, last: number, pace: Pace): AsyncGenerator<TurnChunk> {
    const epoch = this.#epoch;
    const { latestTurn, store } = this.#options;
    let next = first;
    let piece: Piece | null = null;
    for await (const chunk of store.chunks(first, last, pace)) {
      const end = chunk.turns.at(-1) ?? next;
      piece = new ReadPiece(next, end, chunk);
      // What was read of documents is all there; a block's pairs are read as they are asked for.
      const isOfBlock = chunk.cost.blocks > 0;
      if (!isOfBlock) piece.add((await chunk.load(chunk.listed)).map(withoutRest));
      this.#forgetWhatChanged();
      if (this.#epoch === epoch && end <= latestTurn()) this.#insert(piece);
      const weighed = piece;
      yield isOfBlock ? keeping(chunk, piece, () => this.#weigh(weighed)) : chunk;
      next = end + 1;
    }
    // After its turns none is stored.
    if (piece && this.#epoch === epoch && last <= latestTurn()) piece.to = last;
  }

  #part(piece: Piece, first: number, last: number, beside: StoredBeside): MemoryChunk {
    const turns = piece.columns.turns.subarray(0, piece.count);
    const start = turns.findIndex((turn) => turn >= first);
    const beyond = turns.findIndex((turn) => turn > last);
    const end = beyond === -1 ? turns.length : beyond;
    return new MemoryChunk(piece, this.#sourceOf(piece, beside), start === -1 ? end : start, end);
  }

  #sourceOf(piece: Piece, beside: StoredBeside): MemorySource {
    const turns = piece.columns.turns.subarray(0, piece.count);
    return {
      fetch: async (pairs, pace) => {
        const { chunk = null } = (await beside.chunkOf(turns)) ?? {};
        const cost =
          chunk?.turns.length === turns.length
            ? await takePairs(piece, pairs, chunk, pace, beside)
            : await this.#copyPairs(piece, pairs, pace);
        this.#weigh(piece);
        return cost;
      },
      records: async (asked, pace) => {
        const stored = await beside.chunkOf(asked);
        if (!stored) return this.#alignedRecords(asked, pace);
        const { chunk, start } = stored;
        const records = (await chunk.records(pace)).slice(start, start + asked.length);
        return { records, cost: beside.costSince(chunk) };
      },
    };
  }

  /** From turns that are stored otherwise than they are kept. */
  async #copyPairs(piece: Piece, pairs: readonly Pair[], pace?: Pace): Promise<ReadCost> {
    const { turns } = piece.columns;
    const columns = new Map(pairs.map((pair) => [pairKey(pair), emptyColumns(pair, turns.length)]));
    const cost = await this.#aligned(turns, pace, async (chunk, placeOf) => {
      for (const loaded of await chunk.load(pairs, pace)) {
        copyInto(columns.get(pairKey(loaded)) as PairColumns, loaded, placeOf);
      }
    });
    piece.add([...columns.values()]);
    return cost;
  }

  async #alignedRecords(asked: Float64Array, pace?: Pace) {
    const records = new Array<TurnRecord | null>(asked.length).fill(null);
    const cost = await this.#aligned(asked, pace, async (chunk, placeOf) => {
      for (const [index, record] of (await chunk.records(pace)).entries()) {
        const place = placeOf[index] as number;
        if (place !== -1) records[place] = record;
      }
    });
    return { records, cost };
  }

  /** Reads turns that are in memory once more from the store, where some may be gone by now. */
  async #aligned(
    turns: Float64Array,
    pace: Pace | undefined,
    take: (chunk: TurnChunk, placeOf: Int32Array) => Promise<void>,
  ): Promise<ReadCost> {
    const [first, last] = [turns[0] ?? 1, turns.at(-1) ?? 0];
    let cost = FREE;
    const places = new Map(Array.from(turns, (turn, place) => [turn, place]));
    for await (const chunk of this.#options.store.chunks(first, last, pace)) {
      const placeOf = Int32Array.from(chunk.turns, (turn) => places.get(turn) ?? -1);
      await take(chunk, placeOf);
      cost = sumOf(cost, chunk.cost);
    }
    return cost;
  }

  #insert(piece: Piece): void {
    const at = this.#placeFrom(piece.from);
    const following = this.#pieces[at];
    // Somebody else may have read the same turns meanwhile.
    if (following && following.from <= piece.to) return;
    this.#pieces.splice(at, 0, piece);
    this.#taken.set(piece, 0);
    this.#weigh(piece);
  }

  /** The place of the first piece that has a turn or any after it; behind the last one for none. */
  #placeFrom(turn: number): number {
    let [start, end] = [0, this.#pieces.length];
    while (start < end) {
      const middle = (start + end) >>> 1;
      if ((this.#pieces[middle] as Piece).to < turn) start = middle + 1;
      else end = middle;
    }
    return start;
  }

  /** Something was added to a piece: there may be too much. */
  #weigh(piece: Piece): void {
    const before = this.#taken.get(piece);
    // It may have been forgotten meanwhile.
    if (before === undefined) return;
    const { bytes } = piece;
    this.#taken.set(piece, bytes);
    this.#bytes += bytes - before;
    while (this.#bytes > this.#options.bytes) {
      const oldest = this.#pieces.shift() as Piece;
      this.#bytes -= this.#taken.get(oldest) ?? 0;
      this.#taken.delete(oldest);
    }
  }

  #forgetWhatChanged(): void {
    const epoch = this.#options.epoch();
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#pieces = [];
    this.#taken.clear();
    this.#bytes = 0;
  }
}

/** A chunk of a block, what is loaded of which is kept. */
function keeping(chunk: TurnChunk, piece: Piece, onKept: () => void): TurnChunk {
  const { turns, observedAt, staleAfterMs, previousTurns, universes, listed } = chunk;
  return {
    ...{ turns, observedAt, staleAfterMs, previousTurns, universes, listed },
    async load(pairs, pace) {
      const loaded = await chunk.load(pairs, pace);
      piece.add(loaded);
      onKept();
      return loaded;
    },
    records: (pace) => chunk.records(pace),
    get cost() {
      return chunk.cost;
    },
  };
}

/** From the stored chunk of the same turns. */
async function takePairs(
  piece: Piece,
  pairs: readonly Pair[],
  stored: TurnChunk,
  pace: Pace | undefined,
  beside: StoredBeside,
): Promise<ReadCost> {
  const loaded = await stored.load(pairs, pace);
  const isOfBlock = stored.cost.blocks > 0;
  piece.add(isOfBlock ? loaded : loaded.map(withoutRest));
  // Where a damaged block is answered for by documents, these may not have all of its pairs.
  const missing = pairs.filter((pair) => piece.columnsOf(pair) === null);
  piece.add(missing.map((pair) => emptyColumns(pair, stored.turns.length)));
  return beside.costSince(stored);
}

/** Without the volumes, which enter no figure. */
function withoutRest({ symbol, base, quote, last, open, bid, ask, lag }: PairColumns): PairColumns {
  return { symbol, base, quote, last, open, bid, ask, lag };
}

/** @param placeOf by index of what is copied: where it goes; -1 for nowhere */
function copyInto(target: PairColumns, from: PairColumns, placeOf: Int32Array): void {
  for (const name of PAIR_NUMBERS) {
    const [column, values] = [target[name], from[name]];
    placeOf.forEach((place, index) => {
      if (place !== -1) column[place] = values[index] as number;
    });
  }
}
