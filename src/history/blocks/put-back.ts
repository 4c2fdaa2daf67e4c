import type { Cycle } from '../../domain/cycle.js';
import type { TurnDocuments } from '../turn-documents.js';
import { cycleAt } from './block.js';
import type { BlockStore } from './block-store.js';
import { entryAfter, type ManifestEntry } from './manifest.js';
import type { SealedBlocks } from './sealed-blocks.js';
import { readWhole } from './whole-block.js';

/** How many documents are written at a time. */
const AT_ONCE = 128;

/** Writes documents of cycles under the ids that they had. */
export interface DocumentReturn {
  /** Those that are there stay as they are. */
  putBack(cycles: readonly { readonly cycle: Cycle; readonly id: string }[]): Promise<void>;
}

interface PutBackOptions {
  readonly blocks: BlockStore;
  readonly sealed: Pick<SealedBlocks, 'last' | 'forget'>;
  readonly documents: Pick<TurnDocuments, 'idsWithin'>;
  readonly writer: DocumentReturn;
}

/** Makes documents again of a block that is the only copy of its cycles. */
export class PutBack {
  readonly #options: PutBackOptions;

  constructor(options: PutBackOptions) {
    this.#options = options;
  }

  /**
   * Afterwards the block is as any other.
   * @throws {BlockFault} where it is damaged
   */
  async block(entry: ManifestEntry): Promise<void> {
    const { blocks, sealed, documents, writer } = this.#options;
    const { whole, ids } = await readWhole(blocks, entry);
    const cycles = [...whole.turns.keys()].flatMap((at) => {
      const cycle = cycleAt(whole, at);
      return cycle ? [{ cycle, id: ids[at] as string }] : [];
    });
    for (let at = 0; at < cycles.length; at += AT_ONCE) {
      await writer.putBack(cycles.slice(at, at + AT_ONCE));
    }
    const there = await documents.idsWithin(entry.firstTurn, entry.lastTurn);
    const missing = cycles.find(({ cycle, id }) => there.get(cycle.turn) !== id);
    if (missing) throw new Error(`turn ${missing.cycle.turn} could not be put back`);
    if (!(await blocks.publish(entryAfter(await sealed.last(), entry)))) {
      throw new Error(`block ${entry.block} could not be opened: history is being sealed`);
    }
    await blocks.markRemoved([entry]);
    sealed.forget();
  }
}
