import type { BlockHead, BlockStore, Part, PartName } from './block-store.js';
import { BlockFault } from './bytes.js';
import type { ManifestEntry } from './manifest.js';
import { nameOf, sound, type OpenBlock } from './open-block.js';

/** How much is read ahead at a time, about, bytes. */
const AHEAD_BYTES = 2 * 1024 * 1024;

/**
 * Some blocks that are read one after another. What is asked of one of them is most likely asked of
 * the next ones, and read for them at once.
 */
export class BlockGroup {
  readonly #store: Pick<BlockStore, 'heads' | 'read'>;
  /** By block and name. */
  readonly #parts = new Map<string, Map<string, Promise<Part | BlockFault>>>();
  #blocks: readonly (OpenBlock | BlockFault)[] = [];

  constructor(store: Pick<BlockStore, 'heads' | 'read'>) {
    this.#store = store;
  }

  /** By the place of their lines. */
  async open(entries: readonly ManifestEntry[]): Promise<readonly (OpenBlock | BlockFault)[]> {
    const heads = await this.#store.heads(entries);
    this.#blocks = entries.map((entry, at) => {
      const head = heads[at] as BlockHead | BlockFault;
      return head instanceof BlockFault ? head : { entry, head };
    });
    return this.#blocks;
  }

  /**
   * Parts of a block, by the names that they have in it.
   * @param ahead the name that the same part has in another block; null where it has none
   * @throws {BlockFault}
   */
  async read(
    block: OpenBlock,
    parts: readonly string[],
    ahead: (part: string, other: OpenBlock) => string | null,
  ): Promise<Part[]> {
    const missing = parts.filter((part) => !this.#partsOf(block.entry).has(part));
    if (missing.length > 0) this.#ask(this.#further(block, missing, ahead));
    const found: Part[] = [];
    for (const part of parts) {
      const asked = this.#partsOf(block.entry).get(part) as Promise<Part | BlockFault>;
      found.push(sound(await asked));
    }
    return found;
  }

  /** What is done with a block is not asked for again. */
  close(block: OpenBlock): void {
    this.#parts.delete(block.entry.name);
  }

  #further(
    block: OpenBlock,
    missing: readonly string[],
    ahead: (part: string, other: OpenBlock) => string | null,
  ): PartName[] {
    const wanted = missing.map((part) => nameOf(block, part));
    let bytes = bytesOf(block, missing);
    for (const other of this.#blocks.slice(this.#blocks.indexOf(block) + 1)) {
      if (other instanceof BlockFault) continue;
      const names = missing
        .map((part) => ahead(part, other))
        .filter((part) => part !== null)
        .filter((part) => !this.#partsOf(other.entry).has(part));
      bytes += bytesOf(other, names);
      if (bytes > AHEAD_BYTES) break;
      wanted.push(...names.map((part) => nameOf(other, part)));
    }
    return wanted;
  }

  #ask(wanted: readonly PartName[]): void {
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
