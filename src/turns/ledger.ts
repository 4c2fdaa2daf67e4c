import type { Cycle, CycleFigures } from '../domain/cycle.js';
import type { Autonomy } from '../durability/autonomy.js';
import type { Backlog } from '../durability/backlog.js';
import type { CheckpointWriter } from '../durability/checkpoint.js';
import type { Continuity } from '../durability/continuity.js';
import type { Replay } from '../durability/replay.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import type { Leadership, Lease } from '../cluster/lease.js';
import { DatabaseUnavailableError, unlessAway } from '../history/database-unavailable.js';
import { type CycleStore } from '../history/cycle-store.js';
import { type TurnControl } from '../feeds/control-store.js';
import { isBuiltOnPurged, isReadable } from '../history/stored-cycle.js';
import type { StrategyFeed } from '../feeds/strategy-feed.js';

/** How long the backlog is replayed before the next turn goes first, milliseconds. */
const REPLAY_MS = 50;
const NOT_DURABLE = 'the database has lost the latest cycle while it was read';

interface LedgerOptions {
  /** The stored cycles, and those of the backlog. */
  readonly cycles: CycleStore;
  readonly backlog: Backlog;
  readonly replay: Pick<Replay, 'run' | 'isOvertaken' | 'lostThrough'>;
  readonly strategy: StrategyFeed;
  readonly feed: CycleFeed;
  readonly continuity: Pick<Continuity, 'check'>;
  readonly lease: Pick<Lease, 'take' | 'isHeld'>;
  readonly autonomy: Autonomy;
  readonly checkpoint: Pick<CheckpointWriter, 'write' | 'remove'>;
}

/** What a turn builds upon. */
export interface TurnBase {
  readonly control: TurnControl;
  readonly previous: CycleFigures | null;
  readonly turn: number;
}

/** What became of a cycle; only a COMMITTED one is durable. */
export type Commit =
  | 'COMMITTED'
  /** The lease was lost meanwhile: the turn has to begin anew. */
  | 'LEASE_LOST'
  /** Another process has stored that turn. */
  | 'TURN_TAKEN'
  /** What it was built upon was purged meanwhile. */
  | 'PURGED'
  /** What it was built upon is stored no longer: the database was put back meanwhile. */
  | 'REWOUND';

/**
 * Says what a turn builds upon, and commits its cycle: to the database, or to the backlog while that
 * is away or not empty. The states of durability/README.md, as a turn goes through them.
 */
export class Ledger {
  readonly #options: LedgerOptions;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** A turn failed in a way that leaves open whether its cycle is stored. */
  markUnsure(): void {
    this.#options.autonomy.markUnsure();
  }

  /**
   * What the next turn builds upon.
   * @throws {DatabaseUnavailableError} where the database is away, and too little is known of it
   */
  async prepare(leadership: Exclude<Leadership, { state: 'FOLLOWING' }>): Promise<TurnBase> {
    if (leadership.state === 'ALONE') return this.#baseFromMemory(leadership.outage);
    return unlessAway(this.#baseFromDatabase(leadership.isNew), (outage) =>
      this.#baseFromMemory(outage),
    );
  }

  /**
   * Makes a cycle durable, and announces it.
   * @throws {DatabaseUnavailableError} where neither the database nor the backlog can take it
   * @throws {BacklogError} where the disk takes no cycle
   */
  async commit(figures: CycleFigures, { control, previous }: TurnBase): Promise<Commit> {
    const outcome = await this.#store(figures, previous);
    if (outcome !== 'COMMITTED') return outcome;
    const { feed, checkpoint, autonomy } = this.#options;
    feed.announce(figures);
    const cycles = [...(previous ? [previous.cycle] : []), figures.cycle];
    if (autonomy.mayGoOn) checkpoint.write({ control, cycles, contactAt: autonomy.contactAt });
    else checkpoint.remove();
    return outcome;
  }

