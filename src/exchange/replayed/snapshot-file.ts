import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readJson, RecordingError } from './recorded-data.js';
import { readRows, type SnapshotRows } from './snapshot-rows.js';

/** How much of either end of a file is looked at. */
const END_BYTES = 64;

/**
 * Whether a file begins and ends as a list does, which takes no reading of what is between: one that
 * is empty or was cut off does not. Gives its size.
 * @throws {RecordingError} naming the file and what is wrong with it
 */
export function checkEnds(file: string): number {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    const fault = faultOfEnds(descriptor, size);
    if (fault !== null) throw new Error(fault);
    return size;
  } catch (error) {
    throw new RecordingError(`${file}: ${(error as Error).message}`, { cause: error });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function faultOfEnds(descriptor: number, size: number): string | null {
  const begin = readPart(descriptor, 0, Math.min(END_BYTES, size));
  if (begin.trim() === '' && size <= END_BYTES) return 'empty';
  // Text of two bytes a character is only looked at as a whole.
  if (/^\uFFFD|\0/.test(begin)) return null;
  if (!/^\uFEFF?\s*\[/.test(begin)) return 'expected a list of tickers';
  const end = readPart(descriptor, Math.max(0, size - END_BYTES), Math.min(END_BYTES, size));
  return /\]\s*$/.test(end) ? null : 'cut off: a list of tickers ends with ]';
}

function readPart(descriptor: number, position: number, length: number): string {
  const bytes = Buffer.alloc(length);
  const count = readSync(descriptor, bytes, 0, length, position);
  return bytes.subarray(0, count).toString('utf8');
}

/**
 * Reads a snapshot.
 * @throws {RecordingError} naming the file if it is no list of tickers, or there is none in it
 */
export function readSnapshot(file: string): SnapshotRows {
  const list = readJson(file);
  if (!Array.isArray(list)) throw new RecordingError(`${file}: expected a list of tickers`);
  const rows = readRows(list);
  if (rows.tickers.size > 0) return rows;
  const [fault] = rows.faults.values();
  throw new RecordingError(`${file}: no ticker in it${fault === undefined ? '' : `: ${fault}`}`);
}
