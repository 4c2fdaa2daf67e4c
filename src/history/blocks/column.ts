import { BlockFault, ByteReader, ByteWriter } from './bytes.js';
import { packRuns, unpackRuns } from './runs.js';

/**
 * How the numbers of a column are written, those that are NaN left out:
 * as the differences of whole numbers that, over a power of ten, are exactly these doubles; or as
 * doubles, all their first bytes, then all their second ones, which compress better so.
 */
const DECIMAL = 1;
const DOUBLES = 2;

/** More decimal places than that no exchange gives. */
const MOST_PLACES = 15;
/** So large a whole number, or difference of two, is exact, and so is its double. */
const LARGEST = 2 ** 52;
const DOUBLE_BYTES = 8;

/**
 * A column of numbers as bytes, NaN for none at a place. What is unpacked is the same bit for bit
 * (any NaN as the one there is): it is compared before it counts.
 */
export function packColumn(values: Float64Array): Uint8Array {
  const present = values.filter((value) => !Number.isNaN(value));
  const decimal = packDecimal(values, present);
  if (decimal && isSame(unpackColumn(decimal, values.length), values)) return decimal;
  const doubles = packDoubles(values, present);
  if (!isSame(unpackColumn(doubles, values.length), values)) {
    throw new Error('a column of doubles does not unpack as what it was packed from');
  }
  return doubles;
}

/**
 * @param length how many places it has
 * @throws {BlockFault}
 */
export function unpackColumn(bytes: Uint8Array, length: number): Float64Array {
  const reader = new ByteReader(bytes);
  const way = reader.byte();
  const runs = unpackRuns(reader, length);
  const values = new Float64Array(length).fill(NaN);
  if (way === DECIMAL) unpackDecimal(reader, runs, values);
  else if (way === DOUBLES) unpackDoubles(reader, runs, values);
  else throw new BlockFault('it is written in a way that is not known to this program');
  reader.end();
  return values;
}

/** Whether two columns are the same bit for bit, one NaN being as good as another. */
function isSame(one: Float64Array, other: Float64Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (!Object.is(one[at], other[at])) return false;
  return true;
}

/** Runs of places with a number and of places without one, in turn. */
function begin(way: number, values: Float64Array): ByteWriter {
  const writer = new ByteWriter();
  writer.byte(way);
  packRuns(writer, values.length, (at) => !Number.isNaN(values[at]));
  return writer;
}

function packDecimal(values: Float64Array, present: Float64Array): Uint8Array | null {
  const places = placesOf(present);
  if (places === null) return null;
  const writer = begin(DECIMAL, values);
  writer.byte(places);
  const unit = 10 ** places;
  let before = 0;
  for (const value of present) {
    const whole = Math.round(value * unit);
    const difference = whole - before;
    if (Math.abs(difference) > LARGEST) return null;
    writer.signed(difference);
    before = whole;
  }
  return writer.bytes;
}

/** The fewest decimal places with which all numbers are written exactly; null where there are none. */
function placesOf(present: Float64Array): number | null {
  let places = 0;
  let unit = 1;
  for (const value of present) {
    while (!isWritten(value, unit)) {
      if (++places > MOST_PLACES) return null;
      unit = 10 ** places;
    }
  }
  // With more places than its own, a large number may not be exact any more.
  return present.every((value) => isWritten(value, unit)) ? places : null;
}

function isWritten(value: number, unit: number): boolean {
  const whole = Math.round(value * unit);
  return Math.abs(whole) <= LARGEST && Object.is(whole / unit, value);
}

function unpackDecimal(reader: ByteReader, runs: readonly number[], values: Float64Array): void {
  const unit = 10 ** reader.byte();
  let whole = 0;
  for (let run = 0; run < runs.length; run += 2) {
    const end = runs[run + 1] as number;
    for (let at = runs[run] as number; at < end; at++) {
      whole += reader.signed();
      values[at] = whole / unit;
    }
  }
}

function packDoubles(values: Float64Array, present: Float64Array): Uint8Array {
  const writer = begin(DOUBLES, values);
  const bytes = new Uint8Array(present.length * DOUBLE_BYTES);
  const view = new DataView(new ArrayBuffer(DOUBLE_BYTES));
  present.forEach((value, at) => {
    view.setFloat64(0, value);
    for (let byte = 0; byte < DOUBLE_BYTES; byte++) {
      bytes[byte * present.length + at] = view.getUint8(byte);
    }
  });
  writer.raw(bytes);
  return writer.bytes;
}

function unpackDoubles(reader: ByteReader, runs: readonly number[], values: Float64Array): void {
  let count = 0;
  for (let run = 0; run < runs.length; run += 2) {
    count += (runs[run + 1] as number) - (runs[run] as number);
  }
  const bytes = reader.raw(count * DOUBLE_BYTES);
  const view = new DataView(new ArrayBuffer(DOUBLE_BYTES));
  let from = 0;
  for (let run = 0; run < runs.length; run += 2) {
    const end = runs[run + 1] as number;
    for (let at = runs[run] as number; at < end; at++, from++) {
      for (let byte = 0; byte < DOUBLE_BYTES; byte++) {
        view.setUint8(byte, bytes[byte * count + from] as number);
      }
      values[at] = view.getFloat64(0);
    }
  }
}
