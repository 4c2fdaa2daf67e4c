import { setTimeout as pause } from 'node:timers/promises';
import { Signal } from '../../async/signal.js';
import { unlessAway } from '../../history/database-unavailable.js';
import type { Addition } from './delivery-store.js';
import { OutboxTidying } from './outbox-tidying.js';
import { Workers, type WorkersOptions } from './workers.js';

/** How often it is looked for what other instances have added, milliseconds. */
const LOOK_MS = 5_000;
/** How soon after another instance was found to deliver, milliseconds. */
const RETRY_MS = 1_000;
/** So many channels are looked at for each millisecond between two rounds: many that end share the next one. */
const LOOKED_AT_A_MS = 100;

interface Lock {
  readonly isHeld: boolean;
  take(): Promise<{ readonly state: string }>;
  release(): Promise<void>;
}

export interface DelivererOptions extends WorkersOptions {
  /** Who delivers, of several instances: not who runs the turns, because that may be nobody for hours. */
  readonly lock: Lock;
  readonly lookMs?: number;
}

/**
 * Tells channels what was added for them, each message at least once and in order for each channel. What
 * waits is stored; each channel is told by a worker of its own, and one that has failed waits and takes
 * room from nobody. A message is marked only after the receiver has taken it: whoever goes on after a stop in
 * between tells it again, under the same id.
 */
export class Deliverer {
  readonly #options: DelivererOptions;
  readonly #tidying: OutboxTidying;
  readonly #stopped = new AbortController();
  readonly #wake = new Signal();
  readonly #workers: Workers;
  #isDue = false;
  #lookAt = 0;
  #fault: string | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: DelivererOptions) {
    this.#options = options;
    this.#tidying = new OutboxTidying(options);
    this.#workers = new Workers(options, this.#stopped.signal, () => this.wake());
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Gives up attempts that are under way: they are made again. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.wake();
    await this.#running;
    await this.#workers.end();
    await unlessAway(this.#options.lock.release(), () => undefined);
  }

  /** Something may have changed that waits were for. */
  wake(): void {
    this.#isDue = true;
    this.#wake.fire();
  }

  /**
   * Has messages told through channels; they are stored once this resolves. One that was added before is not
   * told once more, and a channel that is off is not told later.
   * @param additions each channel once
   * @throws {DatabaseUnavailableError}
   */
  async enqueue(additions: readonly Addition[]): Promise<void> {
    const { store, standings, log, now } = this.#options;
    const some = additions.filter(({ channel }) => standings.of(channel).problem === null);
    const lost = await store.add(some, now());
    for (const [channel, count] of lost) {
      const about = { code: 'ALERTS_GIVEN_UP', channel, lost: count };
      log.warn(about, 'too many messages wait for a channel');
    }
    for (const { channel } of some) this.#workers.add(channel);
    this.wake();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      this.#isDue = false;
      let waitMs = RETRY_MS;
      try {
        waitMs = await unlessAway(this.#round(), () => RETRY_MS);
        this.#fault = null;
      } catch (error) {
        this.#meet(error as Error);
      }
      await this.#breathe();
      if (!this.#isDue) await this.#wait(waitMs);
    }
  }

  /** The same is logged once. */
  #meet(error: Error): void {
    if (this.#stopped.signal.aborted) return;
    if (error.message !== this.#fault)
      this.#options.log.error({ err: error }, 'messages of alerts cannot be delivered');
    this.#fault = error.message;
  }

  /** Each round looks at every channel. */
  async #breathe(): Promise<void> {
    const ms = Math.floor(this.#workers.size / LOOKED_AT_A_MS);
    const { signal } = this.#stopped;
    if (ms > 0) await pause(ms, undefined, { signal }).catch(() => undefined);
  }

  /** By a timer of its own: a timeout that only another signal is made of may be collected before it ends. */
  async #wait(ms: number): Promise<void> {
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), ms);
    await this.#wake.next(over.signal);
    clearTimeout(timer);
  }

  /** @returns in how many milliseconds to look again, unless something happens before */
  async #round(): Promise<number> {
    const { lock, lookMs = LOOK_MS } = this.#options;
    if (performance.now() >= this.#lookAt) {
      await this.#look();
      this.#lookAt = performance.now() + lookMs;
    }
    if (this.#workers.size === 0) {
      if (this.#workers.areIdle && lock.isHeld) await lock.release();
      return lookMs;
    }
    if ((await lock.take()).state !== 'LEADING') return RETRY_MS;
    await this.#tidying.runWhereDue();
    return this.#workers.start(lookMs);
  }

  /** Reads what others have added and changed. */
  async #look(): Promise<void> {
    const { store, standings, book } = this.#options;
    await book.refresh();
    await standings.refresh();
    this.#workers.know((await store.waiting()).keys());
  }
}
