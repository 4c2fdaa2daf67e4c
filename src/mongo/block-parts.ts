import type { BlockPartDocument } from './block.model.js';

/** A part as the one with the turns names it. */
export interface PartOfBlock {
  readonly name: string;
  readonly digest: string;
  readonly bytes: number;
}

/** Of a SHA-256. */
const DIGEST_BYTES = 32;

/** Many small documents would take longer to read than all that they lead to. */
export function listOf(
  parts: readonly PartOfBlock[],
): Pick<BlockPartDocument, 'contents' | 'digests'> {
  return {
    contents: parts.map(({ name, bytes }) => `${name} ${bytes}`).join(' '),
    digests: Buffer.from(parts.map(({ digest }) => digest).join(''), 'hex'),
  };
}

/** Of many parts most are not asked for. */
export function partsOf({ contents = '', digests = new Uint8Array() }: BlockPartDocument) {
  const words = contents.split(' ');
  return {
    get(name: string): PartOfBlock | undefined {
      const at = words.indexOf(name);
      if (at === -1 || at % 2 === 1) return undefined;
      const begin = digests.byteOffset + (at / 2) * DIGEST_BYTES;
      const digest = Buffer.from(digests.buffer, begin, DIGEST_BYTES).toString('hex');
      return { name, digest, bytes: Number(words[at + 1]) };
    },
  };
}
