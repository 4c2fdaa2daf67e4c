import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  BlockFault,
  ByteReader,
  ByteWriter,
  MOST_VARINT_BYTES,
  signedSmall,
  unsigned,
} from './bytes.js';
import { packRice, riceLength, unpackRice } from './rice.js';

/**
 * How whole numbers are written: in as many bits as they need; as a first one and another that all
 * others are; or in bytes that are deflated, which finds what comes again. Nothing is left for the
 * storage engine to compress, which would do it worse: to it, all columns of a page are one text.
 */
const BITS = 1;
const CONSTANT = 2;
const DEFLATED = 3;

/** How many bits numbers have that are written several to a byte. */
const WIDTHS = [1, 2, 4] as const;
/** Bits are read faster: what is deflated is to be shorter by so much. */
const WORTH_DEFLATING = 0.97;

/** Numbers that can be written, and how many bytes that takes. */
interface Written {
  readonly length: number;
  bytes(): Uint8Array;
}

/** @param numbers of at most 2^52 */
export function packWholeNumbers(numbers: Float64Array): Written {
  const first = numbers[0] ?? 0;
  const others = numbers[1] ?? 0;
  if (numbers.every((number, at) => at === 0 || number === others)) {
    return written(CONSTANT, (writer) => {
      writer.signed(first);
      writer.signed(others);
    });
  }
  const length = riceLength(numbers);
  const width = widthOf(numbers);
  const plain = width === null ? varints(numbers) : together(numbers, width);
  const deflated = deflateRawSync(plain);
  if (deflated.length < WORTH_DEFLATING * length) {
    return written(DEFLATED, (writer) => {
      writer.signed(first);
      writer.byte(width ?? 0);
      writer.varint(deflated.length);
      writer.raw(deflated);
    });
  }
  const bytes = () => Uint8Array.of(BITS, ...packRice(numbers));
  return { length: 1 + length, bytes };
}

/** In how many bits each number but the first fits; null where that is more than half a byte. */
function widthOf(numbers: Float64Array): number | null {
  const most = numbers.subarray(1).reduce((least, number) => Math.max(least, unsigned(number)), 0);
  return WIDTHS.find((width) => most < 1 << width) ?? null;
}

/** All but the first, several of them in a byte. */
function together(numbers: Float64Array, width: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(((numbers.length - 1) * width) / 8));
  for (let at = 1; at < numbers.length; at++) {
    const bit = (at - 1) * width;
    const some = unsigned(numbers[at] as number) << (bit & 7);
    bytes[bit >>> 3] = (bytes[bit >>> 3] as number) | some;
  }
  return bytes;
}

function readTogether(bytes: Uint8Array, width: number, into: Float64Array): void {
  const mask = (1 << width) - 1;
  if (bytes.length !== Math.ceil(((into.length - 1) * width) / 8)) {
    throw new BlockFault('it holds more numbers than there are, or fewer');
  }
  for (let at = 1; at < into.length; at++) {
    const bit = (at - 1) * width;
    into[at] = signedSmall(((bytes[bit >>> 3] as number) >>> (bit & 7)) & mask);
  }
}

/** All but the first. */
function varints(numbers: Float64Array): Uint8Array {
  const writer = new ByteWriter();
  for (const number of numbers.subarray(1)) writer.signed(number);
  return writer.bytes;
}

function written(way: number, write: (writer: ByteWriter) => void): Written {
  const writer = new ByteWriter();
  writer.byte(way);
  write(writer);
  const { bytes } = writer;
  return { length: bytes.length, bytes: () => bytes };
}

/**
 * Reads as many as there is room for, to the end.
 * @throws {BlockFault}
 */
export function unpackWholeNumbers(reader: ByteReader, into: Float64Array): void {
  const way = reader.byte();
  if (way === CONSTANT) {
    const first = reader.signed();
    into.fill(reader.signed());
    if (into.length > 0) into[0] = first;
  } else if (way === DEFLATED) {
    unpackDeflated(reader, into);
  } else if (way === BITS) unpackRice(reader.rest(), into);
  else throw new BlockFault('it is written in a way that is not known to this program');
}

function unpackDeflated(reader: ByteReader, into: Float64Array): void {
  into[0] = reader.signed();
  const width = reader.byte();
  const plain = inflated(reader.raw(reader.varint()), MOST_VARINT_BYTES * into.length);
  if (width > 0) {
    readTogether(plain, width, into);
    return;
  }
  const varint = new ByteReader(plain);
  varint.signeds(into.subarray(1));
  varint.end();
}

function inflated(bytes: Uint8Array, most: number): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: most });
  } catch {
    throw new BlockFault('what is deflated in it cannot be inflated');
  }
}
