import type { Duplex } from 'node:stream';

const FINAL_TEXT = 0x81;
/** RSV1: the message is compressed (RFC 7692, section 6). */
const COMPRESSED = 0x40;
/** The longest header that a frame has, bytes. */
const LONGEST_HEADER = 10;
/** A deflate block that holds bytes as they are: its head, and how many it can hold. */
const STORED_HEAD = 5;
const MOST_STORED = 0xffff;

/**
 * What the messages to one receiver begin with: the header of a WebSocket frame (RFC 6455, section
 * 5.2, unmasked as servers send it), and the receiver's own bytes. Kept in one place, in which only
 * the header is written anew: most of what a short message costs would be fresh memory.
 */
export class MessageHead {
  readonly #opening: number;
  /** Room for the longest header, and behind it the receiver's own bytes. */
  #bytes: Buffer;
  /** How many of them are the receiver's own. */
  readonly #own: number;
  /** What the last message began with, and how long its header and all that followed were. */
  #first: Buffer;
  #header = LONGEST_HEADER;
  #length = -1;

  private constructor(opening: number, bytes: Buffer) {
    this.#opening = opening;
    this.#bytes = bytes;
    this.#own = bytes.length - LONGEST_HEADER;
    this.#first = bytes;
  }

  /** Of text messages as they are. */
  static text(head: Buffer): MessageHead {
    return new MessageHead(FINAL_TEXT, Buffer.concat([Buffer.alloc(LONGEST_HEADER), head]));
  }

  /**
   * Of messages to a client with which permessage-deflate is negotiated: the head as a stored block
   * (RFC 1951, section 3.2.4), behind which the body comes compressed.
   * @param head at most 65,535 bytes
   */
  static compressedText(head: Buffer): MessageHead {
    if (head.length > MOST_STORED) throw new RangeError('the head does not fit into one block');
    const stored = Buffer.alloc(LONGEST_HEADER + STORED_HEAD);
    stored.writeUInt16LE(head.length, LONGEST_HEADER + 1);
    stored.writeUInt16LE(~head.length & MOST_STORED, LONGEST_HEADER + 3);
    return new MessageHead(FINAL_TEXT | COMPRESSED, Buffer.concat([stored, head]));
  }

  /**
   * The bytes before a body, in the place where those of the last message were.
   * @param isFree whether those are sent, so that their place may be written to
   */
  before(bodyLength: number, isFree: boolean): Buffer {
    const length = this.#own + bodyLength;
    if (length === this.#length) return this.#first;
    const header = length < 126 ? 2 : length < 0x1_0000 ? 4 : LONGEST_HEADER;
    if (!isFree) this.#bytes = Buffer.from(this.#bytes);
    if (!isFree || header !== this.#header) {
      this.#first = this.#bytes.subarray(LONGEST_HEADER - header);
      this.#header = header;
    }
    this.#length = length;
    this.#writeHeader();
    return this.#first;
  }

  #writeHeader(): void {
    const first = this.#first;
    const length = this.#length;
    first[0] = this.#opening;
    if (this.#header === 2) first[1] = length;
    else if (this.#header === 4) {
      first[1] = 126;
      first[2] = length >>> 8;
      first[3] = length;
    } else {
      first[1] = 127;
      first.writeUInt32BE(Math.floor(length / 0x1_0000_0000), 2);
      first.writeUInt32BE(length % 0x1_0000_0000, 6);
    }
  }
}

/**
 * Writes one message straight to the upgraded connection: `head` is the receiver's own, `body` is
 * shared between receivers and never copied. Right only between whole messages of ws on the same
 * connection, and only where ws itself compresses nothing that it sends: then it writes each message
 * at once.
 */
export function writeMessage(connection: Duplex, head: MessageHead, body: Buffer): void {
  // What the connection could not take at once it still has to read.
  const first = head.before(body.length, connection.writableLength === 0);
  if (body.length === 0) {
    connection.write(first);
    return;
  }
  connection.cork();
  connection.write(first);
  connection.write(body);
  connection.uncork();
}
