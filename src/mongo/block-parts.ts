import type { BlockPartDocument } from './block.model.js';

/** A part as the one with the turns names it. */
export interface PartOfBlock {
  readonly name: string;
  readonly digest: string;
  readonly bytes: number;
}

/** Hexadecimal digits of a SHA-256. */
const DIGEST_DIGITS = 64;

/** Many small documents would take longer to read than all that they lead to. */
export function listOf(
  parts: readonly PartOfBlock[],
): Pick<BlockPartDocument, 'contents' | 'digests'> {
  return {
    contents: parts.map(({ name, bytes }) => `${name} ${bytes}`).join(' '),
    digests: Buffer.from(parts.map(({ digest }) => digest).join(''), 'hex'),
  };
}

export function partsOf({ contents = '', digests = new Uint8Array() }: BlockPartDocument) {
  const hex = Buffer.from(digests.buffer, digests.byteOffset, digests.length).toString('hex');
  const words = contents.split(' ');
  const found = new Map<string, PartOfBlock>();
  for (let at = 0; 2 * at + 1 < words.length; at++) {
    const name = words[2 * at] as string;
    const digest = hex.slice(at * DIGEST_DIGITS, (at + 1) * DIGEST_DIGITS);
    found.set(name, { name, digest, bytes: Number(words[2 * at + 1]) });
  }
  return found;
}
