import { MongoServerError } from 'mongodb';
import type { StorageSizes } from '../history/history-extent.js';
import { BLOCKS_COLLECTION, MANIFEST_COLLECTION } from './block.model.js';
import type { Database } from './connect.js';

const NO_SUCH_COLLECTION = 26;

interface CollectionStats {
  readonly storageStats?: { readonly totalSize?: unknown };
}

/** How much of the disk the stored turns take, by the database's own word. */
export class MongoStorageSizes implements StorageSizes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  documents(): Promise<number | null> {
    return sizeOf(this.#database, 'cycle_matrices');
  }

  async blocks(): Promise<number | null> {
    const [blocks, manifest] = await Promise.all([
      sizeOf(this.#database, BLOCKS_COLLECTION),
      sizeOf(this.#database, MANIFEST_COLLECTION),
    ]);
    return blocks === null || manifest === null ? null : blocks + manifest;
  }
}

/** Null where the database does not tell, for want of a right for instance. */
export async function sizeOf(database: Database, collection: string): Promise<number | null> {
  try {
    const shards = await database.run(() =>
      database.connection
        .collection(collection)
        .aggregate<CollectionStats>([{ $collStats: { storageStats: {} } }])
        .toArray(),
    );
    const sizes = shards.map(({ storageStats }) => Number(storageStats?.totalSize ?? NaN));
    const size = sizes.reduce((sum, each) => sum + each, 0);
    return Number.isFinite(size) ? size : null;
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    return error.code === NO_SUCH_COLLECTION ? 0 : null;
  }
}
