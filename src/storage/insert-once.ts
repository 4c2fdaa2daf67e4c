import type { mongoose } from '@typegoose/typegoose';
import { MongoBulkWriteError } from 'mongodb';
import { confirmWrites } from './confirmation.js';
import type { Database } from './connect.js';
import { CycleDocument } from './cycle.model.js';
import { modelOn } from './model-on.js';

const DUPLICATE_KEY = 11000;

/**
 * Inserts the documents of cycles durably, in order and each once, also where an answer was lost: the
 * document that then has a turn already may be the same one.
 * @returns how many of them, from the first on, stand now: the turn of the next one is taken
 */
export async function insertOnce(
  database: Database,
  documents: readonly CycleDocument[],
  deadlineMs: number,
): Promise<number> {
  const collection = (): Collection => modelOn(database, CycleDocument).collection;
  let stored = 0;
  while (stored < documents.length) {
    const rest = documents.slice(stored);
    stored += await database.write(() => insertUntilTaken(collection(), rest), deadlineMs);
    const next = documents[stored];
    if (!next) break;
    const standing = await database.write(async () => {
      await confirmWrites(database.connection);
      return standingOf(collection(), next);
    }, deadlineMs);
    if (standing === 'OTHER') break;
    if (standing === 'OURS') stored++;
  }
  return stored;
}

type Collection = mongoose.Model<CycleDocument>['collection'];

/** Straight to the driver: they were made to the schema, and every subscriber waits for this. */
async function insertUntilTaken(collection: Collection, documents: CycleDocument[]) {
  try {
    await collection.insertMany(documents);
    return documents.length;
  } catch (error) {
    const isTaken = error instanceof MongoBulkWriteError && error.code === DUPLICATE_KEY;
    if (isTaken) return error.insertedCount;
    throw error;
  }
}

/** What has the turn of a document, durably; NONE where what had it was rolled back since. */
async function standingOf(collection: Collection, { _id, turn }: CycleDocument) {
  const there = await collection.findOne({ turn }, { projection: { _id: 1 } });
  if (!there) return 'NONE';
  return _id.equals(there._id) ? 'OURS' : 'OTHER';
}
