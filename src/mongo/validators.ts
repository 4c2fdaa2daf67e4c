import type { mongoose } from '@typegoose/typegoose';
import { MongoServerError, type Document } from 'mongodb';
import type { Damage } from '../history/damage.js';
import {
  AlertDocument,
  ALERTS_COLLECTION,
  FiringDocument,
  FIRINGS_COLLECTION,
  JudgementDocument,
  JUDGEMENTS_COLLECTION,
} from './alert.model.js';
import {
  BACKFILLED_DAYS_COLLECTION,
  BACKFILLED_PAIRS_COLLECTION,
  BackfilledDayDocument,
  BackfilledPairDocument,
} from './backfill.model.js';
import {
  BLOCKS_COLLECTION,
  BlockPartDocument,
  MANIFEST_COLLECTION,
  ManifestDocument,
} from './block.model.js';
import { CONFIG_KINDS } from './config.model.js';
import type { Database } from './connect.js';
import { CycleDocument } from './cycle.model.js';
import {
  CHANNELS_COLLECTION,
  ChannelStandingDocument,
  DELIVERIES_COLLECTION,
  DeliveryDocument,
} from './delivery.model.js';
import { LAST_TURN } from './cycle-reading.js';
import { schemaOf } from './model-on.js';
import { NoticeDocument, NOTICES_COLLECTION } from './notice.model.js';
import { SKIP_COLLECTION, SkipDocument } from './skips.model.js';

/** The title by which a validator is known as ours, and by which version it was made. */
const TITLE = 'dynamics ';
/** Counts the validators that there have been: one of a later version stays. */
const VERSION = 4;
const OUR_TITLE = `${TITLE}${VERSION}`;

const UNAUTHORIZED = 13;
/** The embedded engine checks what it was told of when it made a collection, and has no collMod. */
const NO_SUCH_COMMAND = 59;

/** What no model of mongoose can say of a ticker's line: prices above zero, nothing but numbers. */
const TICKER_LINE = '^[0-9][0-9.]*(e[+-]?[0-9]+)?( -?[0-9][0-9.]*(e[+-]?[0-9]+)?){5}( \\S+)?$';
/** An asset, and what is held of it where that is known. */
const BALANCE_LINE = '^\\S+( \\S+ \\S+)?$';

/**
 * Has the database check what is written: writes go past the models, which only describe it. Each
 * collection's validator is made from its models; one that a later version or somebody else has put
 * there stays.
 * @param isNew whether a collection was made just now, with its validator
 */
export async function setValidators(
  database: Database,
  damage: Damage,
  isNew: (collection: string) => boolean,
): Promise<void> {
  const validators = Object.entries(collectionValidators());
  const listing = validators.every(([collection]) => isNew(collection))
    ? Promise.resolve(NONE_LISTED)
    : database.run(() => listCollections(database));
  for (const [collection, validator] of validators) {
    const words = isNew(collection)
      ? null
      : await setValidator(database, collection, validator, listing);
    const what = `validator of ${collection}`;
    if (words === null) damage.clear(what);
    else
      damage.report(
        what,
        `The database does not check what is written to ${collection}: ${words}.`,
      );
  }
}

type Listing = ReadonlyMap<string, Document>;
const NONE_LISTED: Listing = new Map();

/** What is told of the collections that are there, by their names. */
export async function listCollections({ connection }: Database): Promise<Listing> {
  const listed = await connection.db!.listCollections().toArray();
  return new Map(listed.map((collection) => [collection.name, collection]));
}

/** What the models say never changes, and takes long to be worked out. */
let worked: ReturnType<typeof workOut> | undefined;

/** By collection: whoever makes one gives it along, which takes no other right. */
export function collectionValidators(): ReturnType<typeof workOut> {
  return (worked ??= workOut());
}

function workOut() {
  return {
    cycle_matrices: { $jsonSchema: cycleSchema() },
    config: { $jsonSchema: configSchema() },
    [SKIP_COLLECTION]: { $jsonSchema: skipSchema() },
    [BLOCKS_COLLECTION]: titled(jsonSchemaOf(BlockPartDocument)),
    [MANIFEST_COLLECTION]: { $jsonSchema: manifestSchema() },
    [ALERTS_COLLECTION]: titled(jsonSchemaOf(AlertDocument)),
    [FIRINGS_COLLECTION]: titled(jsonSchemaOf(FiringDocument)),
    [JUDGEMENTS_COLLECTION]: titled(jsonSchemaOf(JudgementDocument)),
    [DELIVERIES_COLLECTION]: titled(jsonSchemaOf(DeliveryDocument)),
    [CHANNELS_COLLECTION]: titled(jsonSchemaOf(ChannelStandingDocument)),
    [NOTICES_COLLECTION]: titled(jsonSchemaOf(NoticeDocument)),
    [BACKFILLED_DAYS_COLLECTION]: titled(jsonSchemaOf(BackfilledDayDocument)),
    [BACKFILLED_PAIRS_COLLECTION]: titled(jsonSchemaOf(BackfilledPairDocument)),
  };
}

