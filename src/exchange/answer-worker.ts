import { parentPort } from 'node:worker_threads';
import { readAnswer, type AnswerKind, type Answers, type Reading } from './answers.js';
import { MalformedAnswerError } from './parse.js';

/** What the thread says of one answer. */
export type Read =
  | { readonly ok: true; readonly answer: Answers[AnswerKind] }
  /** It cannot be read: why, in words. */
  | { readonly ok: false; readonly message: string };

function read(reading: Reading): Read {
  try {
    return { ok: true, answer: readAnswer(reading) };
  } catch (error) {
    if (!(error instanceof MalformedAnswerError)) throw error;
    return { ok: false, message: error.message };
  }
}

/** Reads one answer after the other, in a thread of its own. */
parentPort?.on('message', (reading: Reading) => parentPort?.postMessage(read(reading)));
