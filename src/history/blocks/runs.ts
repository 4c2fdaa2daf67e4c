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

/** How many places the runs have together. */
export function countOf(runs: readonly number[]): number {
  let count = 0;
  for (let run = 0; run < runs.length; run += 2) {
    count += (runs[run + 1] as number) - (runs[run] as number);
  }
  return count;
}

/** The numbers at the places of the runs. */
export function gathered(column: Float64Array, runs: readonly number[]): Float64Array {
  if (runs.length === 2 && runs[0] === 0) return column.subarray(0, runs[1]);
  const numbers = new Float64Array(countOf(runs));
  for (let run = 0, from = 0; run < runs.length; run += 2) {
    const some = column.subarray(runs[run], runs[run + 1]);
    numbers.set(some, from);
    from += some.length;
  }
  return numbers;
}

/** A column with numbers at the places of the runs, NaN at all others. */
export function spread(
  numbers: Float64Array,
  runs: readonly number[],
  length: number,
): Float64Array {
  if (numbers.length === length) return numbers;
  const column = new Float64Array(length).fill(NaN);
  for (let run = 0, from = 0; run < runs.length; run += 2) {
    const [start, end] = [runs[run] as number, runs[run + 1] as number];
    column.set(numbers.subarray(from, from + end - start), start);
    from += end - start;
  }
  return column;
}
