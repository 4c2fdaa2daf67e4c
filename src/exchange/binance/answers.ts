import { setImmediate as others } from 'node:timers/promises';
import type { Universe } from '../../domain/asset.js';
import type { TickerReading } from '../../domain/frame.js';
import type { MinuteCloses, MinuteRange } from '../../market/close-source.js';
import { JsonPieces } from './json-pieces.js';
import { KlinesReading } from './klines.js';
import { ListedReading, type Listed } from './listed.js';
import {
  MalformedAnswerError,
  parseAccount,
  parseServerTime,
  TickersReading,
  type Account,
} from './parse.js';

/** An answer as it comes in, unpacked. */
export type Chunks = AsyncIterable<Buffer>;

/** Reads one kind of answer. @throws {MalformedAnswerError} */
export type ReadAnswer<T> = (chunks: Chunks) => Promise<T>;

/** So much is read before other work gets its turn: some milliseconds, bytes. */
const SLICE_BYTES = 64 * 1024;

/** `GET /api/v3/time`: milliseconds since 1970. */
export const readServerTime: ReadAnswer<number> = async (chunks) =>
  parseServerTime(await whole(chunks));

/** `GET /api/v3/account`. */
export const readAccount: ReadAnswer<Account> = async (chunks) => parseAccount(await whole(chunks));

/** `GET /api/v3/exchangeInfo`: what it says of a universe. */
export function readListed(universe: Universe): ReadAnswer<Listed> {
  return async (chunks) => {
    const reading = new ListedReading(universe);
    await eachPiece(chunks, (value, key) => reading.add(value, key));
    return reading.done();
  };
}

/** `GET /api/v3/ticker/24hr`: some of its symbols. */
export function readTickers(symbols: readonly string[]): ReadAnswer<TickerReading[]> {
  return async (chunks) => {
    const reading = new TickersReading(symbols);
    const root = await eachPiece(chunks, (value) => reading.add(value));
    return reading.done(root === 'LIST');
  };
}

/** `GET /api/v3/klines`: the closes of minutes of a range. */
export function readKlines(range: MinuteRange): ReadAnswer<MinuteCloses> {
  return async (chunks) => {
    const reading = new KlinesReading(range);
    const root = await eachPiece(chunks, (value) => reading.add(value));
    return reading.done(root === 'LIST');
  };
}

async function eachPiece(chunks: Chunks, onPiece: (value: unknown, key: string | null) => void) {
  const pieces = new JsonPieces(onPiece);
  let slice = 0;
  for await (const chunk of chunks) {
    pieces.write(chunk);
    slice += chunk.length;
    if (slice < SLICE_BYTES) continue;
    slice = 0;
    await others();
  }
  return pieces.end();
}

/** A small answer at once. */
async function whole(chunks: Chunks): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  // Passes over a byte-order mark.
  const text = new TextDecoder().decode(Buffer.concat(parts));
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedAnswerError(`the answer is no JSON: ${text.slice(0, 500)}`);
  }
}
