import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Read } from './answer-worker.js';
import { readAnswer, type AnswerKind, type Answers, type Reading } from './answers.js';
import { DeadlineError } from './failures.js';
import { MalformedAnswerError } from './parse.js';

/** A smaller answer is read at once: some milliseconds at most. */
const SMALL_BYTES = 128 * 1024;
/** The thread ends when nothing was read for so long, milliseconds. */
const IDLE_MS = 30_000;
/** The longest reading of one answer, milliseconds. */
const DEADLINE_MS = 10_000;
/** What is made of the biggest answer fits well; what does not is refused: MiB. */
const MEMORY_MB = 512;

/** Reads answers without holding the event loop: big ones in a thread of its own, one at a time. */
export class AnswerReader {
  #thread: Worker | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  /**
   * @param signal ends the reading
   * @throws {MalformedAnswerError}
   */
  read<K extends AnswerKind>(reading: Reading<K>, signal: AbortSignal): Promise<Answers[K]> {
    if (reading.body.byteLength <= SMALL_BYTES) {
      return new Promise((resolve) => resolve(readAnswer(reading)));
    }
    const read = this.#queue.then(() => this.#inThread(reading, signal));
    this.#queue = read.catch(() => undefined);
    return read as Promise<Answers[K]>;
  }

  close(): void {
    clearTimeout(this.#idle);
    void this.#thread?.terminate();
    this.#thread = null;
  }

  #inThread(reading: Reading, outer: AbortSignal): Promise<Answers[AnswerKind]> {
    clearTimeout(this.#idle);
    const signal = AbortSignal.any([outer, AbortSignal.timeout(DEADLINE_MS)]);
    const thread = (this.#thread ??= startThread());
    const settled = new AbortController();
    return new Promise<Answers[AnswerKind]>((resolve, reject) => {
      const giveUp = (error: Error) => {
        this.close();
        reject(error);
      };
      const fail = (words: string) => giveUp(new MalformedAnswerError(`${reading.kind}: ${words}`));
      const late = () => giveUp(new DeadlineError('the answer was not read in time'));
      if (signal.aborted) late();
      signal.addEventListener('abort', late, { signal: settled.signal });
      const onError = (error: Error) => fail(`the answer cannot be read: ${error.message}`);
      const onExit = () => fail('the answer cannot be read');
      const onMessage = (read: Read) => {
        if (read.ok) resolve(read.answer);
        else reject(new MalformedAnswerError(read.message));
      };
      thread.on('error', onError).on('exit', onExit).on('message', onMessage);
      settled.signal.addEventListener('abort', () => {
        thread.off('error', onError).off('exit', onExit).off('message', onMessage);
      });
      // The bytes go over as they are: nobody needs them here any more.
      thread.postMessage(reading, transferable(reading.body));
    }).finally(() => {
      settled.abort();
      this.#idle = setTimeout(() => this.close(), IDLE_MS).unref();
    });
  }
}

/** Small buffers share their memory with others; that of a big one is its own. */
function transferable({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

/** The built thread: beside this file, or in `dist` when this file runs from source. */
function startThread(): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const relative = isSource ? '../../dist/exchange/answer-worker.js' : './answer-worker.js';
  const thread = new Worker(fileURLToPath(new URL(relative, import.meta.url)), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    // Nothing of the server's environment, where the exchange's keys are.
    env: {},
  });
  // Whoever waits for an answer hears of it too; without a listener it would end the process.
  thread.on('error', () => undefined);
  thread.unref();
  return thread;
}
