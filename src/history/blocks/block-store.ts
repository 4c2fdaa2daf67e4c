import type { Pair } from '../../domain/asset.js';
import type { Columns, PackedBlock } from './block.js';
import type { BlockFault } from './bytes.js';
import type { ManifestEntry, Seal } from './manifest.js';

/** A part of a sealed block, as it was sealed. */
export interface PartName extends Pick<Seal, 'block' | 'name'> {
  readonly part: string;
  /** SHA-256 of its bytes. */
  readonly digest: string;
}

/** A part as it was read. */
export interface Part {
  readonly columns: Columns;
  readonly bytes: number;
}

/** What a block begins with: its turns, and what there is of it beside them. */
export interface BlockHead extends Part {
  /** By place, as the names of the parts count them. */
  readonly pairs: readonly Pair[];
  /** By name: the SHA-256 of a part's bytes, and how many there are. */
  readonly parts: {
    get(name: string): { readonly digest: string; readonly bytes: number } | undefined;
  };
}

/** The sealed blocks. Every method throws {@link DatabaseUnavailableError} while the database is away. */
export interface BlockStore {
  /** The lines of the manifest from a number on, in order. */
  entries(from: number): Promise<ManifestEntry[]>;
  /** Writes the parts of a block. They count for nothing before there is a line that names them. */
  write(block: number, packed: PackedBlock): Promise<Pick<Seal, 'name' | 'digest' | 'bytes'>>;
  /**
   * Adds a line to the manifest, durably.
   * @returns whether it was added: not where there is one with its number
   */
  publish(entry: ManifestEntry): Promise<boolean>;
  /** What sealed blocks begin with; a fault where that is missing, or is not what was sealed. */
  heads(
    seals: readonly Pick<Seal, 'block' | 'name' | 'digest'>[],
  ): Promise<(BlockHead | BlockFault)[]>;
  /** Parts of sealed blocks; a fault where one is missing, or is not what was sealed. */
  read(parts: readonly PartName[]): Promise<(Part | BlockFault)[]>;
  /** Which of these lines there are, and were not marked as removed. */
  standing(numbers: readonly number[]): Promise<ReadonlySet<number>>;
  /** Says of lines that their blocks do not count any more. */
  markRemoved(entries: readonly ManifestEntry[]): Promise<void>;
  /** Removes the parts in the blocks from one to another that no seal names. */
  clear(from: number, to: number, kept: ReadonlySet<string>): Promise<void>;
}
