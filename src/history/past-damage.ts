import { BlockFault } from './blocks/bytes.js';

/** How many blocks may be found damaged by one reading. */
const MOST_FAULTS = 16;

/**
 * Reads once more where a sealed block was found damaged while it was read: the next reading knows of it, and
 * takes its turns from their documents, or as such that cannot be read.
 */
export async function pastDamage<T>(read: () => Promise<T>): Promise<T> {
  for (let left = MOST_FAULTS; ; left--) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof BlockFault) || left === 0) throw error;
    }
  }
}
