import type { Logger } from '../log.js';
import type { Continuity } from '../durability/continuity.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import type { Lease } from './lease.js';
import type { ManualRun, RunsTurns } from './manual-run.js';
import { unlessAway } from '../history/database-unavailable.js';
import { type CycleStore } from '../history/cycle-store.js';
import { type NotificationChannel } from '../feeds/notifications.js';
import { SharedRead } from '../async/shared-read.js';
import { Signal } from '../async/signal.js';
import type { SkippedTurns } from '../feeds/skipped-turns.js';
import { isBuiltOnPurged, isReadable } from '../history/stored-cycle.js';
import type { StrategyFeed } from '../feeds/strategy-feed.js';

/** How often the database is looked at in case a notification was lost, milliseconds. */
const LOOK_MS = 1_000;
/** As often where notifications surely come: whoever stored something may have died before it sent one. */
const RARE_LOOK_MS = 5_000;
/** How many cycles are read at a time. */
const PAGE = 16;
/** How long another instance may take for a turn that was asked of it, milliseconds. */
const ELSEWHERE_MS = 25_000;

export interface InstancesOptions {
  readonly feed: CycleFeed;
  readonly cycles: Pick<CycleStore, 'range' | 'confirmed'>;
  readonly strategy: Pick<StrategyFeed, 'control' | 'purgedThrough'>;
  readonly notifications: NotificationChannel;
  readonly continuity: Pick<Continuity, 'check'>;
  readonly lease: Pick<Lease, 'isHeld'>;
  readonly skipped: SkippedTurns;
  /** Rules of alerts were changed, or have fired. */
  readonly onAlerts?: () => void;
  readonly log: Logger;
}

/**
 * Keeps this instance in step with the others on the same database: their cycles reach its
 * subscribers, their changes of the settings its callers. A notification is only a hint to look now; the truth
 * are the stored turns after the last one seen.
 */
export class Instances {
  readonly #options: InstancesOptions;
  readonly #stopped = new AbortController();
  readonly #cycles = new SharedRead(() => this.#readCycles());
  readonly #all = new SharedRead(() => this.#readAll());
  /** The newest turn that another instance has told of: it told when that was durable. */
  #durableThrough = 0;
  /** Another instance has told of the newest turn that is known here. */
  readonly #toldAgain = new Signal();
  #looking: NodeJS.Timeout | undefined;
  #lookedAt = 0;

  constructor(options: InstancesOptions) {
    this.#options = options;
  }

  start(metronome: RunsTurns): void {
    void this.#follow(metronome);
    this.#looking = setInterval(() => this.#lookAgain(), LOOK_MS);
  }

  stop(): void {
    this.#stopped.abort();
    clearInterval(this.#looking);
  }

  /** Looks at the database at once, for example because it is back. */
  look(): Promise<void> {
    return this.#quietly(this.#all.get());
  }

  /** Has the instance that runs the turns run one, and waits for it. */
  async runElsewhere(now: () => number): Promise<ManualRun> {
    const { feed, notifications } = this.#options;
    await this.#cycles.get();
    const done = new AbortController();
    const timeout = setTimeout(() => done.abort(), ELSEWHERE_MS);
    const answers = [this.#nextTurn(feed.latestTurn, done.signal), this.#freshTurn(done.signal)];
    notifications.publish({ kind: 'RUN' });
    const answer = await Promise.race(answers).finally(() => clearTimeout(timeout));
    done.abort();
    if (answer) return answer;
    const message = 'the instance that runs the turns has not run one in time';
    return { ok: false, kind: 'FAILED', failure: { at: now(), code: 'ELSEWHERE', message } };
  }

  async #nextTurn(afterTurn: number, signal: AbortSignal): Promise<ManualRun | null> {
    for await (const figures of this.#options.feed.follow(afterTurn, signal)) {
      if (isReadable(figures)) return { ok: true, figures, ran: true };
    }
    return null;
  }

  /** The newest turn, once the leader says that it need not run another. */
  async #freshTurn(signal: AbortSignal): Promise<ManualRun | null> {
    for (;;) {
      await this.#toldAgain.next(signal);
      if (signal.aborted) return null;
      const { newest } = this.#options.feed;
      if (newest) return { ok: true, figures: newest, ran: false };
    }
  }

  /** Runs a turn for an instance that follows; one that is fresh enough is told of once more. */
  async #runFor(metronome: RunsTurns): Promise<void> {
    const run = await metronome.runNow();
    if (run.ok && !run.ran)
      this.#options.notifications.publish({ kind: 'TURN', turn: run.figures.turn });
  }

  async #follow(metronome: RunsTurns): Promise<void> {
    const { notifications, feed, lease, skipped, onAlerts } = this.#options;
    for await (const notification of notifications.follow(this.#stopped.signal)) {
      if (notification.kind === 'CONTROL') void this.#quietly(this.#all.get());
      else if (notification.kind === 'SKIPPED') skipped.add(notification);
      else if (notification.kind === 'ALERTS') onAlerts?.();
      else if (notification.kind === 'RUN') {
        if (lease.isHeld) void this.#runFor(metronome);
      } else if (notification.turn === feed.latestTurn) {
        this.#toldAgain.fire();
      } else if (notification.turn > feed.latestTurn) {
        this.#durableThrough = Math.max(this.#durableThrough, notification.turn);
        void this.#quietly(this.#cycles.get());
      }
    }
  }

  #lookAgain(): void {
    const sinceLook = performance.now() - this.#lookedAt;
    // A timer may be a little early.
    if (this.#options.notifications.isSure && sinceLook < RARE_LOOK_MS - LOOK_MS / 2) return;
    void this.#quietly(this.#all.get());
  }

  async #readAll(): Promise<void> {
    this.#lookedAt = performance.now();
    this.#options.feed.apply(await this.#options.strategy.control());
    await this.#cycles.get();
  }

  /** Announces the stored turns after the last one that is known, in order. */
  async #readCycles(): Promise<void> {
    const { cycles, feed, strategy, continuity, log } = this.#options;
    // What comes after turns of our own that may not stand is of another history.
    if ((await continuity.check()) === 'UNDECIDED') return;
    for (let more = true; more && !this.#stopped.signal.aborted;) {
      const afterTurn = feed.latestTurn;
      const found = await cycles.range({ afterTurn, order: 'OLDEST_FIRST', limit: PAGE });
      if (found.length === 0) return;
      const isKnown = found.every(({ turn }) => turn <= this.#durableThrough);
      const durable = isKnown ? found : await cycles.confirmed(found);
      // A turn that builds on what was purged is about to be taken back.
      const purgedThrough = await strategy.purgedThrough();
      // Turns were announced, or taken back, since it was asked what follows.
      if (feed.latestTurn !== afterTurn) return;
      for (const cycle of found) {
        if (!durable.includes(cycle)) return;
        if (isBuiltOnPurged(cycle, purgedThrough)) return;
        feed.announce(feed.figuresOf(cycle));
        log.debug({ turn: cycle.turn }, 'a turn of another instance');
      }
      more = found.length === PAGE;
    }
  }

  async #quietly(reading: Promise<void>): Promise<void> {
    try {
      await unlessAway(reading, () => undefined);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'the cycles of other instances could not be read');
    }
  }
}
