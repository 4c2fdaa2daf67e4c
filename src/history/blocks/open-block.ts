import type { Columns } from './block.js';
import type { BlockHead, BlockStore, Part, PartName } from './block-store.js';
import { BlockFault } from './bytes.js';
import type { ManifestEntry } from './manifest.js';

/** A block, once its turns are read. */
export interface OpenBlock {
  readonly entry: ManifestEntry;
  readonly head: BlockHead;
}

/** @throws {BlockFault} */
export async function openBlock(
  store: Pick<BlockStore, 'heads'>,
  entry: ManifestEntry,
): Promise<OpenBlock> {
  const [head] = await store.heads([entry]);
  return { entry, head: sound(head as BlockHead | BlockFault) };
}

/**
 * Parts of a block, by the names that they have in it.
 * @throws {BlockFault}
 */
export async function readParts(
  store: Pick<BlockStore, 'read'>,
  block: OpenBlock,
  parts: readonly string[],
): Promise<Columns[]> {
  const found = await store.read(parts.map((part) => nameOf(block, part)));
  return found.map((part: Part | BlockFault) => sound(part).columns);
}

export function nameOf({ entry: { block, name }, head }: OpenBlock, part: string): PartName {
  return { block, name, part, digest: head.parts.get(part)?.digest ?? '' };
}

/** @throws {BlockFault} */
export function sound<T>(part: T | BlockFault): T {
  if (part instanceof BlockFault) throw part;
  return part;
}
