import { OpenNotices, type HealthSigns } from '../../domain/alerts/health.js';
import type { CycleFeed } from '../../feeds/cycle-feed.js';
import type { SkippedTurns } from '../../feeds/skipped-turns.js';
import { unlessAway } from '../../history/database-unavailable.js';
import type { Logger } from '../../log.js';
import type { HealthNotices } from './health-notices.js';

/** How often it is looked, milliseconds: no event tells that something did not happen. */
const LOOK_MS = 1_000;

interface HealthWatchOptions {
  readonly feed: Pick<CycleFeed, 'onTurn' | 'latestTurn'>;
  readonly skipped: SkippedTurns;
  readonly notices: HealthNotices;
  /** All but what is skipped, from memory. */
  readonly signs: () => Omit<HealthSigns, 'skipped'>;
  readonly log: Logger;
}

/** Judges by this instance's clock how it stands, whether or not there are turns. */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  readonly #open = new OpenNotices();
  readonly #stopped = new AbortController();
  /** The first turn that was skipped since the newest one. */
  #skipped: { readonly after: number; readonly sign: HealthSigns['skipped'] } | null = null;
  #isAdopted = false;
  #looking: NodeJS.Timeout | undefined;

  constructor(options: HealthWatchOptions) {
    this.#options = options;
  }

  /** Takes what is left on disk, and looks from now on. */
  async start(): Promise<void> {
    const { notices, feed } = this.#options;
    this.#open.adopt(await notices.open(), 'THIS_PLACE');
    await this.#adopt();
    void this.#followSkips();
    feed.onTurn(() => {
      if (this.#skipped) this.look();
    });
    this.#looking = setInterval(() => this.look(), LOOK_MS).unref();
    this.look();
    notices.storeWaiting();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    clearInterval(this.#looking);
    await this.#options.notices.close();
  }

  /** The database was away, and is back. */
  databaseIsBack(): void {
    this.look();
    this.#options.notices.storeWaiting();
    if (!this.#isAdopted) void this.#adopt();
  }

  look(): void {
    const { signs, notices, feed } = this.#options;
    if (this.#stopped.signal.aborted) return;
    if (this.#skipped && this.#skipped.after !== feed.latestTurn) this.#skipped = null;
    const changes = this.#open.judge({ ...signs(), skipped: this.#skipped?.sign ?? null });
    if (changes.length > 0) notices.add(changes);
    else notices.tellAgain();
  }

  async #followSkips(): Promise<void> {
    const { skipped, feed } = this.#options;
    for await (const { at, message } of skipped.follow(this.#stopped.signal)) {
      const after = feed.latestTurn;
      if (this.#skipped?.after !== after) this.#skipped = { after, sign: { at, words: message } };
      this.look();
    }
  }

  /** Goes on with notices that were left open, of what all instances see alike. */
  async #adopt(): Promise<void> {
    const { notices, log } = this.#options;
    try {
      const left = await unlessAway(notices.left(), () => null);
      this.#isAdopted = left !== null;
      this.#open.adopt(left ?? [], 'ANYBODY');
    } catch (error) {
      log.warn({ err: error }, 'the health notices that are open could not be read');
    }
  }
}
