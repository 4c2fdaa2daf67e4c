import { DatabaseUnavailableError, type LeaseStore } from './ports.js';

/** How long a lease lasts without being renewed, milliseconds by the database's clock. */
const LEASE_MS = 3_000;
const RENEWAL_MS = 1_000;
/** How soon to ask again for a lease that another instance has, milliseconds. */
const RETRY_MS = 250;
/**
 * How long a holder that was alone may come back before its lease is taken, milliseconds: it may be
 * keeping cycles aside until it can reach the database again, which has just become reachable.
 */
const RETURN_MS = 5_000;

export type LeaseCheck =
  | {
      readonly held: true;
      /** Whether another instance may have run turns since the last check. */
      readonly isNew: boolean;
      /** Set where the database is away, and this instance was alone on it when it was last there. */
      readonly outage: DatabaseUnavailableError | null;
    }
  | { readonly held: false; readonly retryInMs: number };

/**
 * Which of several instances on one database runs the turns: the one with the lease. Expiry goes by
 * the database's clock. A lease only keeps two instances from doing the same work; that no turn is
 * stored twice is the work of the unique turn number.
 */
export class Lease {
  readonly #store: LeaseStore;
  readonly #holder: string;
  readonly #isGone: (holder: string) => boolean;
  /** Until when it is surely ours, by `performance.now()`: counted from before it was asked for. */
  #heldUntil = 0;
  /** Somebody else may have had it since {@link take} last said so. */
  #isNew = true;
  /** At the last contact with the database this instance had the lease, and nobody else asked for it. */
  #wasAlone: boolean;
  /** Since when a lease that ran out has been seen waiting for its holder, by `performance.now()`. */
  #overdueSince: number | null = null;
  #renewal: NodeJS.Timeout | undefined;
  #renewing: Promise<unknown> = Promise.resolve();

  /**
   * @param holder names this instance; no two are the same
   * @param isGone whether another surely lives no more: its lease need not run out first
   * @param wasAlone whether its predecessor on the same data was alone when the database was last there
   */
  constructor(
    store: LeaseStore,
    holder: string,
    isGone: (holder: string) => boolean,
    wasAlone = false,
  ) {
    this.#store = store;
    this.#holder = holder;
    this.#isGone = isGone;
    this.#wasAlone = wasAlone;
  }

  /** Whether this instance surely has the lease now. */
  get isHeld(): boolean {
    return performance.now() < this.#heldUntil;
  }

  /** Whether this instance was alone when the database was last there: it may go on without it. */
  get wasAlone(): boolean {
    return this.#wasAlone;
  }

  /**
   * Takes the lease if it is free, and from then on keeps it.
   * @throws {DatabaseUnavailableError} while the database is away and others may be on it
   */
  async take(): Promise<LeaseCheck> {
    if (!this.isHeld) {
      try {
        if (!(await this.#ask())) return { held: false, retryInMs: RETRY_MS };
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError) || !this.#wasAlone) throw error;
        return { held: true, isNew: false, outage: error };
      }
    }
    this.#renewal ??= setInterval(() => {
      this.#renewing = this.#renew();
    }, RENEWAL_MS).unref();
    const isNew = this.#isNew;
    this.#isNew = false;
    return { held: true, isNew, outage: null };
  }

  /** Gives the lease back, so that another instance need not wait for it to expire. */
  async release(): Promise<void> {
    clearInterval(this.#renewal);
    this.#renewal = undefined;
    await this.#renewing;
    const mayBeHeld = this.#heldUntil > 0;
    this.#heldUntil = 0;
    this.#isNew = true;
    try {
      if (mayBeHeld) await this.#store.drop(this.#holder);
    } catch (error) {
      // Without the database it runs out by itself.
      if (!(error instanceof DatabaseUnavailableError)) throw error;
    }
  }

  async #renew(): Promise<void> {
    try {
      if (this.isHeld) await this.#ask();
    } catch {
      // Without the database the lease runs out; the next turn finds out.
    }
  }

  async #ask(): Promise<boolean> {
    const before = performance.now();
    const overdueMs = this.#overdueSince === null ? 0 : before - this.#overdueSince;
    let answer;
    try {
      answer = await this.#store.take(this.#holder, {
        durationMs: LEASE_MS,
        isGone: this.#isGone,
        mayTakeOverdue: overdueMs >= RETURN_MS,
      });
    } catch (error) {
      // The holder could not come back in that time either.
      this.#overdueSince = null;
      // It may have been taken from another all the same.
      this.#isNew = true;
      throw error;
    }
    const isTaken = answer.state === 'OURS';
    this.#overdueSince = answer.state === 'OVERDUE' ? (this.#overdueSince ?? before) : null;
    this.#wasAlone = isTaken && answer.isAlone;
    this.#isNew ||= !isTaken || answer.isNew;
    this.#heldUntil = isTaken ? before + LEASE_MS : 0;
    return isTaken;
  }
}
