import { setMaxListeners } from 'node:events';
import { pause } from '../async/pause.js';
import type { DatabaseUnavailableError } from '../history/database-unavailable.js';
import { isDisconnection, troubleOf, unavailable } from './trouble.js';

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

export interface AvailabilityOptions {
  /** Fails while the database is away; it is told for how long that has been. */
  readonly probe: (awayMs: number) => Promise<void>;
  /** What is the matter while it is away, in words. */
  readonly words: string;
  /** What must be there first, as a database that can be read before one that can be written to. */
  readonly basis?: Availability;
  readonly onRun?: ((run: DatabaseRun) => void) | undefined;
  readonly onRefusal?: ((refusal: DatabaseUnavailableError) => void) | undefined;
}

/**
 * Knows whether the database is there. An operation that meets an outage is repeated for a while;
 * once that was in vain, the database counts as away: operations then fail at once, and the database
 * is asked until it is back. So an outage costs each caller 3 s at most, and most of them nothing.
 * What the database refuses for its own state fails at once, and makes nothing else fail.
 */
export class Availability {
  readonly #options: AvailabilityOptions;
  readonly #listeners: (() => void)[] = [];
  #away: DatabaseUnavailableError | null = null;
  /** What it refused last, until it did something again. */
  #refusal: DatabaseUnavailableError | null = null;
  #awaySince = 0;
  /** Set from when what it held was lost; another one at each loss. */
  #loss: DatabaseUnavailableError | null = null;
  #probing: NodeJS.Timeout | undefined;
  #isAsking = false;
  readonly #closed = new AbortController();

  constructor(options: AvailabilityOptions) {
    this.#options = options;
    // As many operations wait for its end as meet an outage at the same time.
    setMaxListeners(0, this.#closed.signal);
    options.basis?.onBack(() => {
      // Without its basis this was away, too, whether or not anybody has found out.
      if (this.#away) this.#askAtOnce();
      else this.#tellBack();
    });
  }

  /** Set while it is away. */
  get outage(): DatabaseUnavailableError | null {
    return this.#options.basis?.outage ?? this.#away;
  }

  /** What is the matter at present, its last refusal included; null where nothing is known to be. */
  get trouble(): DatabaseUnavailableError | null {
    return this.outage ?? this.#refusal;
  }

  /** Calls back each time that the database has been away and is back. */
  onBack(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Runs an operation, again and again while the database is away, within limits. The operation must
   * therefore be safe to repeat; one that is given up may still take effect later.
   * @param deadlineMs how long to wait for one that neither succeeds nor fails
   * @throws {DatabaseUnavailableError} when the limits pass, or the database refuses
   */
  async run<T>(operation: () => Promise<T>, deadlineMs = OPERATION_DEADLINE_MS): Promise<T> {
    const begun = performance.now();
    let outcome: DatabaseRun['outcome'] = 'OK';
    try {
      return await this.#run(operation, begun, deadlineMs);
    } catch (error) {
      outcome = this.outage || error === this.#loss ? 'AWAY' : 'REFUSED';
      throw error;
    } finally {
      this.#options.onRun?.({ outcome, ms: performance.now() - begun });
    }
  }

  async #run<T>(operation: () => Promise<T>, begun: number, deadlineMs: number): Promise<T> {
    const patience = begun + Math.min(PATIENCE_MS, deadlineMs);
    const loss = this.#loss;
    for (;;) {
      if (this.outage) throw this.outage;
      try {
        const result = await within(operation(), begun + deadlineMs - performance.now());
        if (this.#loss === loss) {
          this.#refusal = null;
          return result;
        }
      } catch (error) {
        if (this.#loss === loss) await this.#meet(error, patience);
      }
      if (this.#loss !== null && this.#loss !== loss) throw this.#loss;
    }
  }

  /** Waits after an error that may pass; throws what it comes to otherwise. */
  async #meet(error: unknown, patience: number): Promise<void> {
    const trouble = troubleOf(error);
    if (trouble === 'NONE') throw error;
    if (trouble === 'REFUSED') {
      this.#refusal = unavailable(error, 'the database refuses this at present');
      this.#options.onRefusal?.(this.#refusal);
      throw this.#refusal;
    }
    const isOver = performance.now() + RETRY_PAUSE_MS > patience;
    if (isOver || this.#closed.signal.aborted) throw this.goAway(error);
    await pause(RETRY_PAUSE_MS, this.#closed.signal);
  }

  /**
   * Counts the database as away, with all that it held: what it has been asked already is not done,
   * though an answer that says so may still be on its way.
   */
  lose(error: unknown): void {
    this.#loss = unavailable(error, this.#options.words);
    this.goAway(error);
  }

  /** Counts the database as away from now on, and asks until it is back. */
  goAway(error: unknown): DatabaseUnavailableError {
    const { basis, words } = this.#options;
    if (basis && isDisconnection(error)) basis.goAway(error);
    if (!this.#away) {
      this.#away = unavailable(error, words);
      this.#awaySince = performance.now();
    }
    this.#ask();
    return this.outage ?? this.#away;
  }

  close(): void {
    this.#closed.abort();
    clearTimeout(this.#probing);
  }

  #ask(afterMs = PROBE_PAUSE_MS): void {
    if (this.#closed.signal.aborted || this.#probing) return;
    this.#probing = setTimeout(() => {
      void this.#askOnce().then((isBack) => {
        this.#probing = undefined;
        if (isBack) this.#comeBack();
        else this.#ask();
      });
    }, afterMs).unref();
  }

  /** What this stands on is there again. */
  #askAtOnce(): void {
    if (!this.#away || this.#isAsking) return;
    clearTimeout(this.#probing);
    this.#probing = undefined;
    this.#ask(0);
  }

  async #askOnce(): Promise<boolean> {
    const { basis, probe, words } = this.#options;
    if (basis?.outage) return false;
    this.#isAsking = true;
    const loss = this.#loss;
    try {
      const awayMs = performance.now() - this.#awaySince;
      await within(probe(awayMs), OPERATION_DEADLINE_MS);
      // What was lost meanwhile may have answered.
      return this.#loss === loss;
    } catch (error) {
      this.#away = unavailable(error, words);
      return false;
    } finally {
      this.#isAsking = false;
    }
  }

  #comeBack(): void {
    if (!this.#away) return;
    this.#away = null;
    this.#tellBack();
  }

  #tellBack(): void {
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
