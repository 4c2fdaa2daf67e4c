import { pause } from '../async/pause.js';
import type { Logger } from '../log.js';
import type { ClockWitnesses } from './clock-witnesses.js';
import type { Lease } from './lease.js';
import type { BackfillStore } from '../history/backfill/backfill-store.js';
import { dayOf } from '../history/backfill/day-closes.js';
import { unlessAway } from '../history/database-unavailable.js';
import { type ControlStore } from '../feeds/control-store.js';
import { type CycleAge, type CycleAges, type CycleStore } from '../history/cycle-store.js';
import type { SkipStore } from '../history/skip-store.js';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** How often old cycles are looked for, milliseconds. */
const EVERY_MS = 60_000;
/** By then every instance has learnt what is no longer shown, milliseconds. */
const KNOWN_MS = 3_000;
/** How many cycles are removed at a time, and the pause between, milliseconds. */
const BATCH = 200;
const PAUSE_MS = 50;
/** How many ages are read at a time, and in one run at most. */
const AGES = 500;
const MOST_AGES = 20_000;

export interface RetentionOptions {
  readonly cycles: Pick<CycleStore, 'span' | 'removeOldest'>;
  readonly skips: Pick<SkipStore, 'removeThrough'>;
  readonly backfill: Pick<BackfillStore, 'removeBefore'>;
  readonly ages: CycleAges;
  readonly controlStore: Pick<ControlStore, 'markVisibleFrom'>;
  readonly lease: Pick<Lease, 'isHeld'>;
  readonly witnesses: Pick<ClockWitnesses, 'ask'>;
  readonly log: Logger;
  /** How long cycles are kept, days; 0 for ever. */
  readonly days: number;
  /** Whether the cycles carry a recording's time, which says nothing of how long they are kept. */
  readonly isReplay: boolean;
}

/** The first turn that is kept; and its time, null where nothing that was looked at is young. */
interface FirstYoung {
  readonly turn: number;
  readonly at: number | null;
}

/**
 * Removes cycles that are older than they are to be kept, a few at a time. First they are no longer
 * shown, in any instance; then they are removed. The cycle before the oldest shown one stays, hidden,
 * because that one is derived from it; the newest cycle always stays.
 *
 * What is removed is gone for good: nothing is while the clocks do not agree, and only a run of old
 * turns at the beginning. One that is young keeps all after it, whatever their times say. A replay's
 * cycles count from when they were stored, not from the recording's time.
 */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #warnings: readonly string[] = [];

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** What an operator should know, in words. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  start(): void {
    if (this.#options.days === 0) return;
    this.#timer = setTimeout(() => void this.#runAndPlan(), EVERY_MS).unref();
  }

  stop(): void {
    this.#stopped.abort();
    clearTimeout(this.#timer);
  }

  /** Hides and removes what is too old. @returns how many cycles were removed */
  async run(knownMs = KNOWN_MS): Promise<number> {
    const { signal } = this.#stopped;
    const { cycles, skips, backfill, controlStore, witnesses, days, isReplay } = this.#options;
    const span = await cycles.span();
    if (!span) return 0;
    const time = await witnesses.ask();
    if ('objection' in time) {
      this.#warn(`RETENTION_DAYS: nothing is removed for its age: ${time.objection}`);
      return 0;
    }
    const { turn, at } = await this.#firstYoung(span.oldest, time.now);
    this.#warn(
      at !== null && at > time.now + HOUR_MS
        ? `RETENTION_DAYS: turn ${turn} was stored with a time to come, ${new Date(at).toISOString()}: nothing from it on is removed until that is old`
        : null,
    );
    const visibleFrom = Math.min(turn, span.latest);
    if (visibleFrom > span.oldest) {
      await controlStore.markVisibleFrom(visibleFrom);
      await pause(knownMs, signal);
    }
    let removed = 0;
    while (!signal.aborted) {
      const count = await cycles.removeOldest(visibleFrom - 1, BATCH);
      removed += count;
      if (count < BATCH) break;
      await pause(PAUSE_MS, signal);
    }
    if (removed > 0) await skips.removeThrough(visibleFrom - 1);
    // By its days alone, and a recording's days say nothing of how long they are kept.
    if (!isReplay) await backfill.removeBefore(dayOf(time.now - days * DAY_MS));
    return removed;
  }

  /** The first turn that is not too old, of those that one run looks at. */
  async #firstYoung(oldest: number, now: number): Promise<FirstYoung> {
    const youngFrom = now - this.#options.days * DAY_MS;
    let turn = oldest;
    let from = oldest;
    for (let read = 0; read < MOST_AGES; read += AGES) {
      const page = await this.#options.ages.agesFrom(from, AGES);
      for (const age of page) {
        const at = this.#timeOf(age);
        if (at >= youngFrom) return { turn, at };
        from = age.turn + 1;
        // One whose time cannot be read is as old as what follows it.
        if (!Number.isNaN(at)) turn = from;
      }
      if (page.length < AGES) break;
    }
    return { turn, at: null };
  }

  #timeOf({ observedAt, completedAt }: CycleAge): number {
    return this.#options.isReplay ? completedAt : observedAt;
  }

  #warn(words: string | null): void {
    if (words !== null && !this.#warnings.includes(words)) this.#options.log.warn(words);
    this.#warnings = words === null ? [] : [words];
  }

  async #runAndPlan(): Promise<void> {
    const { lease, log } = this.#options;
    try {
      if (!lease.isHeld) this.#warn(null);
      const removed = lease.isHeld ? await unlessAway(this.run(), () => 0) : 0;
      if (removed > 0) log.info({ removed }, 'cycles older than RETENTION_DAYS were removed');
    } catch (error) {
      log.error({ err: error }, 'old cycles could not be removed');
    }
    if (!this.#stopped.signal.aborted) this.start();
  }
}
