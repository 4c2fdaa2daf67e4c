import type { Pace } from '../scheduling/slices.js';
import { areAmong, placeOfTurn } from './chunk-places.js';
import { FREE, type ReadCost, type TurnChunk, type TurnChunks } from './turn-chunk.js';

/** A stored chunk, and the place in it at which some turns begin that it has one after another. */
export interface Beside {
  readonly chunk: TurnChunk;
  readonly start: number;
}

/**
 * The stored chunks of turns that are gone through in memory, in step with them: what they lack is asked of one
 * after the other, and so is read ahead, instead of each by itself.
 */
export class StoredBeside {
  readonly #store: TurnChunks;
  readonly #last: number;
  readonly #pace: Pace;
  #chunks: AsyncIterator<TurnChunk> | null = null;
  #chunk: TurnChunk | null = null;
  /** What was read for the chunk and is told already. */
  #told = FREE;
  /** One step at a time. */
  #step: Promise<unknown> = Promise.resolve();

  /** @param last the last turn that is gone through */
  constructor(store: TurnChunks, last: number, pace: Pace) {
    this.#store = store;
    this.#last = last;
    this.#pace = pace;
  }

  /**
   * The stored chunk that has exactly these turns, and perhaps others before and after them.
   * @returns null where there is none: they are stored in parts, or others have been gone through since
   */
  chunkOf(turns: Float64Array): Promise<Beside | null> {
    const step = this.#step.then(() => this.#comeTo(turns));
    this.#step = step.catch(() => null);
    return step;
  }

  /** What was read for the chunk since this was asked the last time. */
  costSince({ cost }: TurnChunk): ReadCost {
    const { blocks, documents, bytes } = this.#told;
    this.#told = cost;
    return {
      blocks: cost.blocks - blocks,
      documents: cost.documents - documents,
      bytes: cost.bytes - bytes,
    };
  }

  /** No more of it is read. */
  end(): void {
    this.#step = this.#step.then(() => this.#chunks?.return?.()).catch(() => null);
  }

  async #comeTo(turns: Float64Array): Promise<Beside | null> {
    const first = turns[0] ?? Infinity;
    this.#chunks ??= this.#store.chunks(first, this.#last, this.#pace)[Symbol.asyncIterator]();
    while ((this.#chunk?.turns.at(-1) ?? -Infinity) < first) {
      const next = await this.#chunks.next();
      if (next.done) return null;
      this.#chunk = next.value;
      this.#told = FREE;
    }
    const chunk = this.#chunk;
    if (!chunk || turns.length === 0) return null;
    const start = placeOfTurn(chunk.turns, first);
    return areAmong(turns, chunk.turns, start) ? { chunk, start } : null;
  }
}
