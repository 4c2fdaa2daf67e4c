import type { mongoose } from '@typegoose/typegoose';
import { MongoServerError, type Document, type IndexDescription } from 'mongodb';
import type { Damage } from '../history/damage.js';
import {
  AlertDocument,
  ALERTS_COLLECTION,
  FiringDocument,
  FIRINGS_COLLECTION,
  JUDGEMENTS_COLLECTION,
} from './alert.model.js';
import { BACKFILLED_DAYS_COLLECTION, BACKFILLED_PAIRS_COLLECTION } from './backfill.model.js';
import { BLOCKS_COLLECTION, MANIFEST_COLLECTION } from './block.model.js';
import { CONFIG_COLLECTION, OriginDocument, StrategyConfigDocument } from './config.model.js';
import type { Database } from './connect.js';
import { CycleDocument } from './cycle.model.js';
import { CHANNELS_COLLECTION, DELIVERIES_COLLECTION, DeliveryDocument } from './delivery.model.js';
import { DUPLICATE_KEY, ignoring, NAMESPACE_EXISTS } from './ignoring.js';
import { modelOn } from './model-on.js';
import { NoticeDocument, NOTICES_COLLECTION } from './notice.model.js';
import { SKIP_COLLECTION, SkipDocument } from './skips.model.js';
import { NOTIFICATION_CAP, NOTIFICATION_COLLECTION } from './notifications.js';
import { listCollections, setValidators, collectionValidators } from './validators.js';

/** How long one index may take, milliseconds. */
const INDEX_MS = 30 * 60_000;
/** Parts of blocks are never written over: so small a unit wastes less behind each page. */
const BLOCK_STORAGE = ',allocation_size=512B';

/** What grows with every turn, and how it is stored beside being compressed. */
const COMPRESSED = [
  ['cycle_matrices', ''],
  [BLOCKS_COLLECTION, BLOCK_STORAGE],
  [MANIFEST_COLLECTION, ''],
  [BACKFILLED_DAYS_COLLECTION, ''],
] as const;

/** What is stored as it comes. */
const PLAIN = [
  CONFIG_COLLECTION,
  SKIP_COLLECTION,
  ALERTS_COLLECTION,
  FIRINGS_COLLECTION,
  JUDGEMENTS_COLLECTION,
  DELIVERIES_COLLECTION,
  CHANNELS_COLLECTION,
  NOTICES_COLLECTION,
  BACKFILLED_PAIRS_COLLECTION,
] as const;

/** What is looked up otherwise than by its id. */
const INDEXED = [
  CycleDocument,
  StrategyConfigDocument,
  SkipDocument,
  NoticeDocument,
  AlertDocument,
  FiringDocument,
  DeliveryDocument,
] as const;

/**
 * Makes the collections, the indexes and the view `strategy_aux`, where they are not there yet.
 * Safe to run at any time, by several processes.
 */
export async function setUpSchema(database: Database, damage: Damage): Promise<void> {
  const { connection } = database;
  const there = await collectionsThere(database);
  const made = new Set<string>();
  const make = async (name: string, create: () => Promise<unknown>): Promise<void> => {
    if (there.has(name)) return;
    const isMade = await database.write(() => ignoring(NAMESPACE_EXISTS, create()));
    if (isMade) made.add(name);
  };
  const validators = collectionValidators();
  for (const [name, storage] of COMPRESSED) {
    const validator = validators[name];
    await make(name, () => createCompressed(database, name, { validator }, storage));
  }
  for (const name of PLAIN) {
    const validator = validators[name];
    await make(name, () => connection.createCollection(name, { validator }));
  }
  await make('strategy_aux', () => createAuxView(database));
  await setValidators(database, damage, (name) => made.has(name));
  for (const document of INDEXED)
    await createIndexes(database, modelOn<object>(database, document), made);
  await make(NOTIFICATION_COLLECTION, () =>
    connection.createCollection(NOTIFICATION_COLLECTION, { capped: true, ...NOTIFICATION_CAP }),
  );
  await database.write(() => beginNotifications(database));
}

/** The names of what is there; where the user may not list it, that is found out by making it. */
async function collectionsThere(database: Database): Promise<ReadonlySet<string>> {
  try {
    const listed = await database.run(() => listCollections(database));
    return new Set(listed.keys());
  } catch (error) {
    if (error instanceof MongoServerError) return new Set();
    throw error;
  }
}

