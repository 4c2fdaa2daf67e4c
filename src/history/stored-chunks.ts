import type { Damage } from './damage.js';
import { firstPace, type Pace } from '../scheduling/slices.js';
import { BlockChunk } from './blocks/block-chunk.js';
import { BlockGroup } from './blocks/block-group.js';
import type { BlockStore } from './blocks/block-store.js';
import { turnsOf, unpackTurns } from './blocks/block.js';
import { wordsOfDamage } from './blocks/only-copies.js';
import { BlockFault } from './blocks/bytes.js';
import type { ManifestEntry } from './blocks/manifest.js';
import type { SealedBlocks } from './blocks/sealed-blocks.js';
import { ChunkBuilder } from './chunk-builder.js';
import { UnreadableCycle } from './stored-cycle.js';
import { FREE, type TurnChunk, type TurnChunks } from './turn-chunk.js';
import { WholeChunk } from './whole-chunk.js';

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
    const within = await this.#within(first, last);
    let next = first;
    for await (const { entry, chunk } of this.#open(within, first, last)) {
      const place = turnsOf(entry.block);
      if (place.first > next) yield* this.#ofDocuments(next, place.first - 1, pace);
      if (pace.isSpent) await pace.next();
      if (chunk) yield chunk;
      else yield* this.#ofDocuments(Math.max(next, place.first), Math.min(last, place.last), pace);
      next = place.last + 1;
    }
    if (next <= last) yield* this.#ofDocuments(next, last, pace);
  }

  /** The blocks to be read, and those that would be if they were not damaged, and are the only copies. */
  async #within(first: number, last: number): Promise<ManifestEntry[]> {
    const { sealed } = this.#options;
    const counting = new Set((await sealed.counting()).map(({ name }) => name));
    return (await sealed.all()).filter(
      (entry) =>
        (counting.has(entry.name) || entry.isOnlyCopy) &&
        entry.firstTurn <= last &&
        entry.lastTurn >= first,
    );
  }

  /** What is removed of the documents while they are read is in a block that is the only copy by then. */
  async *#ofDocuments(first: number, last: number, pace: Pace): AsyncGenerator<TurnChunk> {
    const { documents, sealed } = this.#options;
    const isInBlocks = async (from: number, to: number) =>
      (await sealed.onlyCopies(from, to)).length > 0;
    let next = first;
    for await (const chunk of documents.chunks(first, last, pace)) {
      const end = chunk.turns.at(-1) ?? next;
      const isDense = chunk.turns.length === end - next + 1;
      if (!isDense && (await isInBlocks(next, end))) yield* this.chunks(next, end, pace);
      else yield chunk;
      next = end + 1;
    }
    if (next <= last && (await isInBlocks(next, last))) yield* this.chunks(next, last, pace);
  }

  /** Chunks of sealed blocks; none for one that is damaged. */
  async *#open(entries: readonly ManifestEntry[], first: number, last: number) {
    const group = new BlockGroup(this.#options.blocks, entries);
    for await (const { entry, block } of group.opened()) {
      if (block instanceof BlockFault) {
        const isThere = await this.#distrust(entry, block);
        yield {
          entry,
          chunk: isThere && entry.isOnlyCopy ? unreadableTurns(entry, first, last) : null,
        };
        continue;
      }
      if (entry.isOnlyCopy && this.#options.sealed.isDistrusted(entry.name)) {
        const known = unpackTurns(block.head.columns, entry.turns);
        yield { entry, chunk: unreadableTurns(entry, first, last, known) };
        continue;
      }
      const chunk = new BlockChunk(group, block, first, last, async (fault, turns) => {
        await this.#distrust(entry, fault);
        if (entry.isOnlyCopy) throw fault;
        return this.#fromDocuments(fault, turns);
      });
      yield { entry, chunk };
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

  /** @returns whether the block is there still */
  async #distrust(entry: ManifestEntry, fault: BlockFault): Promise<boolean> {
    const { block, name } = entry;
    // What another instance has taken away is missing, and not damaged.
    if (!(await this.#options.sealed.isThere(entry))) return false;
    this.#options.sealed.distrust(name);
    const words = entry.isOnlyCopy
      ? wordsOfDamage(entry, fault)
      : `Of the sealed history, block ${block} is damaged: ${fault.message}. The documents of its turns answer in its place.`;
    this.#options.damage.report(`block ${block}`, words);
    return true;
  }
}

/**
 * Turns of a damaged block that is the only copy: where it does not say which, all that it may have, and
 * nobody knows when they were observed.
 */
function unreadableTurns(
  { firstTurn, lastTurn }: ManifestEntry,
  first: number,
  last: number,
  known?: Pick<TurnChunk, 'turns' | 'observedAt'>,
): TurnChunk {
  const builder = new ChunkBuilder(lastTurn - firstTurn + 1);
  const may =
    known?.turns ?? Array.from({ length: lastTurn - firstTurn + 1 }, (_, n) => firstTurn + n);
  for (const [at, turn] of may.entries()) {
    if (turn < first || turn > last) continue;
    builder.add(new UnreadableCycle(turn, 'its block is damaged'), known?.observedAt[at]);
  }
  return new WholeChunk(builder.build(), FREE);
}
