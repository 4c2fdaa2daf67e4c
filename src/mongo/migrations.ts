import type { Damage } from '../history/damage.js';
import type { Logger } from '../log.js';
import { CONFIG_COLLECTION, configOf, SchemaDocument } from './config.model.js';
import type { Database } from './connect.js';
import { vouchForEarlyCycles } from './early-cycles.js';
import { ignoring, DUPLICATE_KEY } from './ignoring.js';
import { setUpSchema } from './schema-setup.js';

/**
 * A step from one version of what is stored to the next. Several processes may run it at once, and
 * it may be run again where it was broken off: what is done is done.
 */
export interface Migration {
  readonly to: number;
  readonly run: (database: Database) => Promise<void>;
  /** Whether it waits until something is about to be stored that the version before would misread. */
  readonly isDeferred?: true;
}

/** From this version on a block may be the only copy of its cycles. */
const ONLY_COPIES = 3;

/**
 * All steps, in order. One is needed where a program of the version before would misread what is
 * stored; what that passes over needs none.
 */
export const MIGRATIONS: readonly Migration[] = [
  { to: 2, run: vouchForEarlyCycles },
  { to: ONLY_COPIES, run: () => Promise.resolve(), isDeferred: true },
];

/** Keeps programs out that do not know blocks which are the only copies: they would take them away. */
export function allowOnlyCopies(database: Database): Promise<void> {
  return raiseTo(ONLY_COPIES, database);
}

/** The version that a database has which names none: it was made before there were versions. */
const FIRST_VERSION = 1;

/** What is stored is of a later version than this program knows. */
class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';
}

export interface SchemaParts {
  readonly damage: Damage;
  readonly log: Logger;
  readonly migrations?: readonly Migration[];
}

/**
 * Brings what is stored to the version of this program, and makes what is not there yet.
 * @throws {NewerDatabaseError} before anything is changed
 */
export async function bringUpToDate(
  database: Database,
  { damage, log, migrations = MIGRATIONS }: SchemaParts,
): Promise<void> {
  const newest = migrations.at(-1)?.to ?? FIRST_VERSION;
  const stored = await storedVersion(database, damage);
  if (stored !== null && stored > newest) throw newerDatabase(database, stored, newest);
  const due = migrations.filter(({ isDeferred }) => !isDeferred);
  for (const { to, run } of stored === null ? [] : due.filter(({ to }) => to > stored)) {
    await run(database);
    await raiseTo(to, database);
    log.info({ version: to }, 'the database was brought to a later version');
  }
  await setUpSchema(database, damage);
  if (stored === null) await raiseTo(due.at(-1)?.to ?? FIRST_VERSION, database);
}

/** @returns null where nothing is stored yet */
async function storedVersion(database: Database, damage: Damage): Promise<number | null> {
  const recorded = await database.run(() =>
    configOf(database, SchemaDocument).findOne({ _id: 'schema' }),
  );
  if (!recorded) return (await isEmpty(database)) ? null : FIRST_VERSION;
  const version = recorded.version as unknown;
  if (Number.isInteger(version) && (version as number) >= FIRST_VERSION) return version as number;
  damage.report(
    'schema',
    'Of which version the database is (schema in the collection config) was damaged: it counts as the first one, and every step is run again.',
  );
  return FIRST_VERSION;
}

async function isEmpty(database: Database): Promise<boolean> {
  for (const name of [CONFIG_COLLECTION, 'cycle_matrices']) {
    const { connection } = database;
    const projection = { projection: { _id: 1 } };
    const first = await database.run(() => connection.collection(name).findOne({}, projection));
    if (first) return false;
  }
  return true;
}

/** Never lower: another process, of a later version, may be further. What is no number is replaced. */
async function raiseTo(version: number, database: Database): Promise<void> {
  const isNumber = { $in: [{ $type: '$version' }, ['int', 'long', 'double']] };
  const raised = { $cond: [isNumber, { $max: ['$version', version] }, version] };
  const documents = configOf(database, SchemaDocument);
  const update = () =>
    documents.updateOne({ _id: 'schema' }, [{ $set: { version: raised } }], { upsert: true });
  // Where another process is the first to record it, this one raises what that has recorded.
  await database.write(() => ignoring(DUPLICATE_KEY, update()).then(update));
}

function newerDatabase({ connection }: Database, stored: number, newest: number): Error {
  return new NewerDatabaseError(
    `DATABASE_NAME: the database ${connection.name} is of schema version ${stored}, and this program knows versions up to ${newest}: ` +
      'start a later version of Dynamics, or name another database.',
  );
}
