import { deflateRawSync } from 'node:zlib';
import { BlockFault, ByteReader, ByteWriter } from './bytes.js';
import { packRuns, unpackRuns } from './runs.js';

/**
 * How the numbers of a column are written, those that are NaN left out:
 * as differences of whole numbers that, over a power of ten or of two, are exactly these doubles; or
 * as doubles, all their first bytes, then all their second ones, which compress better so.
 */
const DECIMAL = 1;
const DOUBLES = 2;
const BINARY = 3;

/** More decimal places than that no exchange gives. */
const MOST_PLACES = 15;
/** With more binary places, a double is less than a price of anything. */
const MOST_BINARY_PLACES = 80;
/** So large a whole number, or difference of two, is exact, and so is its double. */
const LARGEST = 2 ** 52;
/** Doubles of nearly one size are whole numbers below this, over one power of two. */
const LARGEST_BINARY = 2 ** 54;
const DOUBLE_BYTES = 8;

/**
 * Which differences are written: from nothing, from the number before, or from where the last two
 * point to; each also of the numbers less those of the column beside.
 */
const ORDERS = [0, 1, 2] as const;
type Order = (typeof ORDERS)[number];
const BESIDE = 4;

/**
 * A column of numbers as bytes, NaN for none at a place. What is unpacked is the same bit for bit
 * (any NaN as the one there is): it is compared before it counts.
 * @param beside a column with numbers near these, which whoever unpacks it has to have
 */
export function packColumn(values: Float64Array, beside?: Float64Array): Uint8Array {
  const decimal = packScaled(DECIMAL, values, beside) ?? packScaled(BINARY, values);
  if (decimal && isSame(unpackColumn(decimal, values.length, beside), values)) return decimal;
  const doubles = packDoubles(values);
  if (!isSame(unpackColumn(doubles, values.length), values)) {
    throw new Error('a column of doubles does not unpack as what it was packed from');
  }
  return doubles;
}

/**
 * @param length how many places it has
 * @param beside the column that it was packed beside
 * @throws {BlockFault}
 */
export function unpackColumn(
  bytes: Uint8Array,
  length: number,
  beside?: Float64Array,
): Float64Array {
  const reader = new ByteReader(bytes);
  const way = reader.byte();
  const runs = unpackRuns(reader, length);
  const values = new Float64Array(length).fill(NaN);
  if (way === DECIMAL || way === BINARY) {
    const unit = unitOf(way, reader.byte());
    unpackScaled(reader, unit, runs, values, beside);
  } else if (way === DOUBLES) unpackDoubles(reader, runs, values);
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

function unitOf(way: number, places: number): number {
  return (way === DECIMAL ? 10 : 2) ** places;
}

/** Null where the numbers are not all whole ones over one unit. */
function packScaled(way: number, values: Float64Array, beside?: Float64Array): Uint8Array | null {
  const places = placesOf(way, values);
  if (places === null) return null;
  const unit = unitOf(way, places);
  const columns = beside ? [undefined, beside] : [undefined];
  let best: { readonly bytes: Uint8Array; readonly size: number } | null = null;
  for (const other of columns) {
    for (const order of ORDERS) {
      // Of prices as they are, nothing is to be had without the one before.
      if (order === 0 && !other) continue;
      const writer = begin(way, values);
      writer.byte(places);
      writer.byte(order + (other ? BESIDE : 0));
      if (!writeDifferences(writer, wholesOf(values, unit, other), order)) continue;
      const { bytes } = writer;
      // The storage engine compresses it again: what counts is how much is left then.
      const size = deflateRawSync(bytes, { level: 1 }).length;
      if (best === null || size < best.size) best = { bytes, size };
    }
  }
  return best && best.bytes;
}

function wholesOf(values: Float64Array, unit: number, beside?: Float64Array): Float64Array {
  const wholes = values.map((value, at) => Math.round(value * unit) - wholeAt(beside, at, unit));
  return wholes.filter((_, at) => !Number.isNaN(values[at]));
}

/** The number of the column beside as a whole one; 0 where there is none. */
function wholeAt(beside: Float64Array | undefined, at: number, unit: number): number {
  return beside ? Math.round((beside[at] as number) * unit) || 0 : 0;
}

/** @returns false where a difference is too large to be exact */
function writeDifferences(writer: ByteWriter, wholes: Float64Array, order: Order): boolean {
  let [before, step] = [0, 0];
  for (const [at, whole] of wholes.entries()) {
    const difference = at === 0 || order === 0 ? whole : whole - before - step;
    if (Math.abs(difference) > (at === 0 ? LARGEST_BINARY : LARGEST)) return false;
    writer.signed(difference);
    if (order === 2 && at > 0) step = whole - before;
    before = whole;
  }
  return true;
}

/** The fewest places with which all numbers are written exactly; null where there are none. */
function placesOf(way: number, values: Float64Array): number | null {
  const [most, largest] =
    way === DECIMAL ? [MOST_PLACES, LARGEST] : [MOST_BINARY_PLACES, LARGEST_BINARY];
  let places = 0;
  let unit = 1;
  for (const value of values) {
    while (!Number.isNaN(value) && !isWritten(value, unit, largest)) {
      if (++places > most) return null;
      unit = unitOf(way, places);
    }
  }
  // With more places than its own, a large number may not be exact any more.
  return values.every((value) => Number.isNaN(value) || isWritten(value, unit, largest))
    ? places
    : null;
}

function isWritten(value: number, unit: number, largest: number): boolean {
  const whole = Math.round(value * unit);
  return Math.abs(whole) <= largest && Object.is(whole / unit, value);
}

function unpackScaled(
  reader: ByteReader,
  unit: number,
  runs: readonly number[],
  values: Float64Array,
  beside?: Float64Array,
): void {
  const form = reader.byte();
  const order = form % BESIDE;
  const other = form >= BESIDE ? beside : undefined;
  if (order === 3 || (form >= BESIDE && !other)) {
    throw new BlockFault('its differences are from what is not there');
  }
  const wholes = new Float64Array(countOf(runs));
  reader.signeds(wholes);
  if (order > 0) addUp(wholes, order);
  let from = 0;
  for (let run = 0; run < runs.length; run += 2) {
    const end = runs[run + 1] as number;
    for (let at = runs[run] as number; at < end; at++, from++) {
      const whole = wholes[from] as number;
      values[at] = (other ? whole + wholeAt(other, at, unit) : whole) / unit;
    }
  }
}

/** Makes of differences the numbers that they are of. */
function addUp(numbers: Float64Array, order: number): void {
  let [whole, step] = [0, 0];
  for (let at = 0; at < numbers.length; at++) {
    const difference = numbers[at] as number;
    whole += step + difference;
    // The first number points nowhere yet.
    if (order === 2 && at > 0) step += difference;
    numbers[at] = whole;
  }
}

/** How many places the runs have together. */
function countOf(runs: readonly number[]): number {
  let count = 0;
  for (let run = 0; run < runs.length; run += 2) {
    count += (runs[run + 1] as number) - (runs[run] as number);
  }
  return count;
}

function packDoubles(values: Float64Array): Uint8Array {
  const present = values.filter((value) => !Number.isNaN(value));
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
  const count = countOf(runs);
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