function titled(schema: Document): { $jsonSchema: Document } {
  return { $jsonSchema: { title: OUR_TITLE, ...schema } };
}

/** @returns why the validator is not there, in words, or null where it is */
async function setValidator(
  database: Database,
  collection: string,
  validator: Document,
  listing: Promise<Listing>,
): Promise<string | null> {
  const { connection } = database;
  let title = '';
  try {
    const present = validatorOf((await listing).get(collection));
    if (present !== null && JSON.stringify(present) === JSON.stringify(validator)) return null;
    title = titleOf(present);
    if (present !== null && !title.startsWith(TITLE)) return 'it has a validator of its own';
    if (Number(title.slice(TITLE.length)) > VERSION) return null;
    await database.write(() => connection.db!.command({ collMod: collection, validator }));
    return null;
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    if (error.code === NO_SUCH_COMMAND) {
      // An earlier one of ours checks all that there was to be checked then.
      if (title !== '') return null;
      return 'it was made by an earlier version, and this database cannot give it a validator afterwards (it has no collMod)';
    }
    return error.code === UNAUTHORIZED
      ? 'the user may not change the collection (collMod; the role dbAdmin may)'
      : error.message;
  }
}

function validatorOf(collection: Document | undefined): Document | null {
  const options = collection?.['options'] as { validator?: Document } | undefined;
  return options?.validator ?? null;
}

function titleOf(validator: Document | null): string {
  const schema = validator?.['$jsonSchema'] as { title?: unknown } | undefined;
  return typeof schema?.title === 'string' ? schema.title : '';
}

function cycleSchema(): Document {
  const schema = jsonSchemaOf(CycleDocument);
  const { properties } = schema;
  const texts = (pattern: string) => ({ bsonType: 'string', pattern });
  return {
    title: OUR_TITLE,
    ...schema,
    properties: {
      ...properties,
      turn: { bsonType: 'number', minimum: 1, maximum: LAST_TURN, multipleOf: 1 },
      tickers: { bsonType: 'object', additionalProperties: texts(TICKER_LINE) },
      balances: { bsonType: 'array', items: texts(BALANCE_LINE) },
    },
  };
}

function skipSchema(): Document {
  const { properties, ...schema } = jsonSchemaOf(SkipDocument);
  const whole = (minimum: number) => ({ bsonType: 'number', minimum, multipleOf: 1 });
  return {
    title: OUR_TITLE,
    ...schema,
    properties: { ...properties, afterTurn: whole(0), count: whole(1) },
  };
}

function manifestSchema(): Document {
  const { properties, ...schema } = jsonSchemaOf(ManifestDocument);
  const _id = { bsonType: 'number', minimum: 1, multipleOf: 1 };
  return { title: OUR_TITLE, ...schema, properties: { ...properties, _id } };
}

/** Each kind of document of `config` by its own model. */
function configSchema(): Document {
  const checked = CONFIG_KINDS.filter(({ isChecked }) => isChecked);
  return {
    title: OUR_TITLE,
    allOf: checked.map(({ id, document }) => ({
      anyOf: [{ properties: { _id: { not: id } } }, jsonSchemaOf(document)],
    })),
  };
}

/** The model's schema as the database understands it; what has a default is always written. */
function jsonSchemaOf(documentClass: new () => object) {
  return complete(schemaOf(documentClass));
}

function complete(schema: mongoose.Schema): Document & { properties: Record<string, Document> } {
  const { properties, ...rest } = schema.toJSONSchema({ useBsonType: true }) as {
    properties: Record<string, Document>;
  };
  const required: string[] = [];
  schema.eachPath((name, type) => {
    const { isRequired, options } = type as {
      isRequired?: boolean;
      options: { default?: unknown };
    };
    const isWritten = isRequired || options.default !== undefined;
    if (isWritten && name in properties) required.push(name);
    if (!type.schema) return;
    const inner = complete(type.schema);
    const isList = properties[name]?.['bsonType'] === 'array';
    properties[name] = { ...properties[name], ...(isList ? { items: inner } : inner) };
  });
  return { ...rest, required: required.sort(), properties };
}
