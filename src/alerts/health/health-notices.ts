import { SharedRead } from '../../async/shared-read.js';
import { isOfOnePlace, type HealthNotice } from '../../domain/alerts/health.js';
import { DatabaseUnavailableError, unlessAway } from '../../history/database-unavailable.js';
import type { Logger } from '../../log.js';
import type { NoticeFiles, NoticeStore } from './notice-store.js';

/** How many beginnings and ends wait for the database at most: of more, the oldest are given up. */
const MOST_WAITING = 500;

interface HealthNoticesOptions {
  readonly store: NoticeStore;
  readonly files: NoticeFiles;
  /** Has beginnings and ends told to people, each once. @throws {DatabaseUnavailableError} */
  readonly tell: (notices: readonly HealthNotice[]) => Promise<void>;
  /** Has them told without the database, what was told so once. */
  readonly tellAway: (notices: readonly HealthNotice[]) => void;
  readonly log: Logger;
}

/**
 * Has the beginnings and ends of notices stored, and then told; while the database is away they wait on
 * disk. What nobody else can tell the end of stays there until it is over: whoever is started in this place
 * goes on with it. Nobody waits for any of it. All of it may be done again, here and in other instances: what
 * is stored and what is told is known by its id.
 */
export class HealthNotices {
  readonly #options: HealthNoticesOptions;
  /** One at a time; whoever asks while one is under way has the next one run. */
  readonly #storing = new SharedRead(() => this.#storeAll());
  /** Beginnings and ends that are not stored and told yet, in order. */
  readonly #waiting = new Map<string, HealthNotice>();
  /** Those that are not over, and that only whoever is in this place can end. */
  readonly #lasting = new Map<string, HealthNotice>();
  /** Whether what waits is on disk, because the database is away. */
  #isKept = false;
  /** Whether what waits is on its way to people through the database: without it, it would be told twice. */
  #isBeingTold = false;
  /** What is on disk, as it was last written. */
  #written = '';
  #fault: string | null = null;

  constructor(options: HealthNoticesOptions) {
    this.#options = options;
  }

  /** Takes what is left on disk. @returns it */
  async open(): Promise<HealthNotice[]> {
    try {
      const left = await this.#options.files.read();
      this.#wait(left);
      return left;
    } catch (error) {
      this.#meet(error);
      return [];
    }
  }

  /** Beginnings and ends. */
  add(notices: readonly HealthNotice[]): void {
    this.#wait(notices);
    this.storeWaiting();
  }

  /** Has what waits stored and told, or kept on disk; never fails. */
  storeWaiting(): void {
    void this.#storing.get();
  }

  /** Has told again what could not be told without the database. */
  tellAgain(): void {
    if (this.#isKept && !this.#isBeingTold) this.#options.tellAway([...this.#waiting.values()]);
  }

  /** Newest first; while the database is away, those that wait for it alone. */
  async newest(limit: number): Promise<HealthNotice[]> {
    const waiting = [...this.#waiting.values()];
    const notices = new Map<string, HealthNotice>();
    const stored = await unlessAway(this.#options.store.newest(limit), () => []);
    for (const notice of [...stored, ...waiting]) notices.set(notice.id, notice);
    const order = (a: HealthNotice, b: HealthNotice): number =>
      b.since - a.since || (a.id < b.id ? 1 : -1);
    return [...notices.values()].sort(order).slice(0, limit);
  }

  /** Those that have not ended, as far as is stored. @throws {DatabaseUnavailableError} */
  left(): Promise<HealthNotice[]> {
    return this.#options.store.open();
  }

  /** Until all that was added is stored, or on disk. */
  async close(): Promise<void> {
    await this.#storing.get();
  }

  #wait(notices: readonly HealthNotice[]): void {
    for (const notice of notices) {
      this.#waiting.set(placeOf(notice), notice);
      if (notice.until !== null) this.#lasting.delete(notice.id);
      else if (isOfOnePlace(notice) && !this.#waiting.has(placeOf({ ...notice, until: 0 })))
        this.#lasting.set(notice.id, notice);
    }
    const tooMany = Math.max(0, this.#waiting.size - MOST_WAITING);
    for (const place of [...this.#waiting.keys()].slice(0, tooMany)) this.#waiting.delete(place);
  }

  async #storeAll(): Promise<void> {
    const notices = [...this.#waiting.values()];
    if (notices.length === 0 && !this.#isKept) return;
    try {
      // Before it is stored that one began: whoever comes after a stop in between ends it all the same.
      if (notices.some(isOfOnePlace)) await this.#write().catch((error) => this.#meet(error));
      if (await this.#isTaken(notices)) await this.#tidyUp(notices);
      else await this.#keep();
    } catch (error) {
      this.#meet(error);
    }
  }

  /** Has on disk what waits, and what is not over. */
  async #write(): Promise<void> {
    const kept = new Map<string, HealthNotice>();
    for (const notice of this.#lasting.values()) kept.set(placeOf(notice), notice);
    for (const [place, notice] of this.#waiting) kept.set(place, notice);
    const written = [...kept.keys()].join();
    if (written === this.#written) return;
    await this.#options.files.write([...kept.values()]);
    this.#written = written;
  }

  /** @returns false where it has to be done again */
  async #isTaken(notices: readonly HealthNotice[]): Promise<boolean> {
    try {
      const { store, tell } = this.#options;
      if (notices.length > 0) {
        await store.save(notices);
        this.#isBeingTold = true;
        await tell(notices);
      }
      return true;
    } catch (error) {
      this.#isBeingTold = false;
      if (!(error instanceof DatabaseUnavailableError)) this.#meet(error);
      return false;
    }
  }

  async #keep(): Promise<void> {
    this.#isKept = true;
    await this.#write();
    this.tellAgain();
  }

  async #tidyUp(stored: readonly HealthNotice[]): Promise<void> {
    for (const notice of stored) {
      if (this.#waiting.get(placeOf(notice)) === notice) this.#waiting.delete(placeOf(notice));
    }
    this.#isBeingTold = false;
    this.#fault = null;
    await this.#write();
    this.#isKept &&= this.#waiting.size > 0;
    await this.#options.files.removeRead();
  }

  /** The same is logged once. */
  #meet(error: unknown): void {
    const { message } = error as Error;
    if (message !== this.#fault) {
      const about = { err: error, code: 'NOTICES_NOT_STORED' };
      this.#options.log.warn(about, 'health notices could not be stored');
    }
    this.#fault = message;
  }
}

function placeOf({ id, until }: HealthNotice): string {
  return `${id} ${until === null ? 'began' : 'ended'}`;
}