/** The cursor of whoever follows notifications ends at once while there is none. */
async function beginNotifications({ connection }: Database): Promise<void> {
  const notifications = connection.collection<{ _id: string }>(NOTIFICATION_COLLECTION);
  if ((await notifications.findOne({}, { projection: { _id: 1 } })) !== null) return;
  await ignoring(DUPLICATE_KEY, notifications.insertOne({ _id: 'first' }));
}

/**
 * Makes a model's indexes: over millions of cycles that takes longer than any other operation.
 * @param made collections that were made just now: they have none
 */
async function createIndexes<Document>(
  database: Database,
  { schema, collection }: mongoose.Model<Document>,
  made: ReadonlySet<string>,
): Promise<void> {
  const isNew = made.has(collection.name);
  const there = isNew ? [] : await database.run(() => collection.indexes());
  const missing = (schema as mongoose.Schema)
    .indexes()
    .filter(
      ([keys, options]) =>
        !there.some(
          ({ key, unique = false }) =>
            JSON.stringify(key) === JSON.stringify(keys) && unique === (options.unique ?? false),
        ),
    );
  if (missing.length === 0) return;
  const indexes = missing.map(
    ([key, options]) => ({ ...options, key }) as unknown as IndexDescription,
  );
  await database.write(() => collection.createIndexes(indexes, { timeoutMS: INDEX_MS }), INDEX_MS);
}

/** A year of turns is mostly the same words again and again: zstd halves what snappy leaves. */
async function createCompressed(
  { connection }: Database,
  name: string,
  options: { readonly validator: Document },
  storage: string,
): Promise<void> {
  const storageEngine = { wiredTiger: { configString: `block_compressor=zstd${storage}` } };
  try {
    await connection.createCollection(name, { ...options, storageEngine });
  } catch (error) {
    // Some hosted databases let nobody choose the compressor.
    if (!(error instanceof MongoServerError) || error.code === NAMESPACE_EXISTS) throw error;
    await connection.createCollection(name, options);
  }
}

/** `strategy_aux`: one row a turn, read from the cycle documents, so that there is one commit. */
async function createAuxView({ connection }: Database): Promise<void> {
  const row = { $mergeObjects: [{ turn: '$turn', observedAt: '$observedAt' }, '$aux'] };
  await connection.createCollection('strategy_aux', {
    viewOn: 'cycle_matrices',
    pipeline: [{ $replaceRoot: { newRoot: row } }],
  });
}

/** What a database holds: cycles of one exchange, one source of prices and one kind of account. */
export interface Origin {
  readonly exchange: string;
  readonly source: string;
  readonly account: string;
}

/** The database holds data of another origin than the settings ask for. */
class OriginMismatchError extends Error {
  override readonly name = 'OriginMismatchError';
}

/**
 * Records the origin at the first write and holds every later start against it.
 * @throws {OriginMismatchError} naming what differs.
 */
export async function claimOrigin(database: Database, origin: Origin): Promise<void> {
  const model = modelOn(database, OriginDocument);
  const recorded = await database.write(() =>
    model
      .findOneAndUpdate(
        { _id: 'origin' },
        { $setOnInsert: { ...origin } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<OriginDocument>()
      .exec(),
  );
  if (!isOrigin(recorded)) {
    throw new OriginMismatchError(
      `DATABASE_NAME: what the cycles of the database ${database.connection.name} come from cannot be read: ` +
        `origin in the collection config is damaged. Set its ${ORIGIN_NAMES.join(', ')} as they were ` +
        `(these settings ask for ${ORIGIN_NAMES.map((name) => origin[name]).join(', ')}), or name another database.`,
    );
  }
  const differences = ORIGIN_NAMES.filter((name) => recorded[name] !== origin[name]).map(
    (name) => `${name} ${recorded[name]}, not ${origin[name]}`,
  );
  if (differences.length > 0) {
    throw new OriginMismatchError(
      `DATABASE_NAME: the database ${database.connection.name} holds cycles of ${differences.join('; ')}. ` +
        'Name another database, or go back to the settings that it was made with.',
    );
  }
}

/** What the database holds as it was recorded; null before its first start, or where it is damaged. */
export async function recordedOrigin(database: Database): Promise<Origin | null> {
  const model = modelOn(database, OriginDocument);
  const recorded = await database.run(() => model.findById('origin').lean<OriginDocument>().exec());
  return isOrigin(recorded) ? recorded : null;
}

const ORIGIN_NAMES = ['exchange', 'source', 'account'] as const;

function isOrigin(recorded: Partial<Record<keyof Origin, unknown>> | null): recorded is Origin {
  return ORIGIN_NAMES.every((name) => {
    const value = recorded?.[name];
    return typeof value === 'string' && value !== '' && !value.includes('\ufffd');
  });
}
