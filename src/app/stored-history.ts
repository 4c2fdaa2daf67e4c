import { BlockRemoval } from '../history/blocks/block-removal.js';
import type { BlockStore } from '../history/blocks/block-store.js';
import { SealedBlocks } from '../history/blocks/sealed-blocks.js';
import type { Damage } from '../history/damage.js';
import type { StorageSizes } from '../history/history-extent.js';
import { StoredChunks } from '../history/stored-chunks.js';
import type { TurnChunks } from '../history/turn-chunk.js';
import type { TurnDocuments } from '../history/turn-documents.js';
import { MongoBlockStore } from '../mongo/block-store.js';
import type { Database } from '../mongo/connect.js';
import { MongoCycleStore } from '../mongo/cycle-store.js';
import { DocumentChunks } from '../mongo/document-chunks.js';
import { DocumentTimes } from '../mongo/document-times.js';
import { MongoStorageSizes } from '../mongo/storage-sizes.js';

/** What is sealed, the documents that it is made of, and what reads both. */
export interface StoredHistory {
  readonly documents: TurnDocuments;
  readonly blocks: BlockStore;
  readonly sealed: SealedBlocks;
  readonly removal: BlockRemoval;
  /** Without the backlog. */
  readonly chunks: TurnChunks;
  /** The same with the times of the turns alone, where they stand in documents. */
  readonly times: TurnChunks;
  readonly sizes: StorageSizes;
}

export function openHistory(database: Database, damage: Damage): StoredHistory {
  const documents = new DocumentChunks(database);
  const blocks = new MongoBlockStore(database);
  const sealed = new SealedBlocks(blocks, new MongoCycleStore(database));
  return {
    ...{ documents, blocks, sealed },
    removal: new BlockRemoval(blocks, sealed),
    chunks: new StoredChunks({ documents, blocks, sealed, damage }),
    times: new StoredChunks({ documents: new DocumentTimes(database), blocks, sealed, damage }),
    sizes: new MongoStorageSizes(database),
  };
}
