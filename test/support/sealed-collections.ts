import type { TestDatabase } from './database.js';
import { SPARSE, type SealedPlace } from './sealed.js';

/** Writes what no program of ours would. */
export const UNCHECKED = { bypassDocumentValidation: true };
/** Of `SPARSE`, the turns that are in no complete block: their documents stay. */
export const NEWEST = SPARSE.filter((turn) => turn > 6_144);

/** Where the cycles stand as documents. */
export const documents = ({ db }: SealedPlace) => db.collection('cycle_matrices');
/** Where each sealed block has its line. */
export const manifest = ({ db }: SealedPlace) => db.collection('history_manifest');
/** Where the columns of sealed blocks stand. */
export const parts = ({ db }: SealedPlace) => db.collection<{ _id: string }>('history_blocks');

/** The numbers of the blocks that count as sealed. */
export async function sealedBlocks(place: SealedPlace): Promise<number[]> {
  return (await place.open.history.sealed.counting()).map(({ block }) => block);
}

/** The turns that have a document, in order. */
export async function turnsOfDocuments(place: SealedPlace): Promise<number[]> {
  const found = await documents(place).find().sort({ turn: 1 }).toArray();
  return found.map((document) => document['turn'] as number);
}

/** All cycles as a reader that has nothing in memory is given them. */
export async function storedCycles(
  database: TestDatabase,
  { db }: Pick<SealedPlace, 'db'>,
): Promise<unknown[]> {
  const open = await database.open(db.databaseName);
  try {
    return await open.cycles.range({ order: 'OLDEST_FIRST', limit: 1_000 });
  } finally {
    await open.close();
  }
}
