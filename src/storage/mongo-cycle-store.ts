import type { mongoose } from '@typegoose/typegoose';
import { MongoBulkWriteError, MongoServerError } from 'mongodb';
import type { Cycle } from '../domain/cycle.js';
import {
  DatabaseUnavailableError,
  type CycleRange,
  type CycleStore,
  type TurnSpan,
} from '../pipeline/ports.js';
import type { StoredCycle } from '../pipeline/stored-cycle.js';
import { isOutage, PATIENCE_MS } from './availability.js';
import type { Database } from './connect.js';
import { CycleDocument } from './cycle.model.js';
import { toDocument } from './cycle-mapping.js';
import { readCycle } from './cycle-reading.js';
import { modelOn } from './model-on.js';

const DUPLICATE_KEY = 11000;
/** A deletion of more might outlast what one operation may take. */
const REMOVED_AT_ONCE = 1_000;

/** The cycles in the collection `cycle_matrices`, one document a turn. */
export class MongoCycleStore implements CycleStore {
  readonly #database: Database;
  #visibleFrom = 1;

  constructor(database: Database) {
    this.#database = database;
  }

  get #model(): mongoose.Model<CycleDocument> {
    return modelOn(this.#database, CycleDocument);
  }

  async latest(): Promise<StoredCycle | null> {
    const [cycle] = await this.range({ order: 'NEWEST_FIRST', limit: 1 });
    return cycle ?? null;
  }

  async byTurns(turns: readonly number[]): Promise<StoredCycle[]> {
    const documents = await this.#database.run(() =>
      this.#model
        .find({ turn: { $in: [...turns] } })
        .lean<CycleDocument[]>()
        .exec(),
    );
    return documents.flatMap((document) => readCycle(document) ?? []);
  }

  async range(range: CycleRange): Promise<StoredCycle[]> {
    const { afterTurn, beforeTurn, from, to } = range;
    const turn = bounds({
      $gt: Math.max(afterTurn ?? 0, this.#visibleFrom - 1),
      $lt: beforeTurn,
    });
    const observedAt = bounds({
      $gte: from === undefined ? undefined : new Date(from),
      $lt: to === undefined ? undefined : new Date(to),
    });
    const documents = await this.#database.run(() =>
      this.#model
        .find({ ...(turn && { turn }), ...(observedAt && { observedAt }) })
        .sort({ turn: range.order === 'NEWEST_FIRST' ? -1 : 1 })
        .limit(range.limit)
        .lean<CycleDocument[]>()
        .exec(),
    );
    return documents.flatMap((document) => readCycle(document) ?? []);
  }

  async span(): Promise<TurnSpan | null> {
    const end = (direction: 1 | -1) =>
      this.#database.run(() =>
        this.#model
          .findOne({ turn: { $gte: this.#visibleFrom } }, { turn: 1, _id: 0 })
          .sort({ turn: direction })
          .lean<Pick<CycleDocument, 'turn'>>()
          .exec(),
      );
    const [oldest, latest] = await Promise.all([end(1), end(-1)]);
    return oldest && latest ? { oldest: oldest.turn, latest: latest.turn } : null;
  }

  async count(): Promise<number> {
    return this.#database.run(() => this.#model.countDocuments({}).exec());
  }

  async save(cycle: Cycle): Promise<'SAVED' | 'TURN_TAKEN'> {
    const document = toDocument(cycle);
    return this.#database.run(async () => {
      try {
        // Straight to the driver: it was made to the schema, and every subscriber waits for this.
        await this.#model.collection.insertOne(document);
        return 'SAVED';
      } catch (error) {
        refuseUnlessTaken(error);
        return (await this.#isStored(document)) ? 'SAVED' : 'TURN_TAKEN';
      }
    }, PATIENCE_MS);
  }

  async saveAll(cycles: readonly Cycle[]): Promise<number> {
    const documents = cycles.map(toDocument);
    let saved = 0;
    while (saved < documents.length) {
      const rest = documents.slice(saved);
      const inserted = await this.#database.run(async () => {
        try {
          return (await this.#model.collection.insertMany(rest)).insertedCount;
        } catch (error) {
          refuseUnlessTaken(error);
          return error instanceof MongoBulkWriteError ? error.insertedCount : 0;
        }
      });
      saved += inserted;
      const next = documents[saved];
      if (!next) break;
      if (!(await this.#database.run(() => this.#isStored(next)))) break;
      saved++;
    }
    return saved;
  }

  /** After a lost answer our own document may be the one that has its turn already. */
  async #isStored({ _id, turn }: CycleDocument): Promise<boolean> {
    return (await this.#model.exists({ _id, turn })) !== null;
  }

  async confirm(): Promise<void> {
    // A write that is durable: all that came before it then is as well.
    await this.#database.run(
      () =>
        this.#database.connection
          .collection<{ _id: string }>('config')
          .updateOne({ _id: 'confirmed' }, { $currentDate: { at: true } }, { upsert: true }),
      PATIENCE_MS,
    );
  }

  async remove(turn: number): Promise<void> {
    await this.#database.run(() => this.#model.deleteOne({ turn }).exec());
  }

  async removeThrough(turn: number): Promise<number> {
    let removed = 0;
    for (let more = true; more;) {
      const count = await this.removeOldest(turn + 1, REMOVED_AT_ONCE);
      removed += count;
      more = count === REMOVED_AT_ONCE;
    }
    return removed;
  }

  async removeOldest(beforeTurn: number, limit: number): Promise<number> {
    return this.#database.run(async () => {
      const oldest = await this.#model
        .find({ turn: { $lt: beforeTurn } }, { turn: 1, _id: 0 })
        .sort({ turn: 1 })
        .limit(limit)
        .lean<Pick<CycleDocument, 'turn'>[]>()
        .exec();
      const last = oldest.at(-1);
      if (!last) return 0;
      return (await this.#model.deleteMany({ turn: { $lte: last.turn } }).exec()).deletedCount;
    });
  }

  hideBefore(turn: number): void {
    this.#visibleFrom = turn;
  }
}

/** @throws whatever says anything else than that a turn is taken */
function refuseUnlessTaken(error: unknown): void {
  if (!(error instanceof MongoServerError) || isOutage(error)) throw error;
  if (error.code === DUPLICATE_KEY) return;
  throw new DatabaseUnavailableError(`the database takes no cycle: ${error.message}`);
}

/** The conditions that are set, or undefined where none is. */
function bounds<T>(
  conditions: Readonly<Record<string, T | undefined>>,
): Record<string, T> | undefined {
  const set = Object.entries(conditions).filter(
    (entry): entry is [string, T] => entry[1] !== undefined,
  );
  return set.length === 0 ? undefined : Object.fromEntries(set);
}
