import { MalformedAnswerError } from './parse.js';

/** A bigger piece is refused: bytes. Binance's biggest, a listed symbol, has some 4,500. */
const MAX_PIECE_BYTES = 256 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const LIST_BEGIN = 0x5b;
const BACKSLASH = 0x5c;
const LIST_END = 0x5d;
const OBJECT_BEGIN = 0x7b;
const OBJECT_END = 0x7d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** What may come next outside of a piece. */
type Next =
  | 'ROOT'
  | 'FIRST_KEY'
  | 'KEY'
  | 'COLON'
  | 'VALUE'
  | 'FIRST_ITEM'
  | 'ITEM'
  | 'MORE'
  | 'NOTHING';

/** How the end of a piece is known. */
type PieceKind = 'TEXT' | 'NESTED' | 'PLAIN';

/**
 * Reads JSON as it comes in, piece by piece, so that an answer of many megabytes is never held, nor
 * parsed, at once. A piece is an item of a list, the outermost one or one that is a member of the
 * outermost object; or any other member of that object.
 */
export class JsonPieces {
  readonly #onPiece: (value: unknown, key: string | null) => void;
  #next: Next = 'ROOT';
  #root: 'LIST' | 'OBJECT' | null = null;
  #inList = false;
  #key: string | null = null;
  #seen = 0;
  // The piece under way, null between two.
  #piece: PieceKind | null = null;
  #isKey = false;
  #depth = 0;
  #inText = false;
  #escaped = false;
  #begun: Buffer[] = [];
  #begunBytes = 0;

  /** @param onPiece is told each piece, and of which member of the outermost object it is */
  constructor(onPiece: (value: unknown, key: string | null) => void) {
    this.#onPiece = onPiece;
  }

  /** @throws {MalformedAnswerError} */
  write(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#piece === null) at = this.#between(chunk, at);
      else {
        const from = at;
        at = this.#within(chunk, at);
        this.#take(chunk.subarray(from, at));
      }
    }
    this.#seen += chunk.length;
  }

  /** @returns what the outermost value is @throws {MalformedAnswerError} */
  end(): 'LIST' | 'OBJECT' {
    if (this.#next !== 'NOTHING' || this.#root === null) {
      throw new MalformedAnswerError('the answer is no JSON: it ends too early');
    }
    return this.#root;
  }

  /** Goes on to where a piece begins. */
  #between(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) continue;
      if (this.#seen + at < 3 && byte === BYTE_ORDER_MARK[this.#seen + at]) continue;
      if (!this.#step(byte)) throw notJson(chunk, at);
      if (this.#piece !== null) return at;
    }
    return chunk.length;
  }

  /** @returns whether the byte may stand there */
  #step(byte: number): boolean {
    switch (this.#next) {
      case 'ROOT':
        if (byte !== OBJECT_BEGIN && byte !== LIST_BEGIN) return false;
        this.#root = byte === OBJECT_BEGIN ? 'OBJECT' : 'LIST';
        this.#inList = this.#root === 'LIST';
        this.#next = this.#inList ? 'FIRST_ITEM' : 'FIRST_KEY';
        return true;
      case 'FIRST_KEY':
      case 'KEY':
        if (byte === OBJECT_END && this.#next === 'FIRST_KEY') return this.#close();
        return byte === QUOTE && this.#begin(byte, true);
      case 'COLON':
        this.#next = 'VALUE';
        return byte === COLON;
      case 'VALUE':
        this.#inList = byte === LIST_BEGIN;
        if (!this.#inList) return this.#begin(byte, false);
        this.#next = 'FIRST_ITEM';
        return true;
      case 'FIRST_ITEM':
      case 'ITEM':
        if (byte === LIST_END && this.#next === 'FIRST_ITEM') return this.#close();
        return this.#begin(byte, false);
      case 'MORE':
        if (byte === COMMA) this.#next = this.#inList ? 'ITEM' : 'KEY';
        else if (byte === (this.#inList ? LIST_END : OBJECT_END)) return this.#close();
        return byte === COMMA;
      case 'NOTHING':
        return false;
    }
  }

  /** A list of a member ends within the object, anything else with the whole. */
  #close(): boolean {
    const isMember = this.#inList && this.#root === 'OBJECT';
    this.#inList = false;
    this.#next = isMember ? 'MORE' : 'NOTHING';
    return true;
  }

  #begin(byte: number, isKey: boolean): boolean {
    if (byte === COMMA || byte === COLON || byte === LIST_END || byte === OBJECT_END) return false;
    const isNested = byte === OBJECT_BEGIN || byte === LIST_BEGIN;
    this.#piece = byte === QUOTE ? 'TEXT' : isNested ? 'NESTED' : 'PLAIN';
    this.#isKey = isKey;
    this.#depth = 0;
    this.#inText = false;
    return true;
  }

  /** Goes on to the end of the piece, as far as it is there. */
  #within(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) {
          this.#inText = false;
          if (this.#piece === 'TEXT') return this.#ended(at + 1);
        }
      } else if (this.#piece === 'PLAIN') {
        if (endsPlain(byte)) return this.#ended(at);
      } else if (byte === QUOTE) this.#inText = true;
      else if (byte === OBJECT_BEGIN || byte === LIST_BEGIN) this.#depth++;
      else if (byte === OBJECT_END || byte === LIST_END) {
        if (--this.#depth === 0) return this.#ended(at + 1);
      }
    }
    return chunk.length;
  }

  #ended(at: number): number {
    this.#piece = null;
    return at;
  }

  #take(part: Buffer): void {
    this.#begunBytes += part.length;
    if (this.#begunBytes > MAX_PIECE_BYTES) {
      const most = `${MAX_PIECE_BYTES / 1024} KiB`;
      throw new MalformedAnswerError(`a part of the answer is bigger than ${most}, and is refused`);
    }
    this.#begun.push(part);
    if (this.#piece !== null) return;
    const [first = part] = this.#begun;
    const bytes = this.#begun.length === 1 ? first : Buffer.concat(this.#begun);
    this.#begun = [];
    this.#begunBytes = 0;
    const value = parsed(bytes);
    if (this.#isKey) {
      this.#key = String(value);
      this.#next = 'COLON';
    } else {
      this.#next = 'MORE';
      this.#onPiece(value, this.#key);
    }
  }
}

function endsPlain(byte: number): boolean {
  return byte === COMMA || byte === LIST_END || byte === OBJECT_END || byte <= 0x20;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw notJson(bytes, 0);
  }
}

/** How much of what is no JSON is told. */
const LONGEST_QUOTE = 500;

function notJson(chunk: Buffer, at: number): MalformedAnswerError {
  const text = chunk.subarray(at, at + LONGEST_QUOTE).toString('utf8');
  return new MalformedAnswerError(`the answer is no JSON: ${text}`);
}
