import type { CycleAge, CycleAges, CycleTimes } from '../history/cycle-store.js';
import { CONFIG_COLLECTION } from './config.model.js';
import type { Database } from './connect.js';
import { CycleDocument } from './cycle.model.js';
import { modelOn } from './model-on.js';

const BY_TIME = { observedAt: 1 } as const;

/** The ages of the cycles in the collection `cycle_matrices`, and the database's own clock. */
export class MongoCycleAges implements CycleAges, CycleTimes {
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

  async observedWithin(firstTurn: number, lastTurn: number) {
    const [first, last] = await Promise.all([
      this.#observedEnd(firstTurn, lastTurn, 1),
      this.#observedEnd(firstTurn, lastTurn, -1),
    ]);
    return first === null || last === null ? null : { first, last };
  }

  /** Along the index of times: what is not of these turns is at its end, and little. */
  async #observedEnd(firstTurn: number, lastTurn: number, order: 1 | -1): Promise<number | null> {
    const found = await this.#database.run(() =>
      this.#database.connection
        .collection<CycleDocument>('cycle_matrices')
        .findOne(
          { turn: { $gte: firstTurn, $lte: lastTurn }, observedAt: { $type: 'date' } },
          { projection: { _id: 0, observedAt: 1 }, sort: { observedAt: order }, hint: BY_TIME },
        ),
    );
    return found && timeOf(found.observedAt);
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
