import { BlockFault, type ByteReader, type ByteWriter } from './bytes.js';

/** Writes at which of so many places something is: the lengths of runs without and with it, in turn. */
export function packRuns(
  writer: ByteWriter,
  length: number,
  isThere: (at: number) => boolean,
): void {
  for (let at = 0, is = false; at < length; is = !is) {
    const start = at;
    while (at < length && isThere(at) === is) at++;
    writer.varint(at - start);
  }
}

/**
 * Where the runs of places with something begin and end, one after another.
 * @throws {BlockFault}
 */
export function unpackRuns(reader: ByteReader, length: number): number[] {
  const ends: number[] = [];
  for (let at = 0, is = false; at < length; is = !is) {
    const start = at;
    at += reader.varint();
    if (at > length) throw new BlockFault('a run in it is too long');
    // Only the first run may be of no length.
    if (at === start && start > 0) throw new BlockFault('a run in it is empty');
    if (is) ends.push(start, at);
  }
  return ends;
}
