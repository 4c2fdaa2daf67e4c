import type { Cycle, CycleFigures } from '../domain/cycle.js';
import type { Continuity } from '../durability/continuity.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import type { LastKnownKeeper } from '../durability/last-known.js';
import type { Lease, LeaseCheck } from '../cluster/lease.js';
import { DatabaseUnavailableError } from '../history/database-unavailable.js';
import { type CycleStore } from '../history/cycle-store.js';
import { type TurnControl } from '../feeds/control-store.js';
import type { Spool } from '../durability/spool.js';
import { isBuiltOnPurged, isReadable } from '../history/stored-cycle.js';
import type { StrategyFeed } from '../feeds/strategy-feed.js';

/** How long cycles that were kept aside are stored before the next turn goes first, milliseconds. */
const DRAIN_MS = 50;
const NOT_DURABLE = 'the database has lost the latest cycle while it was read';

export interface LedgerOptions {
  readonly cycles: CycleStore;
  readonly spool: Spool;
  readonly strategy: StrategyFeed;
  readonly feed: CycleFeed;
  readonly continuity: Pick<Continuity, 'check'>;
  readonly lease: Pick<Lease, 'take' | 'isHeld' | 'mayGoOnAlone' | 'contactAt'>;
  readonly lastKnown: Pick<LastKnownKeeper, 'note' | 'forget'>;
  /** Whether the feed begins with what the process before this one knew, the database being away. */
  readonly startsAway?: boolean;
}

/** What the next turn builds upon. */
export interface Ground {
  readonly control: TurnControl;
  readonly previous: CycleFigures | null;
  readonly turn: number;
}

/** What became of a cycle; only a KEPT one is durable. */
export type Entry =
  | 'KEPT'
  /** The lease was lost meanwhile: the turn has to begin anew. */
  | 'LEASE_LOST'
  /** Another process has stored that turn. */
  | 'TURN_TAKEN'
  /** What it was built upon was purged meanwhile. */
  | 'PURGED'
  /** What it was built upon is stored no longer: the database was put back meanwhile. */
  | 'REWOUND';

/**
 * The book of turns: what the next one builds upon, and where it is kept. While the database is away,
 * an instance that was alone on it goes on from what it knows, and keeps its cycles aside.
 */
