import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';

/** A longer body is read like any other. */
const LONGEST_BODY = 16 * 1024;
/** How many bodies are known, and how many characters they may have together. */
const KNOWN_BODIES = 10_000;
const KNOWN_CHARACTERS = 8 * 1024 * 1024;

/**
 * Requests that are answered with what is kept, by the very bytes of their bodies: one that comes
 * again needs no parsing. What a key stands for is independent of who asks.
 */
export class KnownRequests {
  readonly #keys = new LRUCache<string, string>({
    max: KNOWN_BODIES,
    maxSize: KNOWN_CHARACTERS,
    sizeCalculation: (key, body) => key.length + body.length + 1,
  });

  /** The key of a request that was made known. */
  keyOf(request: IncomingMessage, body: Buffer): string | undefined {
    return this.#keys.get(nameOf(request, body));
  }

  /** Makes known what a request's answer is kept under. */
  add(request: IncomingMessage, body: Buffer, key: string): void {
    this.#keys.set(nameOf(request, body), key);
  }
}

function nameOf({ url, headers: { accept } }: IncomingMessage, body: Buffer): string {
  return `${url}\n${accept}\n${body.toString('latin1')}`;
}

const JSON_TYPE = /^application\/json(;\s*charset=utf-8)?$/i;

/** Whether a body is small and plain JSON, so that it can be looked up before it is understood. */
export function isPlain({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    headers['content-encoding'] === undefined &&
    Number(headers['content-length']) <= LONGEST_BODY &&
    JSON_TYPE.test(headers['content-type'] ?? '')
  );
}

/** The whole body of a plain request; whoever goes away before it is there is not answered. */
export function readPlain(request: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [only] = chunks;
    done(chunks.length === 1 && only ? only : Buffer.concat(chunks));
  });
}

/** A request whose body was read, to be read by somebody else. */
export function readAgain(
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): IncomingMessage {
  return Object.assign(Readable.from([body]), { method, url, headers }) as IncomingMessage;
}
