import { pairKey, type Pair } from '../domain/asset.js';
import { PAIR_NUMBERS, type PairColumns } from '../domain/series/frame-columns.js';
import type { Pace } from '../scheduling/slices.js';
import { emptyColumns, type Piece } from './kept-pieces.js';
import type { MemorySource } from './memory-chunk.js';
import type { StoredBeside } from './stored-beside.js';
import {
  FREE,
  sumOf,
  type ReadCost,
  type TurnChunk,
  type TurnChunks,
  type TurnRecord,
} from './turn-chunk.js';

interface PieceSourceOptions {
  readonly piece: Piece;
  /** The stored turns, in step with those in memory. */
  readonly beside: StoredBeside;
  readonly store: TurnChunks;
  /** More is kept with the piece. */
  readonly onKept: () => void;
}

/** Has what a piece in memory lacks: from the stored chunk of its turns, or else turn by turn. */
export class PieceSource implements MemorySource {
  readonly #options: PieceSourceOptions;

  constructor(options: PieceSourceOptions) {
    this.#options = options;
  }

  async fetch(pairs: readonly Pair[], pace?: Pace): Promise<ReadCost> {
    const { piece, beside, onKept } = this.#options;
    const turns = piece.columns.turns.subarray(0, piece.count);
    const { chunk = null } = (await beside.chunkOf(turns)) ?? {};
    const isOfSame = chunk?.turns.length === turns.length;
    const cost = await (isOfSame ? this.#take(pairs, chunk, pace) : this.#copy(pairs, pace));
    onKept();
    return cost;
  }

  async records(
    turns: Float64Array,
    pace?: Pace,
  ): Promise<{ readonly records: readonly (TurnRecord | null)[]; readonly cost: ReadCost }> {
    const { beside } = this.#options;
    const stored = await beside.chunkOf(turns);
    if (!stored) return this.#alignedRecords(turns, pace);
    const { chunk, start } = stored;
    const records = (await chunk.records(pace)).slice(start, start + turns.length);
    return { records, cost: beside.costSince(chunk) };
  }

  /** From the stored chunk of the same turns, as it is. */
  async #take(pairs: readonly Pair[], chunk: TurnChunk, pace?: Pace): Promise<ReadCost> {
    const { piece, beside } = this.#options;
    const loaded = await chunk.load(pairs, pace);
    const isOfBlock = chunk.cost.blocks > 0;
    piece.add(isOfBlock ? loaded : loaded.map(withoutRest));
    // Where a damaged block is answered for by documents, these may not have all of its pairs.
    const missing = pairs.filter((pair) => piece.columnsOf(pair) === null);
    piece.add(missing.map((pair) => emptyColumns(pair, chunk.turns.length)));
    return beside.costSince(chunk);
  }

  /** From turns that are stored otherwise than they are kept. */
  async #copy(pairs: readonly Pair[], pace?: Pace): Promise<ReadCost> {
    const { piece } = this.#options;
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

  async #alignedRecords(turns: Float64Array, pace?: Pace) {
    const records = new Array<TurnRecord | null>(turns.length).fill(null);
    const cost = await this.#aligned(turns, pace, async (chunk, placeOf) => {
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
}

/** Without the volumes, which enter no figure. */
export function withoutRest(columns: PairColumns): PairColumns {
  const { symbol, base, quote, last, open, bid, ask, lag } = columns;
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
