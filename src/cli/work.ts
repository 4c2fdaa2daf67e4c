import { SingleBar } from 'cli-progress';
import { CommandFailure } from './with-database.js';

/**
 * Work of a command that goes through much of what is stored: a bar on a terminal, and an end that is clean
 * when it is told to stop.
 */
export class Work {
  readonly #stopped = new AbortController();
  readonly #stop = (): void => this.#stopped.abort();
  readonly #isJson: boolean;
  #bar: SingleBar | null = null;

  private constructor(isJson: boolean) {
    this.#isJson = isJson;
  }

  /** Runs work until it is done; a second signal ends the process at once. */
  static async run(isJson: boolean, work: (work: Work) => Promise<void>): Promise<void> {
    const here = new Work(isJson);
    process.once('SIGINT', here.#stop).once('SIGTERM', here.#stop);
    try {
      await work(here);
    } finally {
      here.end();
      process.off('SIGINT', here.#stop).off('SIGTERM', here.#stop);
    }
  }

  /** Whether it was told to stop. */
  get isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  /** Aborted once it was told to stop. */
  get signal(): AbortSignal {
    return this.#stopped.signal;
  }

  /** Begins a part of the work. @param from where the bar begins */
  begin(what: string, total: number, from = 0): void {
    this.end();
    this.#bar = new SingleBar({
      format: `${what} [{bar}] {percentage}% {value}/{total}, {eta_formatted} left`,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      // It is for people: nothing of it gets into a file.
      noTTYOutput: false,
    });
    this.#bar.start(total, from);
  }

  at(value: number): void {
    this.#bar?.update(value);
  }

  /** A line of the answer: for people, or as JSON for programs. */
  line(words: string, value: object): void {
    if (process.stderr.isTTY && this.#bar) process.stderr.write('\r\u001b[K');
    process.stdout.write(`${this.#isJson ? JSON.stringify(value) : words}\n`);
  }

  /** Takes the bar away. */
  end(): void {
    this.#bar?.stop();
    this.#bar = null;
  }
}

/** Runs work that goes through turns in order; where it is broken off, it says from which turn to go on. */
export async function resumable(
  work: Work,
  position: { next: number },
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    const { message } = error as Error;
    throw new CommandFailure([message, goOnFrom(position.next)]);
  }
  if (work.isStopped) throw new CommandFailure(['stopped', goOnFrom(position.next)]);
}

function goOnFrom(turn: number): string {
  return `to go on where it ended: --from ${turn}`;
}
