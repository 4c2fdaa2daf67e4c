import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import { AnswerRefusedError, ConnectionError } from './failures.js';

/** Longer than an idle cycle; Node's own agents drop a connection after 5 s. */
const IDLE_MS = 75_000;
/** Further calls wait for a connection, within their deadline. */
const MAX_CONNECTIONS = 8;
/** So much of an error answer is read, the rest is left: bytes. */
const MAX_ERROR_BYTES = 64 * 1024;

export interface Question {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the call with its connection; its reason is what the call fails with. */
  readonly signal: AbortSignal;
  /** An answer with more bytes, unpacked, is refused. */
  readonly maxBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Unpacked; of an error, the beginning. */
  readonly body: Buffer;
}

/**
 * HTTP as an exchange is to be asked: connections stay open between cycles, a redirect is an answer
 * like any other (nothing is sent anywhere else), and no answer is bigger than it may be, packed or
 * unpacked.
 */
export class Transport {
  readonly #agents = new Map<string, http.Agent>();

  /** @throws {ConnectionError} {@link AnswerRefusedError}, or the reason of the signal */
  async get(question: Question): Promise<HttpAnswer> {
    const { signal, maxBytes } = question;
    let response: IncomingMessage | undefined;
    try {
      signal.throwIfAborted();
      response = await this.#send(question);
      const { statusCode: status = 0, headers } = response;
      const isOk = status >= 200 && status < 300;
      const body = isOk ? await whole(response, maxBytes) : await beginning(response);
      return { status, headers, body };
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

  #send({ url, headers, signal }: Question): Promise<IncomingMessage> {
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

async function whole(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooBig = () =>
    new AnswerRefusedError(`the answer is bigger than ${words(maxBytes)}, and is refused`);
  if (Number(response.headers['content-length']) > maxBytes) throw tooBig();
  const chunks: Buffer[] = [];
  if (!(await collect(unpacked(response), maxBytes, chunks))) throw tooBig();
  return Buffer.concat(chunks);
}

/** What can be had of the words of an error; its status and headers count without them. */
async function beginning(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    await collect(unpacked(response), MAX_ERROR_BYTES, chunks);
  } catch {
    // Cut off, ended by the deadline, or packed in a way that is not known.
  }
  return Buffer.concat(chunks);
}

/** @returns whether that was all; else the stream has been ended */
async function collect(stream: Readable, maxBytes: number, chunks: Buffer[]): Promise<boolean> {
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return false;
    chunks.push(chunk);
  }
  return true;
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
  if (error instanceof AnswerRefusedError) return error;
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR_')) {
    return new AnswerRefusedError(`the answer cannot be unpacked: ${message}`);
  }
  if (code.startsWith('HPE_')) return new AnswerRefusedError(`the answer is no HTTP: ${message}`);
  // Of several addresses that were tried there is no message in common.
  return new ConnectionError(message || code || 'no connection', { cause: error });
}
