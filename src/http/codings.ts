import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, deflate, gzip } from 'node:zlib';
import Negotiator from 'negotiator';

/** In the order in which they are taken where a client likes several equally. */
const CODINGS = ['br', 'gzip', 'deflate'] as const;
export type Coding = (typeof CODINGS)[number];

/** A smaller answer fits into one packet as it is, bytes. */
const SMALLEST_ENCODED_BYTES = 1_400;
/** As small as gzip's best, in the time of its fastest. */
const BROTLI_QUALITY = 4;

const inBrotli = promisify(brotliCompress);
const inGzip = promisify(gzip);
const inDeflate = promisify(deflate);

/** The coding that a client likes best, or null for bytes as they are. */
export function codingFor(request: IncomingMessage): Coding | null {
  if (request.headers['accept-encoding'] === undefined) return null;
  const negotiator = new Negotiator(request) as Negotiator & {
    // Is missing in the types.
    encodings(available: readonly string[], options: { preferred: readonly string[] }): string[];
  };
  const [found] = negotiator.encodings([...CODINGS, 'identity'], { preferred: CODINGS });
  return CODINGS.find((coding) => coding === found) ?? null;
}

/** Bytes in a coding; null where that makes them no fewer, or there are too few for it to matter. */
export async function encode(bytes: Buffer, coding: Coding): Promise<Buffer | null> {
  if (bytes.length < SMALLEST_ENCODED_BYTES) return null;
  const encoded = await encoders[coding](bytes);
  return encoded.length < bytes.length ? encoded : null;
}

const encoders: Readonly<Record<Coding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    inBrotli(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: (bytes) => inGzip(bytes, { level: constants.Z_BEST_SPEED }),
  deflate: (bytes) => inDeflate(bytes, { level: constants.Z_BEST_SPEED }),
};
