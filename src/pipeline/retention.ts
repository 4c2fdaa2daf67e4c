import type { Logger } from '../log.js';
import type { Lease } from './lease.js';
import {
  DatabaseUnavailableError,
  type Clock,
  type ConfigStore,
  type CycleStore,
} from './ports.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How often old cycles are looked for, milliseconds. */
const EVERY_MS = 60_000;
/** By then every instance has learnt what is no longer shown, milliseconds. */
const KNOWN_MS = 3_000;
/** How many cycles are removed at a time, and the pause between, milliseconds. */
const BATCH = 200;
const PAUSE_MS = 50;

export interface RetentionOptions {
  readonly cycles: Pick<CycleStore, 'range' | 'removeOldest'>;
  readonly config: Pick<ConfigStore, 'markVisibleFrom'>;
  readonly lease: Pick<Lease, 'isHeld'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long cycles are kept, days; 0 for ever. */
  readonly days: number;
}

/**
 * Removes cycles that are older than they are to be kept, a few at a time. First they are no longer
 * shown, in any instance; then they are removed. The cycle before the oldest shown one stays, hidden,
 * because that one is derived from it; the newest cycle always stays.
 */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
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
    const { cycles, config, clock, days } = this.#options;
    const to = clock.now() - days * DAY_MS;
    const [latest] = await cycles.range({ order: 'NEWEST_FIRST', limit: 1 });
    const [newestOld] = await cycles.range({ to, order: 'NEWEST_FIRST', limit: 1 });
    const [oldest] = await cycles.range({ order: 'OLDEST_FIRST', limit: 1 });
    if (!latest || !oldest) return 0;
    const visibleFrom = newestOld ? Math.min(newestOld.turn + 1, latest.turn) : oldest.turn;
    if (visibleFrom > oldest.turn) {
      await config.markVisibleFrom(visibleFrom);
      await this.#pause(knownMs);
    }
    let removed = 0;
    while (!this.#stopped.signal.aborted) {
      const count = await cycles.removeOldest(visibleFrom - 1, BATCH);
      removed += count;
      if (count < BATCH) break;
      await this.#pause(PAUSE_MS);
    }
    return removed;
  }

  async #runAndPlan(): Promise<void> {
    const { lease, log } = this.#options;
    try {
      const removed = lease.isHeld ? await this.run() : 0;
      if (removed > 0) log.info({ removed }, 'cycles older than RETENTION_DAYS were removed');
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) {
        log.error({ err: error }, 'old cycles could not be removed');
      }
    }
    if (!this.#stopped.signal.aborted) this.start();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}
