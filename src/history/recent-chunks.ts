import { firstPace, type Pace } from '../scheduling/slices.js';
import { SharedUniverse } from './chunk-builder.js';
import { placeOfTurn } from './chunk-places.js';
import { GrowingPiece, ReadPiece, turnsWithin, type Piece } from './kept-pieces.js';
import { MemoryChunk } from './memory-chunk.js';
import { PieceSource, withoutRest } from './piece-source.js';
import { StoredBeside } from './stored-beside.js';
import { isReadable, type StoredCycle } from './stored-cycle.js';
import type { TurnChunk, TurnChunks } from './turn-chunk.js';

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
    const { store } = this.#options;
    const source = new PieceSource({ piece, beside, store, onKept: () => this.#weigh(piece) });
    return new MemoryChunk(piece, source, placeOfTurn(turns, first), placeOfTurn(turns, last + 1));
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
