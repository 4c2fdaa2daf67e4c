import { LRUCache } from 'lru-cache';

/** How many are kept of each kind. */
const KEPT = 32;
/** What is longer hardly comes again. */
const MOST_BYTES = 1_024;

/** What many blocks have alike is unpacked once, and shared by them. */
export class UnpackedOnce<T extends object> {
  readonly #kept = new LRUCache<string, T>({ max: KEPT });
  readonly #unpack: (bytes: Uint8Array, length: number) => T;

  /** @param unpack what is unpacked is not written to by anybody */
  constructor(unpack: (bytes: Uint8Array, length: number) => T) {
    this.#unpack = unpack;
  }

  /** @throws {BlockFault} */
  of(bytes: Uint8Array, length: number): T {
    if (bytes.length > MOST_BYTES) return this.#unpack(bytes, length);
    const { buffer, byteOffset, byteLength } = bytes;
    const key = `${length} ${Buffer.from(buffer, byteOffset, byteLength).toString('latin1')}`;
    let unpacked = this.#kept.get(key);
    if (!unpacked) this.#kept.set(key, (unpacked = this.#unpack(bytes, length)));
    return unpacked;
  }
}
