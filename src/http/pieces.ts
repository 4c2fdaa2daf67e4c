import type { ServerResponse } from 'node:http';
import { JsonText } from '../graphql/json.js';

/** A body as text and bytes that stand one behind the other. */
export type Pieces = JsonText['pieces'];

/** How many bytes that is. */
export function lengthOf(pieces: Pieces): number {
  let length = 0;
  for (const piece of pieces) length += Buffer.byteLength(piece);
  return length;
}

/** All in one. */
export function joined(pieces: Pieces): Buffer {
  const [only] = pieces;
  if (pieces.length === 1 && Buffer.isBuffer(only)) return only;
  return new JsonText(pieces).toBuffer();
}

/** Sends a body whose head was written, without copying what is large. */
export function endWith(response: ServerResponse, pieces: Pieces): void {
  const [only, ...others] = pieces;
  if (others.length === 0) return void response.end(only);
  response.cork();
  for (const piece of pieces) response.write(piece);
  response.end();
  response.uncork();
}
