import type { ChannelRecord, ChannelSecret } from './channel.js';
import type { AlertMessage } from './message.js';
import { NoAnswerError, type Answer, type Outgoing } from './outgoing.js';
import { requestOf } from './request-of.js';
import type { SecretSeal } from './secret-seal.js';

/** What came of one attempt to tell something. */
export type Sent = {
  /** GONE: never again. UNREADABLE: nothing was sent, the secret cannot be opened. */
  readonly outcome: 'DELIVERED' | 'FAILED' | 'GONE' | 'UNREADABLE';
  /** What came back, for people: bounded, and without a secret. */
  readonly words: string;
  /** How long the receiver wants to be left alone, milliseconds; 0 where it said nothing of that. */
  readonly waitMs: number;
};

interface SenderOptions {
  readonly seal: SecretSeal;
  readonly outgoing: Pick<Outgoing, 'post'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Longer than any service asks for, milliseconds. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;
const LONGEST_QUOTE = 200;

/** Tells a message through a channel, once. */
export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Never throws. */
  async send(channel: ChannelRecord, message: AlertMessage, ended: AbortSignal): Promise<Sent> {
    const { seal, outgoing, now } = this.#options;
    const secret = seal.open(channel);
    if (secret === null) {
      const words = 'its secret cannot be read under this key: give it anew';
      return { outcome: 'UNREADABLE', words, waitMs: 0 };
    }
    try {
      const answer = await outgoing.post(requestOf(secret, message, now()), ended);
      return readAnswer(answer, secret, now());
    } catch (error) {
      const words = error instanceof NoAnswerError ? error.message : 'the message cannot be sent';
      return { outcome: 'FAILED', words, waitMs: 0 };
    }
  }
}

function readAnswer(answer: Answer, secret: ChannelSecret, now: number): Sent {
  const { status } = answer;
  const quote = quoteOf(answer.body, secret);
  const words = `answered ${status}${quote === '' ? '' : `: ${quote}`}`;
  if (status >= 200 && status < 300) return { outcome: 'DELIVERED', words, waitMs: 0 };
  if (status === 410) return { outcome: 'GONE', words, waitMs: 0 };
  if (status >= 300 && status < 400) {
    return { outcome: 'FAILED', words: `answered ${status}: no redirect is followed`, waitMs: 0 };
  }
  return { outcome: 'FAILED', words, waitMs: waitOf(answer, now) };
}

/** `Retry-After`, seconds or a date; or what Telegram and Discord write beside it. */
function waitOf({ headers, body }: Answer, now: number): number {
  const text = headers['retry-after']?.trim() ?? '';
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  const waits = [ms, 1_000 * Number(retryAfterIn(body))].filter((wait) => wait > 0);
  return Math.min(Math.max(0, ...waits), LONGEST_WAIT_MS);
}

function retryAfterIn(body: string): unknown {
  try {
    const { retry_after: own, parameters } = JSON.parse(body) as {
      retry_after?: unknown;
      parameters?: { retry_after?: unknown };
    };
    return own ?? parameters?.retry_after;
  } catch {
    return undefined;
  }
}

/** What the receiver wrote, in one line, without what nobody is to be told. */
function quoteOf(body: string, secret: ChannelSecret): string {
  let text = body;
  for (const hidden of hiddenIn(secret)) text = text.replaceAll(hidden, '…');
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length <= LONGEST_QUOTE ? line : `${line.slice(0, LONGEST_QUOTE - 1)}…`;
}

/** The secrets, as they are and as they may be written down by whoever answers; the longest first. */
function hiddenIn(secret: ChannelSecret): string[] {
  const { pathname, search, href, searchParams } = new URL(secret.url);
  const path = `${pathname}${search}`;
  const parts = [secret.url, href, path, path.slice(1), pathname, pathname.slice(1), search];
  parts.push(search.slice(1), ...pathname.split('/'), ...searchParams.values());
  if ('token' in secret) parts.push(secret.token, secret.token.replace(/^whsec_/, ''));
  if ('chat' in secret) parts.push(secret.chat);
  const written = parts.flatMap((part) => [part, encodeURIComponent(part), decoded(part)]);
  return [...new Set(written)]
    .filter((part) => part.length > 3)
    .sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