export class Ledger {
  readonly #options: LedgerOptions;
  /** False whenever memory may differ from the database: at first, and after a failed save. */
  #synchronised: boolean;
  /** Somebody else may have stored turns; while the database is away, what is known here counts. */
  #mayBeBehind = false;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#synchronised = options.startsAway ?? false;
  }

  /** Memory may differ from the database from now on. */
  doubt(): void {
    this.#synchronised = false;
  }

  /**
   * What the next turn builds upon.
   * @param check how the lease is held
   * @throws {DatabaseUnavailableError} where the database is away, and too little is known of it
   */
  async ground({ isNew, outage }: LeaseCheck & { held: true }): Promise<Ground> {
    if (outage) return this.#knownGround(outage);
    try {
      return await this.#groundOn(await this.settle(isNew));
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError) || !this.#mayGoOnAlone) throw error;
      return this.#knownGround(error);
    }
  }

  /**
   * Makes a cycle durable: in the database, or beside it while it is away.
   * @throws {DatabaseUnavailableError} where neither is possible
   * @throws {SpoolError} where the disk takes no cycle
   */
  async enter(figures: CycleFigures, { control, previous }: Ground): Promise<Entry> {
    const entry = await this.#keep(figures, previous);
    if (entry !== 'KEPT') return entry;
    const { feed, lastKnown, lease } = this.#options;
    feed.announce(figures);
    const cycles = [...(previous ? [previous.cycle] : []), figures.cycle];
    if (this.#mayGoOnAlone) lastKnown.note({ control, cycles, contactAt: lease.contactAt });
    else lastKnown.forget();
    return entry;
  }

  /** Another instance runs the turns: what is kept here may be overtaken by what it stores. */
  async follow(): Promise<void> {
    const { spool, lastKnown, strategy } = this.#options;
    lastKnown.forget();
    if (!(await spool.isOvertaken())) return;
    await this.#drain(await strategy.purgedThrough());
  }

  /**
   * Reads the control data, stores some of what was kept aside, and brings memory and database into
   * step.
   * @param isNew whether another instance may have run turns
   */
  async settle(isNew: boolean): Promise<TurnControl> {
    const { strategy, feed, spool, continuity } = this.#options;
    const control = await strategy.control();
    feed.heed(control);
    if (isNew) {
      this.#mayBeBehind = true;
      await spool.open();
    }
    await this.#drain(control.purgedThrough);
    await continuity.check();
    if (!this.#synchronised || this.#mayBeBehind) await this.#synchronise(control.purgedThrough);
    return control;
  }

  /** Whether this instance knows everything that there is, and may go on without the database. */
  get #mayGoOnAlone(): boolean {
    return this.#synchronised && this.#options.lease.mayGoOnAlone;
  }

  /** What the next turn builds upon, by what is known of a database that is away. */
  async #knownGround(outage: DatabaseUnavailableError): Promise<Ground> {
    const control = this.#options.strategy.lastControl;
    if (!this.#synchronised || control === null) throw outage;
    return this.#groundOn(control);
  }

  async #groundOn(control: TurnControl): Promise<Ground> {
    const { purgedThrough, droppedThrough } = control;
    const { feed } = this.#options;
    const latest = await feed.latest();
    // One that cannot be read is not built upon, and keeps its number.
    const readable = latest && (isReadable(latest) ? latest : await feed.latestReadable());
    const previous = readable && readable.turn > purgedThrough ? readable : null;
    const { lostThrough } = this.#options.spool;
    const last = Math.max(latest?.turn ?? 0, purgedThrough, droppedThrough, lostThrough);
    return { control, previous, turn: last + 1 };
  }

  async #keep(figures: CycleFigures, previous: CycleFigures | null): Promise<Entry> {
    const { spool, lease } = this.#options;
    let mayBeStored = false;
    if (spool.turns.length === 0) {
      // This process may have been paused for longer than the lease lasts.
      const check = lease.isHeld ? null : await lease.take();
      if (check && !(check.held && check.outage)) return 'LEASE_LOST';
      try {
        if (!check) return await this.#save(figures, previous);
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError) || !this.#mayGoOnAlone) throw error;
        mayBeStored = true;
      }
    }
    try {
      await spool.keep({ cycle: figures.cycle, after: previous?.cycle ?? null });
    } catch (error) {
      if (mayBeStored) this.#synchronised = false;
      throw error;
    }
    return 'KEPT';
  }

  async #save(figures: CycleFigures, previous: CycleFigures | null): Promise<Entry> {
    const { cycles } = this.#options;
    if ((await cycles.save(figures.cycle)) === 'TURN_TAKEN') {
      this.#synchronised = false;
      return 'TURN_TAKEN';
    }
    const fault = previous && (await this.#faultOf(previous.cycle));
    if (!fault) return 'KEPT';
    await cycles.remove(figures.cycle.turn);
    this.#synchronised = false;
    return fault;
  }

  async #drain(purgedThrough: number): Promise<void> {
    const { spool, cycles, strategy, continuity } = this.#options;
    const [first] = spool.turns;
    if (first === undefined) return;
    if ((await spool.drain(purgedThrough, DRAIN_MS)) === 'REJECTED') {
      this.#synchronised = false;
      await continuity.check();
    }
    // A purge meanwhile may have come before what was stored after it.
    const purgedNow = await strategy.purgedThrough();
    if (purgedNow >= first) await cycles.removeThrough(purgedNow);
  }

  /** A purge by another process, or a restore, fences off the turn that was built upon what is gone. */
  async #faultOf(previous: Cycle): Promise<'PURGED' | 'REWOUND' | null> {
    const { strategy, cycles } = this.#options;
    const { turn } = previous;
    const [purgedThrough, ids] = await Promise.all([strategy.purgedThrough(), cycles.ids([turn])]);
    if (purgedThrough >= turn) return 'PURGED';
    return ids.get(turn) === cycles.idOf(previous) ? null : 'REWOUND';
  }

  /** Learns the newest stored cycle; one that was stored although its save seemed to fail is news. */
  async #synchronise(purgedThrough: number): Promise<void> {
    const { cycles, feed } = this.#options;
    let latest = await cycles.latest();
    // Left by a process that ended between a purge and taking its turn back.
    while (latest && isBuiltOnPurged(latest, purgedThrough)) {
      await cycles.remove(latest.turn);
      latest = await cycles.latest();
    }
    const [durable] = latest ? await cycles.confirmed([latest]) : [];
    if (latest && !durable) throw new DatabaseUnavailableError(NOT_DURABLE);
    feed.forget();
    if (durable) feed.announce(feed.figuresOf(durable));
    this.#synchronised = true;
    this.#mayBeBehind = false;
  }
}
