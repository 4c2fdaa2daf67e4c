import type { Duplex } from 'node:stream';

/** Up to this size a message is copied together; a larger one is written in two pieces. */
const COPIED_BYTES = 16 * 1024;
const FINAL_TEXT = 0x81;

/**
 * Writes one WebSocket text message (RFC 6455, section 5.2, unmasked as servers send) straight to
 * the upgraded connection: `head` is the receiver's own, `body` is shared between receivers and
 * never copied where it is large. Right only between whole messages of ws on the same connection,
 * and only while no extension is negotiated: ws without compression writes each message at once.
 */
export function writeText(connection: Duplex, head: Buffer, body: Buffer): void {
  const length = head.length + body.length;
  const headerLength = length < 126 ? 2 : length < 0x1_0000 ? 4 : 10;
  const isCopied = length <= COPIED_BYTES;
  const first = Buffer.allocUnsafe(headerLength + (isCopied ? length : head.length));
  first[0] = FINAL_TEXT;
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
