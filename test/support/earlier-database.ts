import { readFileSync } from 'node:fs';
import { BSON, type Document, type MongoClient } from 'mongodb';

/** A database that an earlier version wrote, and what that answered of its cycles. */
export interface EarlierDatabase {
  /** By collection. */
  readonly documents: Readonly<Record<string, readonly Document[]>>;
  /** One cycle each, as GraphQL answered it. */
  readonly answers: readonly Readonly<Record<string, unknown>>[];
}

export const EARLIER_VERSIONS = ['0.1.0-first', '0.1.0'] as const;
export type EarlierVersion = (typeof EARLIER_VERSIONS)[number];

const linesOf = (version: EarlierVersion, file: string): string[] =>
  readFileSync(new URL(`../fixtures/${version}/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n');

export function earlierDatabase(version: EarlierVersion): EarlierDatabase {
  const documents: Record<string, Document[]> = {};
  for (const line of linesOf(version, 'documents.ejsonl')) {
    for (const [collection, document] of Object.entries(BSON.EJSON.parse(line) as Document)) {
      (documents[collection] ??= []).push(document as Document);
    }
  }
  const answers = linesOf(version, 'answers.jsonl').map(
    (line) => JSON.parse(line) as Record<string, unknown>,
  );
  return { documents, answers };
}

/** Puts it into a database of that name as it was: no validators, and the indexes of then. */
export async function restore(
  client: MongoClient,
  name: string,
  { documents }: Pick<EarlierDatabase, 'documents'>,
): Promise<void> {
  const db = client.db(name);
  const storageEngine = { wiredTiger: { configString: 'block_compressor=zstd' } };
  const cycles = await db.createCollection('cycle_matrices', { storageEngine });
  await cycles.createIndex({ turn: 1 }, { unique: true });
  await cycles.createIndex({ observedAt: 1 });
  for (const [collection, all] of Object.entries(documents)) {
    await db.collection(collection).insertMany([...all]);
  }
}
