import { ChunkBuilder } from '../history/chunk-builder.js';
import type { CycleStore } from '../history/cycle-store.js';
import { unlessAway } from '../history/database-unavailable.js';
import { CHUNK_TURNS, FREE, type TurnChunk, type TurnChunks } from '../history/turn-chunk.js';
import { WholeChunk } from '../history/whole-chunk.js';
import { firstPace, type Pace } from '../scheduling/slices.js';
import type { Backlog } from './backlog.js';

/** The stored turns as columns, and after them those of the backlog. */
export class ChunksWithBacklog implements TurnChunks {
  readonly #stored: TurnChunks;
  readonly #cycles: Pick<CycleStore, 'span' | 'byTurns'>;
  readonly #backlog: Pick<Backlog, 'turns' | 'read'>;

  constructor(
    stored: TurnChunks,
    cycles: Pick<CycleStore, 'span' | 'byTurns'>,
    backlog: Pick<Backlog, 'turns' | 'read'>,
  ) {
    this.#stored = stored;
    this.#cycles = cycles;
    this.#backlog = backlog;
  }

  async *chunks(first: number, last: number, pace: Pace = firstPace()): AsyncGenerator<TurnChunk> {
    let next = first;
    const before = [...this.#backlog.turns];
    const kept = before.filter((turn) => turn >= first && turn <= last);
    // Where all that is asked for is kept here, the database need not be there.
    if (kept.length < last - first + 1) {
      for await (const chunk of this.#stored.chunks(first, last, pace)) {
        yield chunk;
        next = (chunk.turns.at(-1) ?? next - 1) + 1;
      }
    }
    const following = await this.#following(before, next, last);
    for (let at = 0; at < following.length; at += CHUNK_TURNS) {
      const builder = new ChunkBuilder(CHUNK_TURNS);
      for (const turn of following.slice(at, at + CHUNK_TURNS)) {
        if (pace.isSpent) await pace.next();
        // It may have been replayed into the database meanwhile.
        const cycle = (await this.#backlog.read(turn)) ?? (await this.#cycles.byTurns([turn]))[0];
        if (cycle) builder.add(cycle);
      }
      if (builder.count > 0) yield new WholeChunk(builder.build(), FREE);
    }
  }

  /** A file that a stopped process has left may have the turn of a stored one. */
  async #following(before: readonly number[], first: number, last: number): Promise<number[]> {
    const turns = [...new Set([...before, ...this.#backlog.turns])].sort((a, b) => a - b);
    const asked = turns.filter((turn) => turn >= first && turn <= last);
    if (asked.length === 0) return asked;
    const span = await unlessAway(this.#cycles.span(), () => null);
    return asked.filter((turn) => before.includes(turn) || turn > (span?.latest ?? 0));
  }
}
