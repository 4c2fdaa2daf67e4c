import { BlockFault, ByteReader, ByteWriter } from './bytes.js';
import { packTexts, unpackTexts } from './texts.js';

/** Ids of documents as hexadecimal text of so many bytes, or any texts. */
const BINARY = 1;
const TEXTS = 2;
const ID_BYTES = 12;
const ID = /^[0-9a-f]{24}$/;

/**
 * The ids of the cycles of a block: all their first bytes, then all their second ones, because they
 * begin with the time.
 */
export function packIds(ids: readonly string[]): Uint8Array {
  const writer = new ByteWriter();
  if (!ids.every((id) => ID.test(id))) {
    writer.byte(TEXTS);
    writer.raw(packTexts(ids));
    return writer.bytes;
  }
  writer.byte(BINARY);
  const bytes = ids.map((id) => Buffer.from(id, 'hex'));
  for (let at = 0; at < ID_BYTES; at++) {
    for (const id of bytes) writer.byte(id[at] as number);
  }
  return writer.bytes;
}

/** @throws {BlockFault} */
export function unpackIds(bytes: Uint8Array, length: number): string[] {
  const reader = new ByteReader(bytes);
  const way = reader.byte();
  if (way === TEXTS) {
    return unpackTexts(bytes.subarray(1), length, (text) => text).map((id) => id ?? '');
  }
  if (way !== BINARY) throw new BlockFault('its ids are written in a way that is not known');
  const ids = Buffer.alloc(ID_BYTES * length);
  for (let at = 0; at < ID_BYTES; at++) {
    for (let n = 0; n < length; n++) ids[n * ID_BYTES + at] = reader.byte();
  }
  reader.end();
  return Array.from({ length }, (_, n) => ids.toString('hex', n * ID_BYTES, (n + 1) * ID_BYTES));
}
