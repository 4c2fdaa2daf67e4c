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
import { MongoBlockSource } from './mongo-block-source.js';
import { ObservedBlocks, type TurnInterval } from './observed-blocks.js';

const DUPLICATE_KEY = 11000;
/** A deletion of more might outlast what one operation may take. */
const REMOVED_AT_ONCE = 1_000;

/** The indexes that are asked for, so that no planner tries others out. */
const BY_TURN = { turn: 1 } as const;
const BY_TURN_AND_TIME = { turn: 1, observedAt: 1 } as const;

/** Turns from `first` to `last`, and where set only those observed in `[from, to)`. */
interface Page extends TurnInterval {
  readonly order: CycleRange['order'];
  readonly limit: number;
  readonly observedAt?: { readonly from: number; readonly to: number };
}

/** The cycles in the collection `cycle_matrices`, one document a turn. */
export class MongoCycleStore implements CycleStore {
  readonly #database: Database;
  readonly #blocks: ObservedBlocks;
  #visibleFrom = 1;

  constructor(database: Database) {
    this.#database = database;
    this.#blocks = new ObservedBlocks(new MongoBlockSource(database));
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
    return readAll(documents);
  }

  async range(range: CycleRange): Promise<StoredCycle[]> {
    const { afterTurn = 0, beforeTurn = Infinity, from, to, order, limit } = range;
    const asked = {
      first: Math.max(afterTurn, this.#visibleFrom - 1) + 1,
      last: beforeTurn - 1,
      order,
    };
    if (from === undefined && to === undefined) {
      return readAll(await this.#page({ ...asked, limit }));
    }
    const observedAt = { from: from ?? -Infinity, to: to ?? Infinity };
    const candidates = await this.#blocks.candidates(observedAt.from, observedAt.to);
    const found: CycleDocument[] = [];
    for (const interval of order === 'NEWEST_FIRST' ? candidates.reverse() : candidates) {
      if (found.length >= limit) break;
      const first = Math.max(interval.first, asked.first);
      const last = Math.min(interval.last, asked.last);
      if (first > last) continue;
      const rest = { first, last, order, limit: limit - found.length, observedAt };
      found.push(...(await this.#page(rest)));
    }
    return readAll(found);
  }

  /** Documents in the order of their turns: as many keys are looked at as turns are passed. */
  #page({ first, last, order, limit, observedAt }: Page): Promise<CycleDocument[]> {
    const turn = { $gte: first, ...(Number.isFinite(last) && { $lte: last }) };
    const time = observedAt && within(observedAt);
    return this.#database.run(() =>
      this.#model
        .find({ turn, ...time })
        .sort({ turn: order === 'NEWEST_FIRST' ? -1 : 1 })
        .limit(limit)
        .hint(time ? BY_TURN_AND_TIME : BY_TURN)
        .lean<CycleDocument[]>()
        .exec(),
    );
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
    // Of the index alone, the documents unread.
    const all = { turn: { $gte: 0 } };
    return this.#database.run(() => this.#model.countDocuments(all).hint(BY_TURN).exec());
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

function readAll(documents: readonly CycleDocument[]): StoredCycle[] {
  return documents.flatMap((document) => readCycle(document) ?? []);
}

/** The condition that a time lies in `[from, to)`; either end may be infinite. */
function within({ from, to }: Required<Page>['observedAt']) {
  const least = Number.isFinite(from) && { $gte: new Date(from) };
  const most = Number.isFinite(to) && { $lt: new Date(to) };
  return { observedAt: { ...least, ...most } };
}
