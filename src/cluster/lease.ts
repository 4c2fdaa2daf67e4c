import { unlessAway, type DatabaseUnavailableError } from '../history/database-unavailable.js';
import type { Autonomy } from '../durability/autonomy.js';
import type { LeaseHolder, LeaseStore } from './lease-store.js';

/** How long a lease lasts without being renewed, milliseconds by the database's clock. */
const LEASE_MS = 3_000;
const RENEWAL_MS = 1_000;
/** How soon to ask again for a lease that another instance has, milliseconds. */
const RETRY_MS = 250;
/**
 * How long a leader that was alone may come back before its lease is taken, milliseconds: it may be
 * keeping cycles aside until it can reach the database again, which has just become reachable.
 */
const RETURN_MS = 5_000;

/** Who runs the turns: see the states in durability/README.md. */
export type Leadership =
  | {
      readonly state: 'LEADING';
      /** Whether another instance may have run turns since the last time. */
      readonly isNew: boolean;
    }
  /** The database is away, and this instance was alone on it when it was last there. */
  | { readonly state: 'ALONE'; readonly outage: DatabaseUnavailableError }
  /** Another instance runs them. */
  | { readonly state: 'FOLLOWING'; readonly retryInMs: number };

interface LeaseOptions {
  readonly store: LeaseStore;
  /** Names this instance; no two are the same. */
  readonly holder: string;
  /** Whether another instance surely lives no more: its lease need not run out first. */
  readonly isGone: (holder: string) => boolean;
  /** Whether this instance may run turns while nobody can tell who has the lease. */
  readonly autonomy: Autonomy;
}

/**
 * Which of several instances on one database is the leader, and runs the turns: the one with the
 * lease. Expiry goes by the database's clock. A lease only keeps two instances from doing the same
 * work; that no turn is stored twice is the work of the unique turn number.
 */
export class Lease {
  readonly #options: LeaseOptions;
  /** Until when it is surely ours, by `performance.now()`: counted from before it was asked for. */
  #heldUntil = 0;
  /** Somebody else may have had it since {@link take} last said so. */
  #isNew = true;
  /** Since when a lease that ran out has been seen waiting for its leader, by `performance.now()`. */
  #overdueSince: number | null = null;
  #leader: LeaseHolder | null = null;
  #renewal: NodeJS.Timeout | undefined;
  #renewing: Promise<unknown> = Promise.resolve();

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Whether this instance surely has the lease now. */
  get isHeld(): boolean {
    return performance.now() < this.#heldUntil;
  }

  /** Who had it when the database last said so; null where nobody did, or before it was asked. */
  get leader(): LeaseHolder | null {
    return this.#leader;
  }

  /** Whether nobody else asked for it when the database was last there. */
  get wasAlone(): boolean {
    return this.#options.autonomy.wasAlone;
  }

  /**
   * Takes the lease if it is free, and from then on keeps it.
   * @throws {DatabaseUnavailableError} while the database is away and others may be on it
   */
  async take(): Promise<Leadership> {
    if (!this.isHeld) {
      const { autonomy } = this.#options;
      const taken = await unlessAway(this.#ask(), (outage) => autonomy.goOnDuring(outage));
      if (taken === false) return { state: 'FOLLOWING', retryInMs: RETRY_MS };
      if (taken !== true) return { state: 'ALONE', outage: taken };
    }
    this.#renewal ??= setInterval(() => {
      this.#renewing = this.#renew();
    }, RENEWAL_MS).unref();
    const isNew = this.#isNew;
    this.#isNew = false;
    return { state: 'LEADING', isNew };
  }

  /** Gives the lease back, so that another instance need not wait for it to expire. */
  async release(): Promise<void> {
    clearInterval(this.#renewal);
    this.#renewal = undefined;
    await this.#renewing;
    const mayBeHeld = this.#heldUntil > 0;
    this.#heldUntil = 0;
    this.#isNew = true;
    const { store, holder } = this.#options;
    // Without the database it runs out by itself.
    if (mayBeHeld) await unlessAway(store.drop(holder), () => undefined);
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
    const { store, holder, isGone, autonomy } = this.#options;
    let answer;
    try {
      answer = await store.take(holder, {
        durationMs: LEASE_MS,
        isGone,
        mayTakeOverdue: overdueMs >= RETURN_MS,
        onHolder: (leader) => (this.#leader = leader),
      });
    } catch (error) {
      // The leader could not come back in that time either.
      this.#overdueSince = null;
      // It may have been taken from another all the same.
      this.#isNew = true;
      throw error;
    }
    const isTaken = answer.state === 'OURS';
    autonomy.contact(before, isTaken && answer.isAlone);
    this.#overdueSince = answer.state === 'OVERDUE' ? (this.#overdueSince ?? before) : null;
    this.#isNew ||= !isTaken || answer.isNew;
    this.#heldUntil = isTaken ? before + LEASE_MS : 0;
    return isTaken;
  }
}
