import { STATUS_CODES } from 'node:http';
import type { ExchangeFailureCode } from '../pipeline/market-port.js';
import { MalformedAnswerError } from './parse.js';

/** Error codes in Binance's answers that need an answer of our own. */
export const API_CODE = {
  TOO_MANY_REQUESTS: -1003,
  INVALID_TIMESTAMP: -1021,
  BAD_SYMBOL: -1121,
} as const;

/** No answer came in time, or nobody waits for it any more. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** What went wrong with one call. */
export interface CallFailure {
  readonly code: Exclude<ExchangeFailureCode, 'ACCOUNT_UNREADABLE' | 'REPLAY_ENDED'>;
  /** One short line, without secrets. */
  readonly message: string;
  /** The code in Binance's own error answer. */
  readonly apiCode?: number;
  /** Until when we are told to be silent: milliseconds since 1970, by the exchange's clock. */
  readonly silentUntil?: number;
  /** For how long we are told to be silent, milliseconds. */
  readonly silentForMs?: number;
}

/** How much of a text is looked at, and how much of it is passed on. */
const LONGEST_INPUT = 2000;
const LONGEST_MESSAGE = 160;

/**
 * Says what an error of binance-api-node means. The library rejects with errors of its own (API
 * errors with a `code`; other answers with `response` and `responseText`), with node-fetch's
 * FetchError, and, where a body is no JSON, with a plain object that holds it as `text`.
 *
 * @param secrets what must not appear in the message
 */
export function classifyFailure(error: unknown, secrets: readonly string[] = []): CallFailure {
  const failure = classify(error);
  return { ...failure, message: shorten(redact(failure.message, secrets)) };
}

function classify(error: unknown): CallFailure {
  if (error instanceof DeadlineError) return { code: 'EXCHANGE_TIMEOUT', message: error.message };
  if (error instanceof MalformedAnswerError) {
    return { code: 'EXCHANGE_BAD_RESPONSE', message: error.message };
  }
  const { name, message, code, response, responseText, text } = fieldsOf(error);
  if (typeof text === 'string') {
    return { code: 'EXCHANGE_BAD_RESPONSE', message: `the answer is no JSON: ${quote(text)}` };
  }
  if (isResponse(response)) {
    return httpFailure(response, typeof responseText === 'string' ? responseText : '');
  }
  if (name === 'FetchError' || (typeof code === 'string' && /^(E[A-Z]|ERR_)/.test(code))) {
    return { code: 'EXCHANGE_UNREACHABLE', message: connectionFault(String(message ?? code)) };
  }
  if (typeof code === 'number') return apiFailure(code, String(message));
  const status = /^(\d{3}) /.exec(String(message))?.[1];
  if (status !== undefined) return statusFailure(Number(status), '');
  return { code: 'EXCHANGE_BAD_RESPONSE', message: quote(String(message ?? error)) };
}

interface ErrorFields {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly response?: unknown;
  readonly responseText?: unknown;
  readonly text?: unknown;
}

function fieldsOf(error: unknown): ErrorFields {
  return typeof error === 'object' && error !== null ? error : { message: error };
}

interface HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
}

function isResponse(value: unknown): value is HttpResponse {
  return typeof value === 'object' && value !== null && 'status' in value && 'headers' in value;
}

const MARKUP = /<(style|script|title)[\s\S]*?<\/\1>|<[^>]*>/gi;

function httpFailure(response: HttpResponse, body: string): CallFailure {
  const retryAfter = Number(response.headers.get('retry-after') ?? NaN);
  return {
    ...statusFailure(response.status, body),
    ...(retryAfter > 0 && { silentForMs: retryAfter * 1000 }),
  };
}

function statusFailure(status: number, body: string): CallFailure {
  const quoted = quote(body.slice(0, LONGEST_INPUT).replace(MARKUP, ' '));
  const name = STATUS_CODES[status];
  const message = `HTTP ${status}${name ? ` ${name}` : ''}${quoted ? `: ${quoted}` : ''}`;
  if (status === 418) return { code: 'EXCHANGE_BANNED', message };
  if (status === 429) return { code: 'EXCHANGE_RATE_LIMITED', message };
  return { code: 'EXCHANGE_ERROR', message };
}

function apiFailure(apiCode: number, text: string): CallFailure {
  const message = `${apiCode}: ${quote(text)}`;
  if (apiCode !== API_CODE.TOO_MANY_REQUESTS) return { code: 'EXCHANGE_ERROR', message, apiCode };
  const until = /\buntil (\d{13})\b/i.exec(text)?.[1];
  return {
    code: /\bbanned\b/i.test(text) ? 'EXCHANGE_BANNED' : 'EXCHANGE_RATE_LIMITED',
    message,
    apiCode,
    ...(until !== undefined && { silentUntil: Number(until) }),
  };
}

/** `request to <url> failed, reason: connect ECONNREFUSED …` without the address and its query. */
function connectionFault(message: string): string {
  const reason = /reason: (.*)$/s.exec(message)?.[1] ?? message;
  return quote(reason === '' ? 'no connection' : reason);
}

/** The beginning of a text, on one line. */
function quote(text: string): string {
  return text
    .slice(0, LONGEST_INPUT)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** Cut after secrets were taken out, so that none is left in part. */
function shorten(line: string): string {
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}

/** Takes keys, signatures and the queries of addresses out of a text. */
export function redact(text: string, secrets: readonly string[] = []): string {
  const withoutQueries = text
    .replace(/(https?:\/\/[^\s?"']+)\?[^\s"']*/gi, '$1?…')
    .replace(/\b(signature|apiKey|X-MBX-APIKEY)(["']?\s*[=:]\s*["']?)[^\s&,"'}]+/gi, '$1$2…');
  return secrets.reduce(
    (clean, secret) => (secret === '' ? clean : clean.replaceAll(secret, '…')),
    withoutQueries,
  );
}
