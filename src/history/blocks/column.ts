import { numberAt } from '../../domain/cells.js';
import { BlockFault, ByteReader, ByteWriter } from './bytes.js';
import { FLOAT_ORDERS, stepsOf, takeSteps } from './floats.js';
import { countOf, gathered, packRuns, spread, unpackRuns } from './runs.js';
import { packWholeNumbers, unpackWholeNumbers } from './whole-numbers.js';

/**
 * How the numbers of a column are written, those that are NaN left out: as differences of whole
 * numbers that, over a power of ten, are exactly these doubles; as steps from one double to another;
 * or as doubles, all their first bytes, then all their second ones, which compress better so.
 */
const NOTHING = 0;
const DECIMAL = 1;
const FLOATS = 2;
const DOUBLES = 3;

/** More decimal places than that no exchange gives. */
const MOST_PLACES = 15;
/** So large a whole number, or difference of two, is exact, and so is its double. */
const LARGEST = 2 ** 52;
const DOUBLE_BYTES = 8;
/** So small numbers may be few different ones. */
const SMALL = 64;
/** Of so many numbers, one may be written as it is among steps. */
const MOST_JUMPS = 1 / 8;

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
  const isThere = (at: number): boolean => !Number.isNaN(values[at]);
  const numbers = values.filter((_, at) => isThere(at));
  const others = beside?.filter((_, at) => isThere(at));
  const bodies = [
    () => packDecimal(numbers, others),
    () => packFloats(numbers),
    () => joined(Uint8Array.of(DOUBLES), bytesOf(numbers)),
  ];
  for (const bodyOf of bodies) {
    const body = numbers.length === 0 ? new Uint8Array() : bodyOf();
    if (!body) continue;
    const writer = new ByteWriter();
    packRuns(writer, values.length, isThere);
    writer.raw(body);
    if (isSame(unpackColumn(writer.bytes, values.length, beside), values)) return writer.bytes;
  }
  throw new Error('a column does not unpack as what it was packed from');
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
  const runs = unpackRuns(reader, length);
  const numbers = new Float64Array(countOf(runs));
  const way = numbers.length > 0 ? reader.byte() : NOTHING;
  if (way === DECIMAL) unpackDecimal(reader, numbers, beside && gathered(beside, runs));
  else if (way === FLOATS) unpackFloats(reader, numbers);
  else if (way === DOUBLES) readBytes(reader, numbers);
  else if (way !== NOTHING)
    throw new BlockFault('it is written in a way that is not known to this program');
  reader.end();
  return spread(numbers, runs, length);
}

