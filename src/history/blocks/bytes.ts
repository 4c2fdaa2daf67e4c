/** What is in a block cannot be what was written: it is damaged. */
export class BlockFault extends Error {
  override readonly name = 'BlockFault';
}

/** Small numbers are small whatever their sign: 0, -1, 1, -2, … */
export function unsigned(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

export function signed(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** The same for numbers of less than 32 bits, without a division. */
export function signedSmall(value: number): number {
  return (value & 1) === 0 ? value >>> 1 : -(value >>> 1) - 1;
}

const FEWEST = 256;
/** A varint of nine bytes holds more than any whole number that a double can tell from the next. */
export const MOST_VARINT_BYTES = 8;

/** Bytes that grow. */
export class ByteWriter {
  #bytes = new Uint8Array(FEWEST);
  #length = 0;

  get bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53 - 1, seven bits a byte, the lowest first. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** A whole number of at most 2^52, small ones in few bytes whatever their sign. */
  signed(value: number): void {
    this.varint(unsigned(value));
  }

  raw(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #grow(by: number): void {
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + by));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** Reads what a {@link ByteWriter} has written. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new BlockFault('it ends too early');
    return value;
  }

  varint(): number {
    let value = this.byte();
    if (value < 0x80) return value;
    value &= 0x7f;
    for (let at = 1, unit = 0x80; at < MOST_VARINT_BYTES; at++, unit *= 0x80) {
      const next = this.byte();
      value += (next & 0x7f) * unit;
      if (next < 0x80) return value;
    }
    throw new BlockFault('a number in it has no end');
  }

  signed(): number {
    return signed(this.varint());
  }

  /** As many as fit: most are of one or two bytes, and read without a call for each. */
  signeds(into: Float64Array): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let n = 0; n < into.length; n++) {
      const low = bytes[at] ?? 0x80;
      const high = low < 0x80 ? 0 : (bytes[at + 1] ?? 0x80);
      if (high < 0x80) {
        into[n] = signedSmall((low & 0x7f) | (high << 7));
        at += low < 0x80 ? 1 : 2;
      } else {
        this.#at = at;
        into[n] = this.signed();
        at = this.#at;
      }
    }
    this.#at = at;
  }

  raw(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new BlockFault('it ends too early');
    const found = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return found;
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.raw(this.#bytes.length - this.#at);
  }

  /** @throws {BlockFault} where there is more */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new BlockFault('there is more than it says');
  }
}
