import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { constants, deflateRaw, type ZlibOptions } from 'node:zlib';
import { extension, PerMessageDeflate, type PerMessageDeflateOptions, type WebSocket } from 'ws';

const NAME = 'permessage-deflate';

/**
 * The window of what is compressed here, bits: a client may ask for any, and one that allows for more
 * reads this too. JSON of numbers comes out no larger than with the whole 15.
 */
const WINDOW_BITS = 10;

/** Below this size a message costs more to compress than it brings, bytes. */
export const SMALLEST_COMPRESSED_BYTES = 1_024;

/**
 * Without context takeover each message stands for itself: that is what lets one compressed body be
 * sent to many (RFC 7692, section 7.1.1).
 */
export const COMPRESSION = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: WINDOW_BITS,
} satisfies PerMessageDeflateOptions;

const COMPRESSING: ZlibOptions = {
  level: constants.Z_BEST_SPEED,
  windowBits: WINDOW_BITS,
  finishFlush: constants.Z_SYNC_FLUSH,
};

/** What a flush ends with, and a message leaves out (RFC 7692, section 7.2.1). */
const FLUSH_BYTES = 4;

const compress = promisify<Buffer, ZlibOptions, Buffer>(deflateRaw);

/** The body of messages in a deflate block of its own, which may follow any other. */
export async function compressed(body: Buffer): Promise<Buffer> {
  const flushed = await compress(body, COMPRESSING);
  return flushed.subarray(0, flushed.length - FLUSH_BYTES);
}

/** Whether compression was negotiated with a client. */
export function isCompressing({ extensions }: Pick<WebSocket, 'extensions'>): boolean {
  return extensions === NAME;
}

/**
 * Leaves of the extensions that a client offers what can be met: it may come without any, and ws would
 * refuse the connection for an offer that is malformed or asks for too small a window.
 */
export function keepAcceptableOffer(headers: IncomingHttpHeaders): void {
  const offered = headers['sec-websocket-extensions'];
  if (offered === undefined) return;
  const offer = acceptableOffer(offered);
  if (offer === null) delete headers['sec-websocket-extensions'];
  else headers['sec-websocket-extensions'] = offer;
}

function acceptableOffer(header: string): string | null {
  try {
    const offers = extension.parse(header)[NAME] ?? [];
    const found = offers.find(isAcceptable);
    return found ? extension.format({ [NAME]: [found] }) : null;
  } catch {
    return null;
  }
}

function isAcceptable(offer: Record<string, unknown[]>): boolean {
  try {
    // It writes what it accepts into what it is given.
    new PerMessageDeflate({ ...COMPRESSION, isServer: true }).accept([{ ...offer }]);
    return true;
  } catch {
    return false;
  }
}
