import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressRule } from './address-rule.js';
import type { ChannelRequest } from './request-of.js';
import { addressesOf, type Resolve } from './resolving.js';

/** How long an attempt may take, from the question for the name to the end of the answer, milliseconds. */
const ATTEMPT_MS = 10_000;
/** How long the words of an answer may take once its status is there, milliseconds. */
const WORDS_MS = 1_000;
/** So much of an answer is read, the rest is left: bytes. */
const MOST_BYTES = 4 * 1024;

/** What a receiver said. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The beginning of it. */
  readonly body: string;
}

/** Nothing was said, and why, in words that tell nothing of the address but its host. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

export interface OutgoingOptions {
  readonly addresses: AddressRule;
  readonly resolve: Resolve;
  readonly attemptMs?: number;
}

/**
 * Sends what goes out to addresses that users have given. The addresses of a host are judged after its name
 * was resolved, and the connection goes to those that were judged: a name that resolves to another one the
 * next time changes nothing. No redirect is followed, no proxy of the environment is used, no connection is
 * kept, and time and what is read are bounded.
 */
export class Outgoing {
  readonly #options: OutgoingOptions;
  /** Of our own: the global ones may be told by the environment to use a proxy. */
  readonly #plain = new http.Agent({ keepAlive: false });
  readonly #secure = new https.Agent({ keepAlive: false, maxCachedSessions: 0 });

  constructor(options: OutgoingOptions) {
    this.#options = options;
  }

  /** @throws {NoAnswerError} also for whatever is wrong with the connection */
  async post(request: ChannelRequest, ended: AbortSignal): Promise<Answer> {
    const { attemptMs = ATTEMPT_MS } = this.#options;
    const late = AbortSignal.timeout(attemptMs);
    const signal = AbortSignal.any([late, ended]);
    try {
      return await within(signal, this.#post(request, signal));
    } catch (error) {
      if (late.aborted) throw new NoAnswerError(`no answer within ${attemptMs / 1_000} s`);
      throw error instanceof NoAnswerError ? error : new NoAnswerError(wordsOf(error));
    }
  }

  async #post(request: ChannelRequest, signal: AbortSignal): Promise<Answer> {
    const url = new URL(request.url);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = await this.#judged(host, signal);
    signal.throwIfAborted();
    const response = await this.#send(url, request, toThese(addresses), signal);
    try {
      const { statusCode: status = 0, headers } = response;
      return { status, headers, body: await beginning(response) };
    } finally {
      response.destroy();
    }
  }

  /** The addresses of a host that may be called. */
  async #judged(host: string, signal: AbortSignal): Promise<readonly string[]> {
    const { addresses: rule, resolve } = this.#options;
    const found = await addressesOf(host, resolve, signal);
    const refusals = found.map((address) => rule.refusalOf(host, address));
    const allowed = found.filter((_, at) => refusals[at] === null);
    if (allowed.length > 0) return allowed;
    throw new NoAnswerError(`not sent: ${refusals[0] ?? 'the host has no address'}`);
  }

  #send(
    url: URL,
    { headers, body }: ChannelRequest,
    lookup: LookupFunction,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const isSecure = url.protocol === 'https:';
    const { request } = isSecure ? https : http;
    const options = {
      ...{ method: 'POST', lookup, signal, agent: isSecure ? this.#secure : this.#plain },
      headers: {
        ...{ 'user-agent': 'dynamics', accept: 'application/json, text/plain' },
        ...{ ...headers, 'content-length': String(Buffer.byteLength(body)) },
      },
    };
    return new Promise((resolve, reject) => {
      // Errors after the answer began are those of its stream.
      request(url, options, resolve).on('error', reject).end(body);
    });
  }
}

/** Has a connection go to these, whatever it asks for. */
function toThese(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, { all }, callback) => {
    const [first] = found;
    if (all === true) callback(null, found);
    else callback(null, first?.address ?? '', first?.family ?? 4);
  };
}

/** What can be had of an answer's words soon; its status counts without them. */
async function beginning(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => response.destroy(), WORDS_MS);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MOST_BYTES) break;
    }
  } catch {
    // Cut off.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8');
}

/** What a promise gives, unless the signal is aborted first. */
async function within<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  let end: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    end = () => reject(new NoAnswerError('given up'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ENOTFOUND: 'the name of the host is not known',
  ENODATA: 'the name of the host is not known',
  ETIMEOUT: 'the name servers do not answer',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'the host cannot be reached',
};

/** By the code alone: the message may hold more of the address than may be told. */
function wordsOf(error: unknown): string {
  const { code = '', errors } = error as NodeJS.ErrnoException & { errors?: unknown[] };
  // Of several addresses that were tried there is no code in common.
  if (code === '' && errors && errors.length > 0) return wordsOf(errors[0]);
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code))
    return `its certificate is not valid (${code})`;
  if (code.startsWith('HPE_')) return `what it answers is no HTTP (${code})`;
  return WORDS[code] ?? `no connection${/^\w{1,40}$/.test(code) ? ` (${code})` : ''}`;
}
