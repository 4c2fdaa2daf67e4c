import type { mongoose } from '@typegoose/typegoose';
import { MongoBulkWriteError } from 'mongodb';
import { CycleRefusedError } from '../history/cycle-store.js';
import { confirmWrites } from './confirmation.js';
import { isReadable } from '../history/stored-cycle.js';
import type { Database } from './connect.js';
import { toDocument } from './cycle-mapping.js';
import { readCycle } from './cycle-reading.js';
import { CycleDocument } from './cycle.model.js';
import { DUPLICATE_KEY } from './ignoring.js';
import { modelOn } from './model-on.js';

/** The document is not as the collection's validator has it. */
const DOCUMENT_REFUSED = 121;

/**
 * Inserts the documents of cycles durably, in order and each once, also where an answer was lost: the
 * document that then has a turn already may be the same one.
 * @returns how many of them, from the first on, stand now: the turn of the next one is taken
 * @throws {CycleRefusedError} those before the refused one stand then
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
    if (!(error instanceof MongoBulkWriteError)) throw error;
    if (error.code === DUPLICATE_KEY) return error.insertedCount;
    const refused = documents[error.insertedCount];
    if (error.code !== DOCUMENT_REFUSED || !refused) throw error;
    throw new CycleRefusedError(refused.turn, faultsOf(error).join('; ') || error.message);
  }
}

/** What has the turn of a document, durably; NONE where what had it was rolled back since. */
async function standingOf(collection: Collection, { _id, turn }: CycleDocument) {
  const there = await collection.findOne({ turn });
  if (!there) return 'NONE';
  if (_id.equals(there._id)) return 'OURS';
  // The same cycle may stand under an id that was made by the rule of an older version.
  const stored = readCycle(there);
  return stored && isReadable(stored) && toDocument(stored)._id.equals(_id) ? 'OURS' : 'OTHER';
}

/** What the database says is wrong with a document: names of fields and rules, no values. */
function faultsOf({ writeErrors }: MongoBulkWriteError): string[] {
  const [refused] = [writeErrors].flat();
  const { errInfo } = (refused?.err ?? {}) as { errInfo?: { details?: unknown } };
  return namesIn(errInfo?.details);
}

/** The parts of the server's explanation that name something. */
const NAMING = ['operatorName', 'propertyName', 'reason'];

function namesIn(details: unknown): string[] {
  if (typeof details !== 'object' || details === null) return [];
  const named = details as Record<string, unknown>;
  const own = NAMING.map((key) => named[key]).filter((value) => typeof value === 'string');
  const missing = named['missingProperties'];
  if (Array.isArray(missing)) own.push(missing.join(', '));
  const inner = Object.values(details).flatMap((value) => namesIn(value));
  return own.length > 0 ? [own.join(' '), ...inner] : inner;
}
