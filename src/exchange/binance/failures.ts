import { STATUS_CODES, type IncomingHttpHeaders } from 'node:http';
import type { ExchangeFailureCode } from '../../market/market-port.js';
import { readRetryAfter } from './retry-after.js';

/** Error codes in Binance's answers that need an answer of our own. */
export const API_CODE = {
  TOO_MANY_REQUESTS: -1003,
  INVALID_TIMESTAMP: -1021,
  BAD_SYMBOL: -1121,
  /** The one symbol asked for has another status than the one asked for. */
  OTHER_STATUS: -1220,
} as const;

/** No answer came in time, or nobody waits for it any more. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** There was no connection, or it ended too early. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** An answer that is not read: too big, or packed in a way that is not known. */
export class AnswerRefusedError extends Error {
  override readonly name = 'AnswerRefusedError';
}

/** Any HTTP status but 2xx. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  constructor(
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
    /** The answer, or its beginning. */
    readonly body: string,
  ) {
    super(`HTTP ${status}`);
  }
}

/** What went wrong with one call. */
export interface CallFailure {
  readonly code: Exclude<ExchangeFailureCode, 'ACCOUNT_UNREADABLE' | 'REPLAY_ENDED'>;
  /** One short line, without secrets. */
  readonly message: string;
  /** HTTP status of an answer that was none of 2xx. */
  readonly status?: number;
  /** The code in Binance's own error answer. */
  readonly apiCode?: number;
  /** Why there was no connection, as the system names it, for example `ENOTFOUND`. */
  readonly systemCode?: string;
  /** Until when we are told to be silent: milliseconds since 1970, by the exchange's clock. */
  readonly silentUntil?: number;
  /** For how long we are told to be silent, milliseconds. */
  readonly silentForMs?: number;
}

/** How much of a text is looked at, and how much of it is passed on. */
const LONGEST_INPUT = 2000;
const LONGEST_MESSAGE = 160;

/**
 * Says what an error of a call means.
 *
 * @param secrets what must not appear in the message
 */
export function classifyFailure(error: unknown, secrets: readonly string[] = []): CallFailure {
  const failure = classify(error);
  return { ...failure, message: shorten(redact(failure.message, secrets)) };
}

function classify(error: unknown): CallFailure {
  if (error instanceof StatusError) return statusFailure(error);
  if (error instanceof DeadlineError) return { code: 'EXCHANGE_TIMEOUT', message: error.message };
  if (error instanceof ConnectionError) {
    const systemCode = systemCodeOf(error.cause);
    const message = quote(error.message);
    return { code: 'EXCHANGE_UNREACHABLE', message, ...(systemCode !== null && { systemCode }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'EXCHANGE_BAD_RESPONSE', message: quote(message) };
}

function systemCodeOf(cause: unknown): string | null {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : null;
}

/** Statuses that say something of us or of a server between, and nothing of what was asked. */
const NOT_OF_REQUEST = new Set([401, 403, 407, 408, 418, 425, 429]);

/** Whether asking for less, or for something else, may be answered. */
export function mayBeOfRequest({ status = 0 }: CallFailure): boolean {
  return status >= 400 && status < 500 && !NOT_OF_REQUEST.has(status);
}

function statusFailure({ status, headers, body }: StatusError): CallFailure {
  const { apiCode, message } = isRedirect(status)
    ? { message: redirectWords(status, headers) }
    : (readApiError(body) ?? { message: `${statusWords(status)}${pageWords(body)}` });
  const base = { status, ...(apiCode !== undefined && { apiCode }) };
  const isTooMuch = status === 418 || status === 429 || apiCode === API_CODE.TOO_MANY_REQUESTS;
  if (!isTooMuch) return { ...base, code: 'EXCHANGE_ERROR', message };
  const until = /\buntil (\d{13})\b/i.exec(message)?.[1];
  const isBan = status === 418 || /\bbanned\b/i.test(message);
  const wait = readRetryAfter(headers);
  return {
    ...base,
    code: isBan ? 'EXCHANGE_BANNED' : 'EXCHANGE_RATE_LIMITED',
    message: wait?.words === undefined ? message : `${wait.words}; ${message}`,
    ...(until !== undefined && { silentUntil: Number(until) }),
    ...(wait?.ms !== undefined && { silentForMs: wait.ms }),
  };
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** Where to is named without path and query: they may repeat what was asked, signed. */
function redirectWords(status: number, { location }: IncomingHttpHeaders): string {
  const target = location !== undefined && URL.canParse(location) ? new URL(location).origin : null;
  const to = target === null ? '' : ` to ${target}`;
  return `${statusWords(status)}: a redirect${to}, which is not followed`;
}

function statusWords(status: number): string {
  const name = STATUS_CODES[status];
  return `HTTP ${status}${name ? ` ${name}` : ''}`;
}

const MARKUP = /<(style|script|title)[\s\S]*?<\/\1>|<[^>]*>/gi;

function pageWords(body: string): string {
  const words = quote(body.slice(0, LONGEST_INPUT).replace(MARKUP, ' '));
  return words === '' ? '' : `: ${words}`;
}

/** `{"code":-1000,"msg":"…"}`; null where an error is told in another form. */
function readApiError(body: string): { apiCode: number; message: string } | null {
  try {
    const { code, msg } = JSON.parse(body) as { code?: unknown; msg?: unknown };
    if (typeof code !== 'number' || typeof msg !== 'string') return null;
    return { apiCode: code, message: `${code}: ${quote(msg)}` };
  } catch {
    return null;
  }
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