function joined(head: Uint8Array, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

/** Whether two columns are the same bit for bit, one NaN being as good as another. */
export function isSame(one: Float64Array, other: Float64Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (!Object.is(one[at], other[at])) return false;
  return true;
}

/** Null where the numbers are not all whole ones over one power of ten. */
function packDecimal(values: Float64Array, beside?: Float64Array): Uint8Array | null {
  const places = placesOf(values);
  if (places === null) return null;
  const unit = 10 ** places;
  const shortest = new Shortest();
  for (const other of beside ? [undefined, beside] : [undefined]) {
    const wholes = values.map((value, at) => Math.round(value * unit) - wholeAt(other, at, unit));
    const areSmall = wholes.every((whole) => Math.abs(whole) <= SMALL);
    for (const order of ORDERS) {
      // Of prices as they are, nothing is to be had without the one before.
      if (order === 0 && !other && !areSmall) continue;
      const differences = differencesOf(wholes, order);
      const form = order + (other ? BESIDE : 0);
      if (differences) shortest.add(Uint8Array.of(DECIMAL, places, form), differences);
    }
  }
  return shortest.bytes();
}

/** The shortest of several ways to write the same. */
class Shortest {
  #length = Infinity;
  bytes: () => Uint8Array | null = () => null;

  add(head: Uint8Array, numbers: Float64Array): void {
    const written = packWholeNumbers(numbers);
    const length = head.length + written.length;
    if (length >= this.#length) return;
    this.#length = length;
    this.bytes = () => joined(head, written.bytes());
  }
}

/** The number of the column beside as a whole one; 0 where there is none. */
function wholeAt(beside: Float64Array | undefined, at: number, unit: number): number {
  return beside ? Math.round(numberAt(beside, at) * unit) || 0 : 0;
}

/** @returns null where one is too large to be exact */
function differencesOf(wholes: Float64Array, order: Order): Float64Array | null {
  let [before, step] = [0, 0];
  const differences = wholes.map((whole, at) => {
    const difference = at === 0 || order === 0 ? whole : whole - before - step;
    // The first number points nowhere yet.
    if (order === 2 && at > 0) step = whole - before;
    before = whole;
    return difference;
  });
  return differences.every((difference) => Math.abs(difference) <= LARGEST) ? differences : null;
}

/** The fewest places with which all numbers are written exactly; null where there are none. */
export function placesOf(values: Float64Array): number | null {
  let places = 0;
  let unit = 1;
  for (const value of values) {
    while (!isWritten(value, unit)) {
      if (++places > MOST_PLACES) return null;
      unit = 10 ** places;
    }
  }
  // With more places than its own, a large number may not be exact any more.
  return values.every((value) => isWritten(value, unit)) ? places : null;
}

function isWritten(value: number, unit: number): boolean {
  const whole = Math.round(value * unit);
  return Math.abs(whole) <= LARGEST && Object.is(whole / unit, value);
}

function unpackDecimal(reader: ByteReader, numbers: Float64Array, beside?: Float64Array): void {
  const unit = 10 ** reader.byte();
  const form = reader.byte();
  const order = form % BESIDE;
  const other = form >= BESIDE ? beside : undefined;
  if (order === 3 || (form >= BESIDE && !other)) {
    throw new BlockFault('its differences are from what is not there');
  }
  unpackWholeNumbers(reader, numbers);
  addUp(numbers, order, other ? 1 : unit);
  for (let at = 0; other && at < numbers.length; at++) {
    numbers[at] = (numberAt(numbers, at) + wholeAt(other, at, unit)) / unit;
  }
}

/** Makes of differences the numbers that they are of, over a unit. */
function addUp(numbers: Float64Array, order: number, unit: number): void {
  if (order === 0 && unit === 1) return;
  let [whole, step] = [0, 0];
  for (let at = 0; at < numbers.length; at++) {
    const difference = numberAt(numbers, at);
    whole = order === 0 ? difference : whole + step + difference;
    // The first number points nowhere yet.
    if (order === 2 && at > 0) step += difference;
    numbers[at] = whole / unit;
  }
}

/** Null where there are too many jumps among them. */
function packFloats(values: Float64Array): Uint8Array | null {
  const shortest = new Shortest();
  for (const order of FLOAT_ORDERS) {
    const { steps, jumps } = stepsOf(values, order);
    if (jumps.length > Math.max(1, MOST_JUMPS * values.length)) continue;
    const writer = new ByteWriter();
    writer.byte(FLOATS);
    writer.byte(order);
    writer.varint(jumps.length);
    for (const jump of jumps) writer.varint(jump);
    writer.raw(bytesOf(Float64Array.from(jumps, (jump) => values[jump] as number)));
    shortest.add(writer.bytes, steps);
  }
  return shortest.bytes();
}

function unpackFloats(reader: ByteReader, numbers: Float64Array): void {
  const order = reader.byte();
  const count = reader.varint();
  if (count > numbers.length) throw new BlockFault('more numbers stand for themselves than it has');
  const jumps = Array.from({ length: count }, () => reader.varint());
  const there = new Float64Array(jumps.length);
  readBytes(reader, there);
  const steps = new Float64Array(numbers.length);
  unpackWholeNumbers(reader, steps);
  for (const [at, jump] of jumps.entries()) numbers[jump] = there[at] as number;
  takeSteps({ steps, jumps }, order, numbers);
}

/** Their first bytes, then their second ones, and so on. */
function bytesOf(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(values.length * DOUBLE_BYTES);
  const view = new DataView(new ArrayBuffer(DOUBLE_BYTES));
  values.forEach((value, at) => {
    view.setFloat64(0, value);
    for (let byte = 0; byte < DOUBLE_BYTES; byte++) {
      bytes[byte * values.length + at] = view.getUint8(byte);
    }
  });
  return bytes;
}

function readBytes(reader: ByteReader, values: Float64Array): void {
  const bytes = reader.raw(values.length * DOUBLE_BYTES);
  const view = new DataView(new ArrayBuffer(DOUBLE_BYTES));
  for (let at = 0; at < values.length; at++) {
    for (let byte = 0; byte < DOUBLE_BYTES; byte++) {
      view.setUint8(byte, bytes[byte * values.length + at] as number);
    }
    values[at] = view.getFloat64(0);
  }
}
