import { CHUNK_TURNS, FREE, type TurnChunk, type TurnChunks } from '../history/turn-chunk.js';
import { firstPace, type Pace } from '../scheduling/slices.js';
import type { Database } from './connect.js';
import type { CycleDocument } from './cycle.model.js';
import { LAST_TURN } from './cycle-reading.js';

const FIELDS = { _id: 0, turn: 1, observedAt: 1, intervalMs: 1 } as const;
const BY_TURN = { turn: 1 } as const;

type Times = Record<'turn' | 'observedAt' | 'intervalMs', unknown>;

/**
 * When the turns in the collection `cycle_matrices` were observed, and how far apart they were to be, and
 * nothing else of them: their documents are not held against their digests.
 */
export class DocumentTimes implements TurnChunks {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async *chunks(first: number, last: number, pace: Pace = firstPace()): AsyncGenerator<TurnChunk> {
    for (let next = first; next <= last;) {
      const page = await this.#page(next, last);
      if (pace.isSpent) await pace.next();
      const turns = page.filter(({ turn }) => Number.isInteger(turn));
      if (turns.length > 0) yield chunkOf(turns);
      const end = page.at(-1);
      if (!end || page.length < CHUNK_TURNS) return;
      next = Math.floor(Number(end.turn)) + 1;
    }
  }

  #page(first: number, last: number): Promise<Times[]> {
    const turn = { $gte: first, $lte: Math.min(last, LAST_TURN) };
    return this.#database.run(() =>
      this.#database.connection
        .collection<CycleDocument>('cycle_matrices')
        .find(
          { turn },
          { sort: BY_TURN, hint: BY_TURN, limit: CHUNK_TURNS, batchSize: CHUNK_TURNS },
        )
        .project<Times>(FIELDS)
        .toArray(),
    );
  }
}

/** Of what it does not know it says what a chunk says of turns that cannot be read. */
function chunkOf(page: readonly Times[]): TurnChunk {
  const intervals = Float64Array.from(page, ({ intervalMs }) => numberOf(intervalMs));
  const unknown = () => new Float64Array(page.length).fill(NaN);
  return {
    turns: Float64Array.from(page, ({ turn }) => turn as number),
    observedAt: Float64Array.from(page, ({ observedAt }) =>
      observedAt instanceof Date ? observedAt.getTime() : NaN,
    ),
    staleAfterMs: unknown(),
    previousTurns: unknown(),
    universes: page.map(() => null),
    listed: [],
    load: () => Promise.resolve([]),
    records: () => Promise.resolve(page.map(() => null)),
    intervals: () => Promise.resolve(intervals),
    cost: FREE,
  };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : NaN;
}