  /** Another instance leads: the backlog of this one may be overtaken by what that one stores. */
  async follow(): Promise<void> {
    const { replay, checkpoint, strategy, continuity } = this.#options;
    checkpoint.remove();
    if (!(await replay.isOvertaken())) return;
    await this.#replay(await strategy.purgedThrough());
    await continuity.check();
  }

  /**
   * Reads the control data, replays some of the backlog, and brings memory and database into sync.
   * @param isNew whether another instance may have run turns
   */
  async synchronise(isNew: boolean): Promise<TurnControl> {
    const { strategy, feed, backlog, continuity, autonomy } = this.#options;
    const control = await strategy.control();
    feed.apply(control);
    if (isNew) {
      autonomy.markBehind();
      await backlog.open();
    }
    await this.#replay(control.purgedThrough);
    if ((await continuity.check()) === 'REWOUND') return this.synchronise(false);
    if (!autonomy.isInSync) await this.#readLatest(control.purgedThrough);
    return control;
  }

  async #baseFromDatabase(isNew: boolean): Promise<TurnBase> {
    return this.#baseOn(await this.synchronise(isNew));
  }

  /** By what is known of a database that is away. */
  #baseFromMemory(outage: DatabaseUnavailableError): Promise<TurnBase> {
    const control = this.#options.strategy.lastControl;
    if (!this.#options.autonomy.mayGoOn || control === null) throw outage;
    return this.#baseOn(control);
  }

  async #baseOn(control: TurnControl): Promise<TurnBase> {
    const { purgedThrough, droppedThrough } = control;
    const { feed, replay } = this.#options;
    const latest = await feed.latest();
    // One that cannot be read is not built upon, and keeps its number.
    const readable = latest && (isReadable(latest) ? latest : await feed.latestReadable());
    const previous = readable && readable.turn > purgedThrough ? readable : null;
    const last = Math.max(latest?.turn ?? 0, purgedThrough, droppedThrough, replay.lostThrough);
    return { control, previous, turn: last + 1 };
  }

  /** In the database; in the backlog where that is away, or still has cycles that come before. */
  async #store(figures: CycleFigures, previous: CycleFigures | null): Promise<Commit> {
    const { backlog, lease, autonomy } = this.#options;
    let mayBeStored = false;
    if (backlog.turns.length === 0) {
      // This process may have been paused for longer than the lease lasts.
      const leadership = lease.isHeld ? null : await lease.take();
      if (leadership && leadership.state !== 'ALONE') return 'LEASE_LOST';
      if (!leadership) {
        const outcome = await unlessAway(this.#save(figures, previous), (outage) => {
          if (!autonomy.mayGoOn) throw outage;
          return null;
        });
        if (outcome !== null) return outcome;
        mayBeStored = true;
      }
    }
    try {
      await backlog.append({ cycle: figures.cycle, after: previous?.cycle ?? null });
    } catch (error) {
      if (mayBeStored) autonomy.markUnsure();
      throw error;
    }
    return 'COMMITTED';
  }

  async #save(figures: CycleFigures, previous: CycleFigures | null): Promise<Commit> {
    const { cycles, autonomy } = this.#options;
    if ((await cycles.save(figures.cycle)) === 'TURN_TAKEN') {
      autonomy.markUnsure();
      return 'TURN_TAKEN';
    }
    const fault = previous && (await this.#faultOf(previous.cycle));
    if (!fault) return 'COMMITTED';
    await cycles.remove(figures.cycle.turn);
    autonomy.markUnsure();
    return fault;
  }

  async #replay(purgedThrough: number): Promise<void> {
    const { backlog, replay, cycles, strategy, autonomy } = this.#options;
    const [first] = backlog.turns;
    if (first === undefined) return;
    if ((await replay.run(purgedThrough, REPLAY_MS)) === 'REJECTED') autonomy.markUnsure();
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

  /** Learns the newest stored cycle; one that was stored although its save seemed to fail is new. */
  async #readLatest(purgedThrough: number): Promise<void> {
    const { cycles, feed, autonomy } = this.#options;
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
    autonomy.markInSync();
  }
}
