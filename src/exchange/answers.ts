import type { Universe } from '../domain/asset.js';
import type { TickerReading } from '../domain/frame.js';
import {
  MalformedAnswerError,
  parseAccount,
  parseListed,
  parseServerTime,
  parseTickers,
  type Account,
  type Listed,
} from './parse.js';

/** What is wanted of each kind of answer. */
export interface Wanted {
  time: null;
  /** The pairs among these assets. */
  exchangeInfo: Universe;
  /** These symbols, at most once each. */
  tickers: readonly string[];
  account: null;
}

/** What is read of each kind of answer. */
export interface Answers {
  /** Milliseconds since 1970. */
  time: number;
  exchangeInfo: Listed;
  tickers: TickerReading[];
  account: Account;
}

export type AnswerKind = keyof Answers;

/** An answer to be read: its bytes, and what is wanted of it. */
export interface Reading<K extends AnswerKind = AnswerKind> {
  readonly kind: K;
  readonly body: Uint8Array;
  readonly wanted: Wanted[K];
}

const READERS: { readonly [K in AnswerKind]: (value: unknown, wanted: Wanted[K]) => Answers[K] } = {
  time: parseServerTime,
  exchangeInfo: parseListed,
  tickers: parseTickers,
  account: parseAccount,
};

/** How much of what is no JSON is told. */
const LONGEST_QUOTE = 500;

/** @throws {MalformedAnswerError} for what is no JSON, or not of the kind */
export function readAnswer<K extends AnswerKind>({ kind, body, wanted }: Reading<K>): Answers[K] {
  // Passes over a byte-order mark.
  const text = new TextDecoder().decode(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedAnswerError(`the answer is no JSON: ${text.slice(0, LONGEST_QUOTE)}`);
  }
  return READERS[kind](value, wanted);
}
