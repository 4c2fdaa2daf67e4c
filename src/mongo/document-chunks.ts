import { ChunkBuilder, SharedUniverse } from '../history/chunk-builder.js';
import { CHUNK_TURNS, type TurnChunk, type TurnChunks } from '../history/turn-chunk.js';
import type { TurnDocument, TurnDocuments } from '../history/turn-documents.js';
import { WholeChunk } from '../history/whole-chunk.js';
import { firstPace, type Pace } from '../scheduling/slices.js';
import type { Database } from './connect.js';
import { idOfCycle } from './cycle-ids.js';
import type { CycleDocument } from './cycle.model.js';
import { LAST_TURN } from './cycle-reading.js';
import { readBytes } from './raw-cycles.js';
import { findRaw, parsedAnyhow } from './raw-documents.js';

/** How many documents are asked for at a time: what a batch is parsed for must not take long. */
const PAGE = 128;
const BY_TURN = { turn: 1 } as const;

/** The documents in the collection `cycle_matrices`, also as columns. */
export class DocumentChunks implements TurnChunks, TurnDocuments {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async *chunks(first: number, last: number, pace: Pace = firstPace()): AsyncGenerator<TurnChunk> {
    const shared = new SharedUniverse();
    const begin = (next: number) =>
      new ChunkBuilder(Math.max(1, Math.min(CHUNK_TURNS, last - next + 1)), shared);
    let builder = begin(first);
    let bytes = 0;
    for await (const document of this.documents(first, last, pace)) {
      builder.add(document.cycle, document.observedAt);
      bytes += document.bytes;
      if (builder.count < CHUNK_TURNS) continue;
      yield chunkOf(builder, bytes);
      builder = begin(document.cycle.turn + 1);
      bytes = 0;
    }
    if (builder.count > 0) yield chunkOf(builder, bytes);
  }

  async *documents(
    first: number,
    last: number,
    pace: Pace = firstPace(),
  ): AsyncGenerator<TurnDocument> {
    let asked: Promise<Uint8Array[]> | null = this.#page(first, last);
    while (asked) {
      const page: Uint8Array[] = await asked;
      const end = page.at(-1);
      // One that was damaged may stand between two turns.
      const next = end ? Math.floor(Number(parsedAnyhow(end)['turn'])) + 1 : NaN;
      // The next ones are on their way while these are read.
      asked = page.length === PAGE && next <= last ? this.#page(next, last) : null;
      // Whoever comes to them is told.
      asked?.catch(() => undefined);
      for (const bytes of page) {
        if (pace.isSpent) await pace.next();
        const cycle = readBytes(bytes);
        if (!cycle) continue;
        const observedAt = timeOf(bytes, cycle instanceof Error);
        yield { cycle, id: idOfCycle(cycle), observedAt, bytes: bytes.length };
      }
    }
  }

  oldest(): Promise<number | null> {
    return this.#end(1, { $gte: 1 });
  }

  newest(before: number): Promise<number | null> {
    return this.#end(-1, { $gte: 1, $lt: Math.min(before, LAST_TURN + 1) });
  }

  count(first: number, last: number): Promise<number> {
    const turn = { $gte: first, $lte: Math.min(last, LAST_TURN) };
    return this.#database.run(() => this.#cycles.countDocuments({ turn }, { hint: BY_TURN }));
  }

  async idsWithin(first: number, last: number): Promise<ReadonlyMap<number, string>> {
    const turn = { $gte: first, $lte: Math.min(last, LAST_TURN) };
    const options = { projection: { turn: 1 }, hint: BY_TURN };
    const found = await this.#database.run(() => this.#cycles.find({ turn }, options).toArray());
    // A document between two turns is none.
    const ofTurns = found.filter((document) => Number.isInteger(document.turn));
    return new Map(ofTurns.map((document) => [document.turn, String(document._id)]));
  }

  async #end(direction: 1 | -1, turn: Readonly<Record<string, number>>): Promise<number | null> {
    const options = { projection: { turn: 1 }, sort: { turn: direction }, hint: BY_TURN };
    const found = await this.#database.run(() => this.#cycles.findOne({ turn }, options));
    return found && Math.floor(found.turn);
  }

  #page(first: number, last: number): Promise<Uint8Array[]> {
    const turn = { $gte: first, $lte: Math.min(last, LAST_TURN) };
    const options = { sort: BY_TURN, limit: PAGE, hint: BY_TURN };
    return this.#database.run(() => findRaw(this.#database, 'cycle_matrices', { turn }, options));
  }

  get #cycles() {
    return this.#database.connection.collection<Pick<CycleDocument, '_id' | 'turn'>>(
      'cycle_matrices',
    );
  }
}

function chunkOf(builder: ChunkBuilder, bytes: number): TurnChunk {
  const whole = builder.build();
  return new WholeChunk(whole, { blocks: 0, documents: whole.turns.length, bytes });
}

/** When a document that is no cycle says it was observed; NaN where it does not. */
function timeOf(document: Uint8Array, isAsked: boolean): number {
  const time: unknown = isAsked ? parsedAnyhow(document)['observedAt'] : null;
  return time instanceof Date ? time.getTime() : NaN;
}
