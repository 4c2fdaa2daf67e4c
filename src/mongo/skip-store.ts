import type { Collection } from 'mongodb';
import type { SkipRun, SkipStore } from '../history/skip-store.js';
import type { Database } from './connect.js';
import { findRaw, parsedAnyhow } from './raw-documents.js';
import { SKIP_COLLECTION, type SkipDocument } from './skips.model.js';

/** The runs in the collection `skipped_turns`. */
export class MongoSkipStore implements SkipStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get #collection(): Collection<SkipDocument> {
    return this.#database.connection.collection<SkipDocument>(SKIP_COLLECTION);
  }

  /** A run only grows: what comes late, or twice, takes nothing from it. */
  async save(runs: readonly SkipRun[]): Promise<void> {
    const writes = runs.map(({ id, from, to, count, ...rest }) => ({
      updateOne: {
        filter: { _id: id },
        update: {
          $setOnInsert: { from: new Date(from), ...rest },
          $max: { to: new Date(to), count },
        },
        upsert: true,
      },
    }));
    await this.#database.write(() => this.#collection.bulkWrite(writes, { ordered: false }));
  }

  async following(first: number, last: number): Promise<SkipRun[]> {
    const turns = { afterTurn: { $gte: first, $lte: last } };
    const sort = { afterTurn: 1, from: 1 } as const;
    const found = await this.#database.run(() =>
      findRaw(this.#database, SKIP_COLLECTION, turns, { sort, hint: { afterTurn: 1 } }),
    );
    return found.map((bytes) => toRun(parsedAnyhow(bytes))).filter((run) => run !== null);
  }

  async removeThrough(turn: number): Promise<void> {
    await this.#database.write(() => this.#collection.deleteMany({ afterTurn: { $lte: turn } }));
  }
}

/** Null where the document is none of ours: it costs only itself. */
function toRun({ _id, from, to, afterTurn, code, message, count }: Partial<SkipDocument>) {
  const isRun =
    from instanceof Date &&
    to instanceof Date &&
    typeof afterTurn === 'number' &&
    typeof code === 'string' &&
    typeof message === 'string' &&
    typeof count === 'number';
  if (!isRun) return null;
  const times = { from: from.getTime(), to: to.getTime() };
  return { id: String(_id), ...times, afterTurn, code, message, count };
}
