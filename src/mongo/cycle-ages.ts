import type { CycleAge, CycleAges } from '../history/cycle-store.js';
import { CONFIG_COLLECTION } from './config.model.js';
import type { Database } from './connect.js';
import { CycleDocument } from './cycle.model.js';
import { modelOn } from './model-on.js';

/** The ages of the cycles in the collection `cycle_matrices`, and the database's own clock. */
export class MongoCycleAges implements CycleAges {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async agesFrom(turn: number, limit: number): Promise<CycleAge[]> {
    const documents = await this.#database.run(() =>
      modelOn(this.#database, CycleDocument)
        .find({ turn: { $gte: turn } }, { _id: 0, turn: 1, observedAt: 1, completedAt: 1 })
        .sort({ turn: 1 })
        .limit(limit)
        .lean<Pick<CycleDocument, 'turn' | 'observedAt' | 'completedAt'>[]>()
        .exec(),
    );
    return documents.map((document) => ({
      turn: document.turn,
      observedAt: timeOf(document.observedAt),
      completedAt: timeOf(document.completedAt),
    }));
  }

  async databaseTime(): Promise<number> {
    const now = { $project: { _id: 0, now: '$$NOW' } };
    // Of any document: there is one from the first start on.
    const [answer] = await this.#database.run(() =>
      this.#database.connection
        .collection(CONFIG_COLLECTION)
        .aggregate([{ $limit: 1 }, now])
        .toArray(),
    );
    return timeOf(answer?.['now']);
  }
}

function timeOf(value: unknown): number {
  return value instanceof Date ? value.getTime() : NaN;
}
