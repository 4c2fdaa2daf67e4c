import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { PATIENCE_MS } from './patience.js';

const BETWEEN_MS = 20;
/** So much of an answer is shown. */
const SHOWN_CHARACTERS = 2_000;

/**
 * Asks again until the answer is as expected, and gives that answer. A wait that is too long fails
 * with what it was for and the last answer; what `ask` throws goes through.
 *
 * @param what what is waited for, to be read after "waited for"
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  expected: (answer: T) => boolean,
  withinMs = PATIENCE_MS,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (let last = 'there was no answer'; ;) {
    const answer = await atMost(end - performance.now(), ask());
    if (answer === LATE) throw new Error(`waited ${inWords(withinMs)} for ${what}: ${last}`);
    if (expected(answer)) return answer;
    last = `the last answer was ${shown(answer)}`;
    await pause(BETWEEN_MS);
  }
}

/**
 * What a promise gives. One that takes too long fails with what was waited for, and with how things
 * stood then.
 */
export async function inTime<T>(
  what: string,
  promise: Promise<T>,
  stand: () => string = () => 'nothing came',
  withinMs = PATIENCE_MS,
): Promise<T> {
  const result = await atMost(withinMs, promise);
  if (result === LATE) throw new Error(`waited ${inWords(withinMs)} for ${what}: ${stand()}`);
  return result;
}

const LATE = Symbol('late');

async function atMost<T>(ms: number, promise: T | Promise<T>): Promise<T | typeof LATE> {
  if (ms <= 0) return LATE;
  const settled = new AbortController();
  const late = pause(ms, LATE, { signal: settled.signal }).catch(() => LATE);
  try {
    return (await Promise.race([promise, late])) as T | typeof LATE;
  } finally {
    settled.abort();
  }
}

function inWords(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
}

function shown(answer: unknown): string {
  const text = inspect(answer, { depth: 8, breakLength: 100 });
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
