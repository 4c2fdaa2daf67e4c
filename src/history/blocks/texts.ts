import { BlockFault, ByteReader, ByteWriter } from './bytes.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Texts, null for none at a place: each different one once, in the order of appearance, and runs of
 * the same one.
 */
export function packTexts(texts: readonly (string | null)[]): Uint8Array {
  const writer = new ByteWriter();
  /** From 1 on in the order of their appearance; 0 is none. */
  const known = new Map<string | null, number>([[null, 0]]);
  for (let at = 0; at < texts.length;) {
    const text = texts[at] as string | null;
    const start = at;
    while (at < texts.length && texts[at] === text) at++;
    writer.varint(at - start);
    const number = known.get(text);
    writer.varint(number ?? known.size);
    if (number !== undefined || text === null) continue;
    known.set(text, known.size);
    const bytes = encoder.encode(text);
    writer.varint(bytes.length);
    writer.raw(bytes);
  }
  return writer.bytes;
}

/**
 * @param length how many places there are
 * @param read makes of each different text what stands for it
 * @throws {BlockFault}
 */
export function unpackTexts<T>(
  bytes: Uint8Array,
  length: number,
  read: (text: string) => T,
): (T | null)[] {
  const reader = new ByteReader(bytes);
  const known: (T | null)[] = [null];
  const values: (T | null)[] = [];
  while (values.length < length) {
    const count = reader.varint();
    const number = reader.varint();
    if (number === known.length) {
      try {
        known.push(read(decoder.decode(reader.raw(reader.varint()))));
      } catch {
        throw new BlockFault('a text in it cannot be read');
      }
    }
    const value = known[number];
    if (value === undefined || count === 0 || values.length + count > length) {
      throw new BlockFault('a run in it is none');
    }
    if (count === length) return ended(reader, new Array<T | null>(length).fill(value));
    for (let n = 0; n < count; n++) values.push(value);
  }
  return ended(reader, values);
}

/** @throws {BlockFault} where there is more */
function ended<T>(reader: ByteReader, values: T): T {
  reader.end();
  return values;
}
