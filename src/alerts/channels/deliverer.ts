import { Signal } from '../../async/signal.js';
import { DatabaseUnavailableError, unlessAway } from '../../history/database-unavailable.js';
import type { Logger } from '../../log.js';
import type { ChannelBook, OwnedChannel } from './channel-book.js';
import { logFailure, logOff } from './channel-log.js';
import type { ChannelStandings } from './channel-standings.js';
import type { Addition, ChannelStanding, Delivery, DeliveryStore } from './delivery-store.js';
import { Lane } from './lane.js';
import { OutboxTidying } from './outbox-tidying.js';
import type { Sender } from './sender.js';

/** How often it is looked for what other instances have added, milliseconds. */
const LOOK_MS = 5_000;
/** How soon after another instance was found to deliver, milliseconds. */
const RETRY_MS = 1_000;
/** How long a channel is left alone to which nothing can be sent now, milliseconds. */
const REST_MS = 60_000;
/** How many messages of one channel are read at a time. */
const BATCH = 20;
/** How many attempts may be under way: to channels that work, and to those that did not the last time. */
const WORKING_WIDTH = 64;
const FAILING_WIDTH = 64;
/** A channel that no rule has is one of a rule that is not read yet, or else is gone, milliseconds. */
const GONE_AFTER_MS = 10 * 60_000;
/** A message that nobody could be told in so long is given up, milliseconds. */
const DAY_MS = 24 * 60 * 60_000;

interface Lock {
  readonly isHeld: boolean;
  take(): Promise<{ readonly state: string }>;
  release(): Promise<void>;
}

export interface DelivererOptions {
  readonly store: DeliveryStore;
  /** Who delivers, of several instances: not who runs the turns, because that may be nobody for hours. */
  readonly lock: Lock;
  readonly book: ChannelBook;
  readonly standings: ChannelStandings;
  readonly sender: Pick<Sender, 'send'>;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
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
  #isDue = false;
  /** Channels for which something may be waiting. */
  #known = new Set<string>();
  readonly #working = new Map<string, Promise<void>>();
  /** Until when, by `performance.now()`, channels are left alone to which nothing can be sent. */
  readonly #resting = new Map<string, number>();
  readonly #worksLane = new Lane(WORKING_WIDTH);
  readonly #failsLane = new Lane(FAILING_WIDTH);
  #lookAt = 0;
  #fault: string | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: DelivererOptions) {
    this.#options = options;
    this.#tidying = new OutboxTidying(options);
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Gives up attempts that are under way: they are made again. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.wake();
    await this.#running;
    await Promise.all(this.#working.values());
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
    for (const { channel } of some) this.#known.add(channel);
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
    if (this.#known.size === 0) {
      if (this.#working.size === 0 && lock.isHeld) await lock.release();
      return lookMs;
    }
    if ((await lock.take()).state !== 'LEADING') return RETRY_MS;
    await this.#tidying.runWhereDue();
    return this.#startWorkers(lookMs);
  }

  /** Reads what others have added and changed. */
  async #look(): Promise<void> {
    const { store, standings, book } = this.#options;
    await book.refresh();
    await standings.refresh();
    this.#known = new Set(this.#working.keys());
    for (const channel of (await store.waiting()).keys()) this.#known.add(channel);
  }

  #startWorkers(lookMs: number): number {
    let soonest = lookMs;
    for (const channel of this.#known) {
      if (this.#working.has(channel)) continue;
      const restMs = (this.#resting.get(channel) ?? 0) - performance.now();
      const waitMs = Math.max(this.#options.standings.dueIn(channel), restMs);
      if (waitMs > 0) soonest = Math.min(soonest, waitMs);
      else this.#working.set(channel, this.#work(channel));
    }
    return Math.max(1, soonest);
  }

  /** Tells a channel what waits for it, until nothing does, or it fails. Never throws. */
  async #work(channel: string): Promise<void> {
    try {
      await this.#tellAll(channel);
    } catch (error) {
      this.#resting.set(channel, performance.now() + RETRY_MS);
      if (!(error instanceof DatabaseUnavailableError)) this.#meet(error as Error);
    } finally {
      this.#working.delete(channel);
      this.wake();
    }
  }

  async #tellAll(channel: string): Promise<void> {
    this.#resting.delete(channel);
    for (;;) {
      // What is added from now on makes it known again.
      this.#known.delete(channel);
      const batch = await this.#options.store.next(channel, BATCH);
      if (batch.length === 0) return;
      this.#known.add(channel);
      for (const delivery of batch) if (!(await this.#tell(delivery))) return;
    }
  }

  /** @returns whether to go on with the next one */
  async #tell(delivery: Delivery): Promise<boolean> {
    const { lock, book, standings, store, sender, now } = this.#options;
    const { signal } = this.#stopped;
    const { channel: id, message } = delivery;
    const owned = book.channels().get(id);
    const { problem, failures } = standings.of(id);
    if (!owned || problem !== null) return this.#leave(delivery, problem !== null);
    const lane = failures > 0 ? this.#failsLane : this.#worksLane;
    const sent = await lane.run(async () =>
      // Meanwhile another instance may deliver.
      lock.isHeld && !signal.aborted ? sender.send(owned.channel, message, signal) : null,
    );
    if (sent === null) return false;
    if (sent.outcome === 'DELIVERED') {
      await store.markDelivered(delivery, now());
      await standings.clear(id);
      return true;
    }
    if (signal.aborted) return false;
    if (sent.outcome === 'UNREADABLE') return this.#leave(delivery, false, DAY_MS);
    const standing = await standings.fail(id, sent);
    if (standing.problem !== null) await this.#switchOff(owned, standing);
    else logFailure(this.#options.log, owned, standing);
    return false;
  }

  /** Leaves what cannot be told now for a while, or gives it up. */
  async #leave(
    { channel, addedAt }: Delivery,
    isOff: boolean,
    afterMs = GONE_AFTER_MS,
  ): Promise<boolean> {
    const { store, now } = this.#options;
    if (isOff || now() - addedAt > afterMs) await store.drop(channel, 0);
    else this.#resting.set(channel, performance.now() + REST_MS);
    return false;
  }

  async #switchOff(owned: OwnedChannel, standing: ChannelStanding): Promise<void> {
    const { store, log } = this.#options;
    const lost = await store.drop(standing.channel, 0);
    logOff(log, owned, standing, lost);
  }
}
