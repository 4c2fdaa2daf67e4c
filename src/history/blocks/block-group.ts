import type { BlockHead, BlockStore, Part, PartName } from './block-store.js';
import { BlockFault } from './bytes.js';
import type { ManifestEntry } from './manifest.js';
import { nameOf, sound, type OpenBlock } from './open-block.js';

/** How many blocks are opened at a time. */
const OPENED_AT_ONCE = 32;
/** How much is asked for ahead at a time, about, bytes. */
const AHEAD_BYTES = 2 * 1024 * 1024;
/** With less than that on its way, blocks, more is asked for. */
const FEWEST_AHEAD = 8;

/** An entry of the manifest, and its block as far as it can be opened. */
export interface Opened {
  readonly entry: ManifestEntry;
  readonly block: OpenBlock | BlockFault;
}

/** What a part of one block is called in another one; null where that has none. */
export type NameElsewhere = (part: string, other: OpenBlock) => string | null;

/**
 * Some blocks that are read one after another. What is asked of one of them is most likely asked of
 * the next ones, and is on its way while that one is worked on.
 */
export class BlockGroup {
  readonly #store: Pick<BlockStore, 'heads' | 'read'>;
  readonly #entries: readonly ManifestEntry[];
  /** By block and name. */
  readonly #parts = new Map<string, Map<string, Promise<Part | BlockFault>>>();
  /** Those that are opened and not done with, in order. */
  #blocks: OpenBlock[] = [];

  constructor(store: Pick<BlockStore, 'heads' | 'read'>, entries: readonly ManifestEntry[]) {
    this.#store = store;
    this.#entries = entries;
  }

  /** Each block in turn, which is done with when the next one is asked for; the next ones are opened meanwhile. */
  async *opened(): AsyncGenerator<Opened> {
    let next = this.#open(0);
    for (let at = 0; at < this.#entries.length; at += OPENED_AT_ONCE) {
      const opened = await next;
      next = this.#open(at + OPENED_AT_ONCE);
      // Whoever comes to them is told.
      next.catch(() => undefined);
      for (const each of opened) {
        yield each;
        if (!(each.block instanceof BlockFault)) this.#close(each.block);
      }
    }
  }

  /**
   * Parts of a block, by the names that they have in it.
   * @throws {BlockFault}
   */
  async read(
    block: OpenBlock,
    parts: readonly string[],
    nameElsewhere: NameElsewhere,
  ): Promise<Part[]> {
    const missing = parts.filter((part) => !this.#partsOf(block.entry).has(part));
    this.#ask([
      ...missing.map((part) => nameOf(block, part)),
      ...(missing.length > 0
        ? this.#lacking(this.#following(block), missing, nameElsewhere, bytesOf(block, missing))
        : this.#ahead(block, parts, nameElsewhere)),
    ]);
    const found: Part[] = [];
    for (const part of parts) {
      const asked = this.#partsOf(block.entry).get(part) as Promise<Part | BlockFault>;
      found.push(sound(await asked));
    }
    return found;
  }

  async #open(from: number): Promise<readonly Opened[]> {
    const entries = this.#entries.slice(from, from + OPENED_AT_ONCE);
    if (entries.length === 0) return [];
    const heads = await this.#store.heads(entries);
    const opened = entries.map((entry, at): Opened => {
      const head = heads[at] as BlockHead | BlockFault;
      return { entry, block: head instanceof BlockFault ? head : { entry, head } };
    });
    for (const { block } of opened) if (!(block instanceof BlockFault)) this.#blocks.push(block);
    return opened;
  }

  /** It is not read ahead any longer. */
  #close(block: OpenBlock): void {
    this.#parts.delete(block.entry.name);
    this.#blocks = this.#blocks.filter((each) => each !== block);
  }

  /** Of those that follow, what is not asked for yet; nothing where enough is on its way. */
  #ahead(block: OpenBlock, parts: readonly string[], nameElsewhere: NameElsewhere): PartName[] {
    const following = this.#following(block);
    const near = following.slice(0, FEWEST_AHEAD);
    const isShort = this.#lacking(near, parts, nameElsewhere, 0).length > 0;
    return isShort ? this.#lacking(following, parts, nameElsewhere, 0) : [];
  }

  #following(block: OpenBlock): readonly OpenBlock[] {
    const place = this.#blocks.indexOf(block);
    return place === -1 ? [] : this.#blocks.slice(place + 1);
  }

  /** What is not asked for yet of some blocks, as much as there is room for. @param bytes what is asked for beside it */
  #lacking(
    blocks: readonly OpenBlock[],
    parts: readonly string[],
    nameElsewhere: NameElsewhere,
    bytes: number,
  ): PartName[] {
    const wanted: PartName[] = [];
    let sum = bytes;
    for (const other of blocks) {
      const names = parts
        .map((part) => nameElsewhere(part, other))
        .filter((part) => part !== null)
        .filter((part) => !this.#partsOf(other.entry).has(part));
      sum += bytesOf(other, names);
      if (sum > AHEAD_BYTES) break;
      wanted.push(...names.map((part) => nameOf(other, part)));
    }
    return wanted;
  }

  #ask(wanted: readonly PartName[]): void {
    if (wanted.length === 0) return;
    const asked = this.#store.read(wanted);
    wanted.forEach((part, at) => {
      const read = asked.then((found) => found[at] as Part | BlockFault);
      const parts = this.#partsOf(part);
      // Whoever asks for it is told.
      read.catch(() => parts.delete(part.part));
      parts.set(part.part, read);
    });
  }

  #partsOf({ name }: Pick<PartName, 'name'>): Map<string, Promise<Part | BlockFault>> {
    const known = this.#parts.get(name);
    if (known) return known;
    const none = new Map<string, Promise<Part | BlockFault>>();
    this.#parts.set(name, none);
    return none;
  }
}

function bytesOf({ head }: OpenBlock, parts: readonly string[]): number {
  return parts.reduce((sum, part) => sum + (head.parts.get(part)?.bytes ?? 0), 0);
}
