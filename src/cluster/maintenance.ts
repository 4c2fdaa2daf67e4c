import type { CycleFeed } from '../feeds/cycle-feed.js';
import type { ControlStore } from '../feeds/control-store.js';
import type { BackfillStore } from '../history/backfill/backfill-store.js';
import type { CycleStore } from '../history/cycle-store.js';
import type { SkipStore } from '../history/skip-store.js';
import type { NotificationChannel } from '../feeds/notifications.js';
import type { StrategyFeed } from '../feeds/strategy-feed.js';
import type { Backlog } from '../durability/backlog.js';
import { isBuiltOnPurged } from '../history/stored-cycle.js';

/** The stores that a purge works on. */
export interface PurgeStores {
  readonly cycles: CycleStore;
  readonly controlStore: ControlStore;
  readonly skips: Pick<SkipStore, 'removeThrough'>;
}

/**
 * Deletes every stored cycle with its aux, and the skips between them. The settings and the turn counter stay: the next turn is
 * as a first one, with the next number. A turn under way that builds on what is deleted is fenced
 * off: it finds the mark once it is stored, and takes itself back.
 * @returns how many cycles were deleted
 */
export async function purgeCycles({ cycles, controlStore, skips }: PurgeStores): Promise<number> {
  let deleted = 0;
  for (let through = 0; ;) {
    const latest = await cycles.latest();
    // A turn that was stored just before the mark goes too; a first turn after it stays.
    const isOld =
      latest !== null &&
      latest.turn > through &&
      (through === 0 || isBuiltOnPurged(latest, through));
    if (!isOld) return deleted;
    through = latest.turn;
    await controlStore.markPurged(through);
    deleted += await cycles.removeThrough(through);
    await skips.removeThrough(through);
  }
}

export interface MaintenanceOptions extends PurgeStores {
  readonly feed: CycleFeed;
  readonly strategy: Pick<StrategyFeed, 'control'>;
  readonly backlog: Backlog;
  readonly backfill: Pick<BackfillStore, 'removeAll'>;
  readonly notifications: Pick<NotificationChannel, 'publish'>;
  readonly metronome: { forgetLast(): void };
}

/** What an operator does to the stored data of a running server. */
export class Maintenance {
  readonly #options: MaintenanceOptions;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
  }

  /** Deletes every stored cycle, and what was backfilled beside them. @returns how many cycles there were */
  async purge(): Promise<number> {
    const { metronome, backfill, controlStore } = this.#options;
    const deleted = await purgeCycles(this.#options);
    // Without a cycle nothing else says that series are others.
    if (await backfill.removeAll()) await controlStore.markCacheReset();
    metronome.forgetLast();
    await this.#makeKnown();
    return deleted;
  }

  /**
   * Drops what is kept in memory, in every instance; with `force` also the cycles that are kept on
   * this one's disk and not in the database yet. Their turns are not used again.
   * @returns how many such cycles there are where they keep it from being done, else 0
   */
  async resetCache(force: boolean): Promise<number> {
    const { controlStore, backlog } = this.#options;
    const unsaved = backlog.turns.length;
    if (unsaved > 0 && !force) return unsaved;
    const last = backlog.turns.at(-1);
    if (last !== undefined) {
      await controlStore.markDropped(last);
      await backlog.drop(last);
    }
    await controlStore.markCacheReset();
    await this.#makeKnown();
    return 0;
  }

  /** Whoever asks from now on is answered by what is stored now, here at once. */
  async #makeKnown(): Promise<void> {
    const { feed, notifications, strategy } = this.#options;
    feed.forget();
    notifications.publish({ kind: 'CONTROL' });
    feed.apply(await strategy.control());
  }
}
