import { BlockRemoval } from '../history/blocks/block-removal.js';
import type { BlockStore } from '../history/blocks/block-store.js';
import { OnlyCopies } from '../history/blocks/only-copies.js';
import { PutBack } from '../history/blocks/put-back.js';
import { SealedBlocks } from '../history/blocks/sealed-blocks.js';
import type { CycleAges, CycleStore, CycleTimes } from '../history/cycle-store.js';
import { CyclesWithBlocks } from '../history/cycles-with-blocks.js';
import type { Damage } from '../history/damage.js';
import type { StorageSizes } from '../history/history-extent.js';
import { StoredAges, StoredTurns } from '../history/stored-turns.js';
import { StoredChunks } from '../history/stored-chunks.js';
import type { TurnChunks } from '../history/turn-chunk.js';
import type { TurnDocuments } from '../history/turn-documents.js';
import { MongoBlockStore } from '../mongo/block-store.js';
import type { Database } from '../mongo/connect.js';
import { MongoCycleAges } from '../mongo/cycle-ages.js';
import { MongoCycleRewrite } from '../mongo/cycle-rewrite.js';
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
  /** The stored cycles, wherever they stand, without the backlog; so all that follows. */
  readonly cycles: CycleStore;
  readonly turns: TurnDocuments;
  readonly ages: CycleAges & CycleTimes;
  readonly chunks: TurnChunks;
  /** The same with the times of the turns alone, where they stand in documents. */
  readonly times: TurnChunks;
  /** Removes documents that are sealed, and replaces those that are computed anew. */
  readonly rewrite: MongoCycleRewrite;
  /** Takes a block away whose cycles then all stand in documents. */
  readonly opening: Pick<BlockRemoval, 'with'>;
  readonly sizes: StorageSizes;
}

export function openHistory(database: Database, damage: Damage): StoredHistory {
  const documents = new DocumentChunks(database);
  const blocks = new MongoBlockStore(database);
  const sealed = new SealedBlocks(blocks, new MongoCycleStore(database));
  const removal = new BlockRemoval(blocks, sealed);
  const copies = new OnlyCopies({ blocks, sealed, damage });
  const turns = new StoredTurns(documents, copies);
  const rewrite = new MongoCycleRewrite(database);
  const putBack = new PutBack({ blocks, sealed, documents, writer: rewrite });
  return {
    ...{ documents, blocks, sealed, removal, turns, rewrite },
    cycles: new CyclesWithBlocks({
      documents: new MongoCycleStore(database, removal, sealed),
      ...{ copies, turns },
      putBack: (entry) => putBack.block(entry),
    }),
    ages: new StoredAges(new MongoCycleAges(database), copies),
    chunks: new StoredChunks({ documents, blocks, sealed, damage }),
    times: new StoredChunks({ documents: new DocumentTimes(database), blocks, sealed, damage }),
    opening: {
      async with(turn) {
        for (const entry of await copies.within(turn, turn)) await putBack.block(entry);
        await removal.with(turn);
      },
    },
    sizes: new MongoStorageSizes(database),
  };
}
