import { mongoose } from '@typegoose/typegoose';
import type { DocumentRemoval } from '../cluster/document-aging.js';
import type { Cycle } from '../domain/cycle.js';
import type { CycleRewrite } from '../history/recompute.js';
import type { Database } from './connect.js';
import type { DocumentReturn } from '../history/blocks/put-back.js';
import { DUPLICATE_KEY, ignoring } from './ignoring.js';
import { toDocument, toRewritten } from './cycle-mapping.js';
import { CycleDocument } from './cycle.model.js';
import { allowOnlyCopies } from './migrations.js';
import { modelOn } from './model-on.js';

/**
 * Replaces documents in the collection `cycle_matrices`, each in one step, under the id that it has; removes
 * those that stand in blocks, and puts them back.
 */
export class MongoCycleRewrite implements CycleRewrite, DocumentReturn, DocumentRemoval {
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

  allow(): Promise<void> {
    return allowOnlyCopies(this.#database);
  }

  async removeDocuments(ids: ReadonlyMap<number, string>): Promise<void> {
    const { ObjectId } = mongoose.Types;
    const _id = { $in: [...ids.values()].map((id) => new ObjectId(id)) };
    const turn = { $in: [...ids.keys()] };
    const { collection } = modelOn(this.#database, CycleDocument);
    await this.#database.write(() => collection.deleteMany({ _id, turn }));
  }

  async putBack(cycles: readonly { readonly cycle: Cycle; readonly id: string }[]): Promise<void> {
    const documents = cycles.map(({ cycle, id }) => {
      const document = toDocument(cycle);
      // The id of one that was rewritten, or is of an early version, follows from nothing.
      return String(document._id) === id ? document : toRewritten(cycle, id);
    });
    const { collection } = modelOn(this.#database, CycleDocument);
    await this.#database.write(() =>
      ignoring(DUPLICATE_KEY, collection.insertMany(documents, { ordered: false })),
    );
  }
}
