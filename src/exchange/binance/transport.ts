import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import type { ReadAnswer } from './answers.js';
import { AnswerRefusedError, ConnectionError } from './failures.js';
import { MalformedAnswerError } from './parse.js';

/** Longer than an idle cycle; Node's own agents drop a connection after 5 s. */
const IDLE_MS = 75_000;
/** Further calls wait for a connection, within their deadline. */
const MAX_CONNECTIONS = 8;
/** So much of an error answer is read, the rest is left: bytes. */
const MAX_ERROR_BYTES = 64 * 1024;

export interface Question<T> {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the call with its connection; its reason is what the call fails with. */
  readonly signal: AbortSignal;
  /** An answer with more bytes, unpacked, is refused. */
  readonly maxBytes: number;
  /** Reads the answer as it comes in. */
  readonly read: ReadAnswer<T>;
}

/** What came: what was read of a 2xx, or the beginning of an error. */
export type HttpAnswer<T> = { readonly status: number; readonly headers: IncomingHttpHeaders } & (
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly body: Buffer }
);

/**
 * HTTP as an exchange is to be asked: connections stay open between cycles, a redirect is an answer
 * like any other (nothing is sent anywhere else), and no answer is bigger than it may be, packed or
 * unpacked.
 */
export class Transport {
  readonly #agents = new Map<string, http.Agent>();

  /** @throws {ConnectionError} {@link AnswerRefusedError}, the reason of the signal, what `read` throws */
  async get<T>(question: Question<T>): Promise<HttpAnswer<T>> {
    const { signal, maxBytes, read } = question;
    let response: IncomingMessage | undefined;
    try {
      signal.throwIfAborted();
      response = await this.#send(question);
      const { statusCode: status = 0, headers } = response;
      const isOk = status >= 200 && status < 300;
      if (!isOk) return { status, headers, ok: false, body: await beginning(response) };
      const answer = await read(bounded(response, maxBytes));
      return { status, headers, ok: true, answer };
    } catch (error) {
      signal.throwIfAborted();
      throw asFailure(error);
    } finally {
      // What is not wanted is not waited for; a connection whose answer is whole is kept.
      if (response && !response.complete) response.destroy();
    }
  }

  /** Ends what is under way. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #send({ url, headers, signal }: Question<unknown>): Promise<IncomingMessage> {
    const { protocol } = new URL(url);
    const { request } = protocol === 'https:' ? https : http;
    const options = {
      agent: this.#agentFor(protocol),
      headers: { accept: 'application/json', 'accept-encoding': 'gzip', ...headers },
      signal,
    };
    return new Promise((resolve, reject) => {
      // Errors after the answer began are those of its stream.
      request(url, options, resolve).on('error', reject).end();
    });
  }

  #agentFor(protocol: string): http.Agent {
    const options = { keepAlive: true, maxSockets: MAX_CONNECTIONS, timeout: IDLE_MS };
    const agent =
      this.#agents.get(protocol) ??
      (protocol === 'https:' ? new https.Agent(options) : new http.Agent(options));
    this.#agents.set(protocol, agent);
    return agent;
  }
}

async function* bounded(response: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
  const tooBig = () =>
    new AnswerRefusedError(`the answer is bigger than ${words(maxBytes)}, and is refused`);
  if (Number(response.headers['content-length']) > maxBytes) throw tooBig();
  let size = 0;
  for await (const chunk of unpacked(response) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooBig();
    yield chunk;
  }
}

/** What can be had of the words of an error; its status and headers count without them. */
async function beginning(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of bounded(response, MAX_ERROR_BYTES)) chunks.push(chunk);
  } catch {
    // Too long, cut off, ended by the deadline, or packed in a way that is not known.
  }
  return Buffer.concat(chunks);
}

function unpacked(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity') return response;
  const unpack = /^(x-)?gzip$|^deflate$/.test(encoding)
    ? createUnzip()
    : encoding === 'br'
      ? createBrotliDecompress()
      : null;
  if (!unpack) throw new AnswerRefusedError(`the answer is packed as ${encoding}, unasked`);
  // The one who reads hears of an error through the stream that is read.
  return pipeline(response, unpack, () => undefined);
}

function words(bytes: number): string {
  const mebibyte = 1024 * 1024;
  return bytes < mebibyte ? `${bytes / 1024} KiB` : `${bytes / mebibyte} MiB`;
}

function asFailure(error: unknown): Error {
  if (error instanceof AnswerRefusedError || error instanceof MalformedAnswerError) return error;
  const { code = '', message = '' } = error as Partial<NodeJS.ErrnoException>;
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR_')) {
    return new AnswerRefusedError(`the answer cannot be unpacked: ${message}`);
  }
  if (code.startsWith('HPE_')) return new AnswerRefusedError(`the answer is no HTTP: ${message}`);
  // Of several addresses that were tried there is no message in common.
  return new ConnectionError(message || code || 'no connection', { cause: error });
}
