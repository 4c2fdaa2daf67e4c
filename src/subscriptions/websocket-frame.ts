import type { Duplex } from 'node:stream';

const FINAL_TEXT = 0x81;
/** RSV1: the message is compressed (RFC 7692, section 6). */
const COMPRESSED = 0x40;
/** A deflate block that holds bytes as they are: its head, and how many it can hold. */
const STORED_HEAD = 5;
const MOST_STORED = 0xffff;

/**
 * What a message begins with before the receiver's own bytes: the header of a WebSocket frame (RFC
 * 6455, section 5.2, unmasked as servers send it). Where the body comes compressed, the receiver's own
 * bytes are a stored block before it (RFC 1951, section 3.2.4), whose head stands here.
 * @param ownLength how many bytes are the receiver's own; at most 65,535 where the body is compressed
 */
export function openingOf(ownLength: number, bodyLength: number, isCompressed: boolean): Buffer {
  const block = isCompressed ? storedHead(ownLength) : null;
  const header = headerOf((block?.length ?? 0) + ownLength + bodyLength);
  if (!block) return header;
  header.writeUInt8(FINAL_TEXT | COMPRESSED);
  return Buffer.concat([header, block]);
}

function storedHead(length: number): Buffer {
  if (length > MOST_STORED) throw new RangeError('the head does not fit into one block');
  const stored = Buffer.alloc(STORED_HEAD);
  stored.writeUInt16LE(length, 1);
  stored.writeUInt16LE(~length & MOST_STORED, 3);
  return stored;
}

function headerOf(length: number): Buffer {
  if (length < 126) return Buffer.of(FINAL_TEXT, length);
  if (length < 0x1_0000) return Buffer.of(FINAL_TEXT, 126, length >>> 8, length & 0xff);
  const header = Buffer.alloc(10);
  header[0] = FINAL_TEXT;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

/**
 * Writes one message straight to the upgraded connection: the receiver's own bytes, and behind them a
 * body that is not copied. Right only between whole messages of ws on the same connection, and only
 * where ws itself compresses nothing that it sends: then it writes each message at once.
 */
export function writeMessage(
  connection: Duplex,
  own: Buffer,
  body: Buffer,
  isCompressed = false,
): void {
  const first = Buffer.concat([openingOf(own.length, body.length, isCompressed), own]);
  writeParts(connection, first, body);
}

/** Writes two pieces in one go; the second may be empty. */
export function writeParts(connection: Duplex, first: Buffer, second: Buffer): void {
  if (second.length === 0) {
    connection.write(first);
    return;
  }
  connection.cork();
  connection.write(first);
  connection.write(second);
  connection.uncork();
}
