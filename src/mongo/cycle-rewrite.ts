import type { Cycle } from '../domain/cycle.js';
import type { CycleRewrite } from '../history/recompute.js';
import type { Database } from './connect.js';
import { toRewritten } from './cycle-mapping.js';
import { CycleDocument } from './cycle.model.js';
import { modelOn } from './model-on.js';

/** Replaces documents in the collection `cycle_matrices`, each in one step, under the id that it has. */
export class MongoCycleRewrite implements CycleRewrite {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async replace(cycle: Cycle, id: string): Promise<boolean> {
    const { _id, ...document } = toRewritten(cycle, id);
    const { matchedCount } = await this.#database.write(() =>
      modelOn(this.#database, CycleDocument).collection.replaceOne(
        { _id, turn: cycle.turn },
        document as never,
      ),
    );
    return matchedCount === 1;
  }
}
