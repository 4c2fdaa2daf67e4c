import { MongoNetworkError, MongoServerSelectionError, type MongoError } from 'mongodb';
import { DatabaseUnavailableError } from '../pipeline/ports.js';

/** How long an operation is repeated while the database is away, milliseconds. */
export const PATIENCE_MS = 3_000;
/** How long one operation may take, repeats included, milliseconds. */
export const OPERATION_DEADLINE_MS = 10_000;
const RETRY_PAUSE_MS = 100;
/** How often a database that is away is asked whether it is back, milliseconds. */
const PROBE_PAUSE_MS = 250;

/** How an operation went. */
export interface DatabaseRun {
  /** REFUSED: the database answered with an error. */
  readonly outcome: 'OK' | 'AWAY' | 'REFUSED';
  readonly ms: number;
}

/**
 * Knows whether the database is there. An operation that meets an outage is repeated for a while;
 * once that was in vain, the database counts as away: operations then fail at once, and the database
 * is asked until it is back. So an outage costs each caller 3 s at most, and most of them nothing.
 */
export class Availability {
  readonly #probe: (awayMs: number) => Promise<void>;
  readonly #listeners: (() => void)[] = [];
  readonly #onRun: (run: DatabaseRun) => void;
  #away: DatabaseUnavailableError | null = null;
  #awaySince = 0;
  #probing: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param probe fails while the database is away; it is told for how long that has been */
  constructor(
    probe: (awayMs: number) => Promise<void>,
    onRun: (run: DatabaseRun) => void = () => undefined,
  ) {
    this.#probe = probe;
    this.#onRun = onRun;
  }

  get isAway(): boolean {
    return this.#away !== null;
  }

  /** Calls back each time that the database has been away and is back. */
  onBack(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Runs an operation, again and again while the database is away, within limits. The operation must
   * therefore be safe to repeat; one that is given up may still take effect later.
   * @param deadlineMs how long to wait for one that neither succeeds nor fails
   * @throws {DatabaseUnavailableError} when the limits pass.
   */
  async run<T>(operation: () => Promise<T>, deadlineMs = OPERATION_DEADLINE_MS): Promise<T> {
    const begun = performance.now();
    let outcome: DatabaseRun['outcome'] = 'OK';
    try {
      return await this.#run(operation, begun, deadlineMs);
    } catch (error) {
      outcome = error instanceof DatabaseUnavailableError ? 'AWAY' : 'REFUSED';
      throw error;
    } finally {
      this.#onRun({ outcome, ms: performance.now() - begun });
    }
  }

  async #run<T>(operation: () => Promise<T>, begun: number, deadlineMs: number): Promise<T> {
    const patience = begun + Math.min(PATIENCE_MS, deadlineMs);
    for (;;) {
      if (this.#away) throw this.#away;
      try {
        return await within(operation(), begun + deadlineMs - performance.now());
      } catch (error) {
        if (!isOutage(error)) throw error;
        if (performance.now() + RETRY_PAUSE_MS > patience) throw this.goAway(error);
        await pause(RETRY_PAUSE_MS);
      }
    }
  }

  /** Counts the database as away from now on, and asks until it is back. */
  goAway(error: unknown): DatabaseUnavailableError {
    if (!this.#away) {
      this.#away = unavailable(error);
      this.#awaySince = performance.now();
    }
    this.#ask();
    return this.#away;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#probing);
  }

  #ask(): void {
    if (this.#closed || this.#probing) return;
    this.#probing = setTimeout(() => {
      void this.#askOnce().then((isBack) => {
        this.#probing = undefined;
        if (isBack) this.#comeBack();
        else this.#ask();
      });
    }, PROBE_PAUSE_MS).unref();
  }

  async #askOnce(): Promise<boolean> {
    try {
      const awayMs = performance.now() - this.#awaySince;
      await within(this.#probe(awayMs), OPERATION_DEADLINE_MS);
      return true;
    } catch (error) {
      this.#away = unavailable(error);
      return false;
    }
  }

  #comeBack(): void {
    this.#away = null;
    for (const listener of this.#listeners) listener();
  }
}

/** An operation neither succeeded nor failed in time. */
class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** @throws {DeadlineError} when the time passes first; the promise itself goes on. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const seconds = (Math.max(0, ms) / 1000).toFixed(1);
    timer = setTimeout(() => reject(new DeadlineError(`no answer within ${seconds} s`)), ms);
  });
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Whether an error says that the database is away, as opposed to that it refused the operation. */
export function isOutage(error: unknown): boolean {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  if (!(error instanceof Error)) return false;
  return (
    OUTAGE_NAMES.has(error.name) ||
    // A socket that breaks while it is being written to: the driver lets its error through as it is.
    BROKEN_SOCKET.has((error as NodeJS.ErrnoException).code ?? '') ||
    (error as MongoError).hasErrorLabel?.('RetryableWriteError') === true ||
    // mongoose's own word, with bufferCommands off, between two connections.
    /before initial connection is complete|Topology is closed/.test(error.message)
  );
}

const BROKEN_SOCKET = new Set(['EPIPE', 'ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT']);

const OUTAGE_NAMES = new Set([
  'DeadlineError',
  'MongoNetworkTimeoutError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'PoolClearedOnNetworkError',
  'MongoPoolClearedError',
  'PoolClearedError',
  'WaitQueueTimeoutError',
  'MongooseServerSelectionError',
  'MongoClientClosedError',
]);

/** Says in words that the database is away, without credentials. */
export function unavailable(error: unknown): DatabaseUnavailableError {
  if (error instanceof DatabaseUnavailableError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DatabaseUnavailableError(`the database is not reachable: ${redact(message)}`, {
    cause: error,
  });
}

/** Without the credentials of any address in it. */
export function redact(message: string): string {
  return message.replace(/\/\/[^@/\s]*@/g, '//***@');
}
