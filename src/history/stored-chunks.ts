import type { Damage } from './damage.js';
import { firstPace, type Pace } from '../scheduling/slices.js';
import { BlockChunk } from './blocks/block-chunk.js';
import { BlockGroup } from './blocks/block-group.js';
import type { BlockStore } from './blocks/block-store.js';
import { turnsOf } from './blocks/block.js';
import { BlockFault } from './blocks/bytes.js';
import type { ManifestEntry } from './blocks/manifest.js';
import type { SealedBlocks } from './blocks/sealed-blocks.js';
import type { TurnChunk, TurnChunks } from './turn-chunk.js';

/** How many blocks are opened at a time. */
const OPENED_AT_ONCE = 32;

export interface StoredChunksOptions {
  readonly documents: TurnChunks;
  readonly blocks: BlockStore;
  readonly sealed: SealedBlocks;
  readonly damage: Pick<Damage, 'report'>;
}

/** Sealed blocks where there are any, documents everywhere else. */
export class StoredChunks implements TurnChunks {
  readonly #options: StoredChunksOptions;

  constructor(options: StoredChunksOptions) {
    this.#options = options;
  }

  async *chunks(first: number, last: number, pace: Pace = firstPace()): AsyncGenerator<TurnChunk> {
    const { documents, sealed } = this.#options;
    const within = (await sealed.counting()).filter(
      ({ firstTurn, lastTurn }) => firstTurn <= last && lastTurn >= first,
    );
    let next = first;
    for (let at = 0; at < within.length; at += OPENED_AT_ONCE) {
      for await (const { entry, chunk } of this.#open(
        within.slice(at, at + OPENED_AT_ONCE),
        first,
        last,
      )) {
        const place = turnsOf(entry.block);
        if (place.first > next) yield* documents.chunks(next, place.first - 1, pace);
        if (pace.isSpent) await pace.next();
        if (chunk) yield chunk;
        else yield* documents.chunks(Math.max(next, place.first), Math.min(last, place.last), pace);
        next = place.last + 1;
      }
    }
    if (next <= last) yield* documents.chunks(next, last, pace);
  }

  /** Chunks of sealed blocks; none for one that is damaged. */
  async *#open(entries: readonly ManifestEntry[], first: number, last: number) {
    const group = new BlockGroup(this.#options.blocks);
    const opened = await group.open(entries);
    for (const [at, block] of opened.entries()) {
      const entry = entries[at] as ManifestEntry;
      if (block instanceof BlockFault) {
        await this.#distrust(entry, block);
        yield { entry, chunk: null };
        continue;
      }
      const chunk = new BlockChunk(group, block, first, last, async (fault, turns) => {
        await this.#distrust(entry, fault);
        return this.#fromDocuments(fault, turns);
      });
      yield { entry, chunk };
      group.close(block);
    }
  }

  /** The same turns from their documents. @throws {BlockFault} where those are not the same */
  async #fromDocuments(fault: BlockFault, turns: Float64Array): Promise<TurnChunk> {
    const [first, last] = [turns[0] ?? 1, turns.at(-1) ?? 0];
    for await (const chunk of this.#options.documents.chunks(first, last)) {
      const isSame =
        chunk.turns.length === turns.length && chunk.turns.every((turn, at) => turn === turns[at]);
      if (isSame) return chunk;
      break;
    }
    throw fault;
  }

  async #distrust(entry: ManifestEntry, fault: BlockFault): Promise<void> {
    const { block, name } = entry;
    // What another instance has taken away is missing, and not damaged.
    if (!(await this.#options.sealed.isThere(entry))) return;
    this.#options.sealed.distrust(name);
    const words = `Of the sealed history, block ${block} is damaged: ${fault.message}. The documents of its turns answer in its place.`;
    this.#options.damage.report(`block ${block}`, words);
  }
}
