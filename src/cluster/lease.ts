import { DatabaseUnavailableError } from '../history/database-unavailable.js';
import { type LeaseStore } from './lease-store.js';

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

export interface LeaseOptions {
  readonly store: LeaseStore;
  /** Names this instance; no two are the same. */
  readonly holder: string;
  /** Whether another instance surely lives no more: its lease need not run out first. */
  readonly isGone: (holder: string) => boolean;
  /** How long an instance that was alone goes on without the database, milliseconds. */
  readonly aloneForMs: number;
  /**
   * Where the database is away at the start, and the predecessor on the same data was alone when it
   * was last there: when that was, milliseconds since 1970.
   */
  readonly aloneSince?: number | null;
}

/**
 * Which of several instances on one database runs the turns: the one with the lease. Expiry goes by
 * the database's clock. A lease only keeps two instances from doing the same work; that no turn is
 * stored twice is the work of the unique turn number.
 */
export class Lease {
  readonly #options: LeaseOptions;
  /** Until when it is surely ours, by `performance.now()`: counted from before it was asked for. */
  #heldUntil = 0;
  /** Somebody else may have had it since {@link take} last said so. */
  #isNew = true;
  /** When the database last answered, by `performance.now()`. */
  #contactAt: number;
  /** At the last contact with the database this instance had the lease, and nobody else asked for it. */
  #wasAlone: boolean;
  /** Since when a lease that ran out has been seen waiting for its holder, by `performance.now()`. */
  #overdueSince: number | null = null;
  #renewal: NodeJS.Timeout | undefined;
  #renewing: Promise<unknown> = Promise.resolve();

  constructor(options: LeaseOptions) {
    this.#options = options;
    const { aloneSince = null } = options;
    this.#wasAlone = aloneSince !== null;
    const awayMs = aloneSince === null ? 0 : Math.max(0, Date.now() - aloneSince);
    this.#contactAt = performance.now() - awayMs;
  }

  /** Whether this instance surely has the lease now. */
  get isHeld(): boolean {
    return performance.now() < this.#heldUntil;
  }

  /** Whether this instance was alone when the database was last there. */
  get wasAlone(): boolean {
    return this.#wasAlone;
  }

  /** Whether it may go on without the database: it was alone, and that is not too long ago. */
  get mayGoOnAlone(): boolean {
    return this.#wasAlone && performance.now() - this.#contactAt < this.#options.aloneForMs;
  }

  /** When this instance last had to do with the database, milliseconds since 1970. */
  get contactAt(): number {
    return Date.now() - (performance.now() - this.#contactAt);
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
        if (this.mayGoOnAlone) return { held: true, isNew: false, outage: error };
        const words = 'this instance has gone on alone for as long as ALONE_FOR_MS allows';
        throw new DatabaseUnavailableError(`${error.message}; ${words}`, { cause: error });
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
      if (mayBeHeld) await this.#options.store.drop(this.#options.holder);
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
    const { store, holder, isGone } = this.#options;
    let answer;
    try {
      answer = await store.take(holder, {
        durationMs: LEASE_MS,
        isGone,
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
    this.#contactAt = before;
    this.#overdueSince = answer.state === 'OVERDUE' ? (this.#overdueSince ?? before) : null;
    this.#wasAlone = isTaken && answer.isAlone;
    this.#isNew ||= !isTaken || answer.isNew;
    this.#heldUntil = isTaken ? before + LEASE_MS : 0;
    return isTaken;
  }
}
