import type { Cycle } from '../domain/cycle.js';
import type { Logger } from '../log.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import type { Lease } from '../cluster/lease.js';
import type { Metronome } from './metronome.js';
import type { Clock } from '../time/clock.js';
import { isReadable } from '../history/stored-cycle.js';

/** Turns stand still once none has completed for so many intervals. */
const INTERVALS = 3;
/** How often it is looked, milliseconds. */
const LOOK_MS = 1_000;
/** Only what lasts is logged: a failed turn has a line of its own, milliseconds. */
const LOGGED_AFTER_MS = 30_000;
/** An instance whose turns stand still for so long leaves them to another, milliseconds. */
const GIVE_UP_MS = 60_000;

export interface TurnWatchOptions {
  readonly feed: Pick<CycleFeed, 'onTurn'>;
  readonly metronome: Pick<Metronome, 'status'>;
  readonly lease: Pick<Lease, 'isHeld' | 'wasAlone' | 'release'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly intervalMs: number;
  /** Whether the exchange wants silence of all instances: another could do no better. */
  readonly isSilent: () => boolean;
  readonly giveUpMs?: number;
}

/**
 * Notices, whatever the reason and in whichever instance, that turns stand still, and says so. An
 * instance that runs the turns and completes none gives up the lease where another waits for it.
 */
export class TurnWatch {
  readonly #options: TurnWatchOptions;
  /** By the monotonic clock. */
  readonly #begunAt: number;
  /** When the newest turn was seen, by the monotonic clock; null before there is any. */
  #seenAt: number | null = null;
  /** How long the newest turn took, milliseconds. */
  #tookMs = 0;
  /** Since when this instance has the lease, by the monotonic clock. */
  #heldSince: number | null = null;
  #isLogged = false;
  #looking: NodeJS.Timeout | undefined;

  constructor(options: TurnWatchOptions) {
    this.#options = options;
    this.#begunAt = options.clock.monotonic();
  }

  /** @param latest the newest stored cycle; how old it is, only wall time can say */
  start(latest: Cycle | null): void {
    const { clock, feed } = this.#options;
    if (latest) {
      this.#seenAt = clock.monotonic() - Math.max(0, clock.now() - latest.completedAt);
      this.#tookMs = latest.completedAt - latest.startedAt;
    }
    feed.onTurn((turn) => {
      this.#seenAt = clock.monotonic();
      if (isReadable(turn)) this.#tookMs = turn.cycle.completedAt - turn.cycle.startedAt;
    });
    this.#looking = setInterval(() => this.look(), LOOK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#looking);
  }

  /** When the turn after the newest is due, by whichever instance: milliseconds since 1970. */
  get nextTurnAt(): number {
    const { clock, intervalMs } = this.#options;
    const inMs = intervalMs - this.#tookMs - this.#since(this.#seenAt ?? this.#begunAt);
    return Math.round(clock.now() + inMs);
  }

  /** When the newest turn was completed, or this began where there is none: milliseconds since 1970. */
  get completedAt(): number {
    return Math.round(this.#options.clock.now() - this.#since(this.#seenAt ?? this.#begunAt));
  }

  /** That the newest turn is old, and why, in words; null while it is not. */
  get age(): string | null {
    return this.#isLong(this.#seenAt ?? this.#begunAt) ? this.#words : null;
  }

  /** That turns stand still since this instance runs, and why, in words; null while they do not. */
  get standstill(): string | null {
    return this.#isLong(this.#stillSince) ? this.#words : null;
  }

  get #stillSince(): number {
    return Math.max(this.#seenAt ?? 0, this.#begunAt);
  }

  /** Looks now; also done every second. */
  look(): void {
    const { lease, clock, log, isSilent, metronome } = this.#options;
    const { standstill } = this;
    const isLasting = standstill !== null && this.#since(this.#stillSince) >= LOGGED_AFTER_MS;
    if (isLasting && !this.#isLogged)
      log.warn({ code: 'STANDSTILL' }, `turns stand still: ${standstill}`);
    this.#isLogged = isLasting;
    this.#heldSince = lease.isHeld ? (this.#heldSince ?? clock.monotonic()) : null;
    const mayGiveUp = standstill && this.#heldSince !== null && !lease.wasAlone;
    if (!mayGiveUp || isSilent() || metronome.status().hasEnded) return;
    const since = Math.max(this.#seenAt ?? 0, this.#heldSince ?? 0);
    if (this.#since(since) < this.#giveUpMs) return;
    log.warn('another instance is to run the turns: none completes in this one');
    this.#heldSince = null;
    lease.release().catch((error: unknown) => {
      log.warn({ err: error }, 'the lease could not be given back; it runs out');
    });
  }

  get #words(): string {
    const seconds = Math.round(this.#since(this.#seenAt ?? this.#begunAt) / 1000);
    const { hindrance } = this.#options.metronome.status();
    const words =
      this.#seenAt === null
        ? `no cycle was completed in ${seconds} s`
        : `the last cycle was completed ${seconds} s ago`;
    return hindrance ? `${words}: ${hindrance}` : words;
  }

  #isLong(since: number): boolean {
    return this.#since(since) > INTERVALS * this.#options.intervalMs;
  }

  #since(at: number): number {
    return this.#options.clock.monotonic() - at;
  }

  get #giveUpMs(): number {
    const { giveUpMs = GIVE_UP_MS, intervalMs } = this.#options;
    return Math.max(giveUpMs, INTERVALS * intervalMs);
  }
}
