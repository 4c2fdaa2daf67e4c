import { BlockFault, signed, signedSmall, unsigned } from './bytes.js';

/**
 * Whole numbers in about as many bits as they need, after Golomb and Rice: of each, the lowest `k`
 * bits as they are, behind what is above them in unary, zeros that end with a one. Numbers that follow
 * each other are about as large: `k` is chosen anew for each group of them.
 */
const GROUP = 128;
/** The bits that say `k`, and the largest one. */
const WIDTH_BITS = 6;
const MOST_LOW_BITS = 48;
/** So many zeros say that a number follows whole: it is far larger than its neighbours. */
const ESCAPE = 18;
/** A whole number of at most 2^52 and its sign. */
const WHOLE_BITS = 54;
/** As many bits are in a word of four bytes, wherever they begin in a byte. */
const WORD_BITS = 25;
/** More low bits are read by two words. */
const MOST_AT_ONCE = 24;
/** Zeros behind the end, so that words can be read without a look at where it is. */
const PADDING = 16;

/** How many bytes {@link packRice} makes of numbers. */
export function riceLength(numbers: Float64Array): number {
  let bits = 0;
  for (let from = 0; from < numbers.length; from += GROUP) {
    bits += bestWidth(numbers, from, Math.min(from + GROUP, numbers.length)).bits;
  }
  return Math.ceil(bits / 8);
}

/** @param numbers whole ones, of at most 2^52 */
export function packRice(numbers: Float64Array): Uint8Array {
  const writer = new BitWriter(riceLength(numbers));
  for (let from = 0; from < numbers.length; from += GROUP) {
    const end = Math.min(from + GROUP, numbers.length);
    const { width } = bestWidth(numbers, from, end);
    writer.bits(width, WIDTH_BITS);
    for (let at = from; at < end; at++) {
      const value = unsigned(numbers[at] as number);
      const above = Math.floor(value / 2 ** width);
      if (above >= ESCAPE) {
        writer.bits(0, ESCAPE);
        writer.low(value, WHOLE_BITS);
      } else {
        writer.bits(2 ** above, above + 1);
        writer.low(value, width);
      }
    }
  }
  return writer.bytes;
}

/** The number of low bits with which a group takes the fewest bits, and how many it takes. */
function bestWidth(numbers: Float64Array, from: number, end: number) {
  let sum = 0;
  for (let at = from; at < end; at++) sum += unsigned(numbers[at] as number);
  // Near the size of their mean; far larger ones among them draw that up.
  const about = Math.floor(Math.log2(sum / (end - from) + 1));
  let best = { width: 0, bits: Infinity };
  for (let width = Math.min(about + 1, MOST_LOW_BITS); width >= 0; width--) {
    const bits = bitsWith(width, numbers, from, end);
    if (bits < best.bits) best = { width, bits };
    else if (bits > best.bits) break;
  }
  return best;
}

function bitsWith(width: number, numbers: Float64Array, from: number, end: number): number {
  const unit = 2 ** width;
  let bits = WIDTH_BITS;
  for (let at = from; at < end; at++) {
    const above = Math.floor(unsigned(numbers[at] as number) / unit);
    bits += above < ESCAPE ? above + 1 + width : ESCAPE + WHOLE_BITS;
  }
  return bits;
}

/**
 * Reads as many numbers as there is room for: by far the hottest loop of reading blocks.
 * @throws {BlockFault}
 */
export function unpackRice(bytes: Uint8Array, into: Float64Array): void {
  const view = padded(bytes);
  const end = 8 * bytes.length;
  let bit = 0;
  let width = 0;
  for (let at = 0; at < into.length; at++) {
    if (at % GROUP === 0) {
      width = wordAt(view, bit) & ((1 << WIDTH_BITS) - 1);
      bit += WIDTH_BITS;
      if (bit > end) throw new BlockFault('it ends too early');
    }
    const word = wordAt(view, bit);
    // The place of the lowest one.
    const above = 31 - Math.clz32(word & -word);
    if (word !== 0 && above + width < WORD_BITS && above < ESCAPE) {
      const low = (word >>> (above + 1)) & ((1 << width) - 1);
      into[at] = signedSmall((above << width) | low);
      bit += above + 1 + width;
      continue;
    }
    const isWhole = word === 0 || above >= ESCAPE;
    bit += isWhole ? ESCAPE : above + 1;
    if (bit > end || width > MOST_LOW_BITS) throw new BlockFault('it ends too early');
    const low = isWhole ? lowAt(view, bit, WHOLE_BITS) : lowAt(view, bit, width);
    into[at] = signed(isWhole ? low : above * 2 ** width + low);
    bit += isWhole ? WHOLE_BITS : width;
  }
  if (bit > end) throw new BlockFault('it ends too early');
  if (end - bit >= 8) throw new BlockFault('there is more than it says');
}

function padded(bytes: Uint8Array): DataView {
  const copy = new Uint8Array(bytes.length + PADDING);
  copy.set(bytes);
  return new DataView(copy.buffer);
}

/** The next bits from a place on, {@link WORD_BITS} of them, the lowest first. */
function wordAt(view: DataView, bit: number): number {
  return (view.getUint32(bit >>> 3, true) >>> (bit & 7)) & ((1 << WORD_BITS) - 1);
}

function lowAt(view: DataView, bit: number, count: number): number {
  let value = 0;
  for (let done = 0; done < count; done += MOST_AT_ONCE) {
    const some = Math.min(MOST_AT_ONCE, count - done);
    value += (wordAt(view, bit + done) & ((1 << some) - 1)) * 2 ** done;
  }
  return value;
}

/** Bits one after another, the lowest of a byte first. */
class BitWriter {
  readonly bytes: Uint8Array;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  /** At most {@link MOST_AT_ONCE} bits. */
  bits(value: number, count: number): void {
    let word = value << (this.#at & 7);
    for (let byte = this.#at >>> 3; word !== 0; byte++, word >>>= 8) {
      this.bytes[byte] = (this.bytes[byte] as number) | (word & 0xff);
    }
    this.#at += count;
  }

  /** The lowest bits of a whole number, however many. */
  low(value: number, count: number): void {
    let rest = value;
    for (let left = count; left > 0; left -= MOST_AT_ONCE) {
      const some = Math.min(MOST_AT_ONCE, left);
      this.bits(rest % 2 ** some, some);
      rest = Math.floor(rest / 2 ** some);
    }
  }
}
