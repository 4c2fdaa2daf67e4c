import type { Duplex } from 'node:stream';

/** Up to this size a message is copied together; a larger one is written in two pieces. */
const COPIED_BYTES = 16 * 1024;
const FINAL_TEXT = 0x81;
/** RSV1: the message is compressed (RFC 7692, section 6). */
const COMPRESSED = 0x40;
/** A deflate block that holds bytes as they are: its head, and how many it can hold. */
const STORED_HEAD = 5;
const MOST_STORED = 0xffff;

/**
 * Writes one WebSocket text message (RFC 6455, section 5.2, unmasked as servers send) straight to
 * the upgraded connection: `head` is the receiver's own, `body` is shared between receivers and
 * never copied where it is large. Right only between whole messages of ws on the same connection,
 * and only where ws itself compresses nothing that it sends: then it writes each message at once.
 */
export function writeText(connection: Duplex, head: Buffer, body: Buffer): void {
  write(connection, FINAL_TEXT, head, body);
}

/**
 * The same for a client with which permessage-deflate is negotiated: the head as a stored block
 * (RFC 1951, section 3.2.4), and behind it the body, which is compressed already.
 * @param head at most 65,535 bytes
 */
export function writeCompressedText(connection: Duplex, head: Buffer, body: Buffer): void {
  if (head.length > MOST_STORED) throw new RangeError('the head does not fit into one block');
  const stored = Buffer.allocUnsafe(STORED_HEAD + head.length);
  stored[0] = 0;
  stored.writeUInt16LE(head.length, 1);
  stored.writeUInt16LE(~head.length & MOST_STORED, 3);
  head.copy(stored, STORED_HEAD);
  write(connection, FINAL_TEXT | COMPRESSED, stored, body);
}

function write(connection: Duplex, opening: number, head: Buffer, body: Buffer): void {
  const length = head.length + body.length;
  const headerLength = length < 126 ? 2 : length < 0x1_0000 ? 4 : 10;
  const isCopied = length <= COPIED_BYTES;
  const first = Buffer.allocUnsafe(headerLength + (isCopied ? length : head.length));
  first[0] = opening;
  if (headerLength === 2) first[1] = length;
  else if (headerLength === 4) {
    first[1] = 126;
    first.writeUInt16BE(length, 2);
  } else {
    first[1] = 127;
    first.writeUInt32BE(Math.floor(length / 0x1_0000_0000), 2);
    first.writeUInt32BE(length % 0x1_0000_0000, 6);
  }
  head.copy(first, headerLength);
  if (isCopied) {
    body.copy(first, headerLength + head.length);
    connection.write(first);
    return;
  }
  connection.cork();
  connection.write(first);
  connection.write(body);
  connection.uncork();
}
