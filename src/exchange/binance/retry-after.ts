import type { IncomingHttpHeaders } from 'node:http';

/** What a `Retry-After` asks for. */
export interface Wait {
  /** Milliseconds; absent where it cannot be understood. */
  readonly ms?: number;
  /** Said where it is not simply followed. */
  readonly words?: string;
}

/** Binance bans for up to three days. */
export const LONGEST_SILENCE_MS = 3 * 24 * 60 * 60_000;

const LONGEST_QUOTE = 40;

/**
 * Reads `Retry-After`: seconds, or a date, which is taken against the answer's own `Date` where it
 * has one, because our clock may be wrong. Null where there is none.
 */
export function readRetryAfter(headers: IncomingHttpHeaders, now = Date.now()): Wait | null {
  const text = headers['retry-after']?.trim();
  if (text === undefined) return null;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : untilDate(text, headers, now);
  const quoted = text.slice(0, LONGEST_QUOTE);
  if (!(ms >= 0)) return { words: `its Retry-After "${quoted}" makes no sense` };
  if (ms <= LONGEST_SILENCE_MS) return { ms };
  const days = LONGEST_SILENCE_MS / 86_400_000;
  return { ms: LONGEST_SILENCE_MS, words: `its Retry-After "${quoted}" is taken as ${days} days` };
}

/** Milliseconds from the moment of the answer to a date; NaN where the text is none. */
function untilDate(text: string, headers: IncomingHttpHeaders, now: number): number {
  // Date.parse makes dates of many things; only the form of HTTP counts.
  if (!/^[A-Z][a-z]+,? .*GMT$/.test(text)) return NaN;
  const sent = Date.parse(headers.date ?? '');
  return Date.parse(text) - (Number.isNaN(sent) ? now : sent);
}
