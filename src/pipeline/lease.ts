import type { LeaseStore } from './ports.js';

/** How long a lease lasts without being renewed, milliseconds by the database's clock. */
const LEASE_MS = 3_000;
const RENEWAL_MS = 1_000;
/** How soon to ask again for a lease that another instance has, milliseconds. */
const RETRY_MS = 250;

export type LeaseCheck =
  | {
      readonly held: true;
      /** Whether it was not held at the last check. */ readonly isNew: boolean;
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
  #wasHeld = false;
  #renewal: NodeJS.Timeout | undefined;
  #renewing: Promise<unknown> = Promise.resolve();

  /**
   * @param holder names this instance; no two are the same
   * @param isGone whether another surely lives no more: its lease need not run out first
   */
  constructor(store: LeaseStore, holder: string, isGone: (holder: string) => boolean) {
    this.#store = store;
    this.#holder = holder;
    this.#isGone = isGone;
  }

  /** Whether this instance surely has the lease now. */
  get isHeld(): boolean {
    return performance.now() < this.#heldUntil;
  }

  /** Takes the lease if it is free, and from then on keeps it. */
  async take(): Promise<LeaseCheck> {
    if (!this.isHeld) {
      this.#wasHeld = false;
      if (!(await this.#ask())) return { held: false, retryInMs: RETRY_MS };
    }
    this.#renewal ??= setInterval(() => {
      this.#renewing = this.#renew();
    }, RENEWAL_MS).unref();
    const isNew = !this.#wasHeld;
    this.#wasHeld = true;
    return { held: true, isNew };
  }

  /** Gives the lease back, so that another instance need not wait for it to expire. */
  async release(): Promise<void> {
    clearInterval(this.#renewal);
    this.#renewal = undefined;
    await this.#renewing;
    const mayBeHeld = this.#heldUntil > 0;
    this.#heldUntil = 0;
    if (mayBeHeld) await this.#store.drop(this.#holder);
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
    const isTaken = await this.#store.take(this.#holder, LEASE_MS, this.#isGone);
    this.#heldUntil = isTaken ? before + LEASE_MS : 0;
    return isTaken;
  }
}
