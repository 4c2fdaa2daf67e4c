import { DatabaseUnavailableError } from '../../history/database-unavailable.js';
import type { Logger } from '../../log.js';
import type { ChannelBook, OwnedChannel } from './channel-book.js';
import { logFailure, logOff } from './channel-log.js';
import type { ChannelStandings } from './channel-standings.js';
import type { ChannelStanding, Delivery, DeliveryStore } from './delivery-store.js';
import { Lane } from './lane.js';
import type { Sender } from './sender.js';
import { WorkerFaults } from './worker-faults.js';

/** How soon after something went wrong with what is stored of a channel it is tried again, milliseconds. */
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

export interface WorkersOptions {
  readonly store: DeliveryStore;
  readonly lock: { readonly isHeld: boolean };
  readonly book: ChannelBook;
  readonly standings: ChannelStandings;
  readonly sender: Pick<Sender, 'send'>;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Tell the channels for which something waits, each channel by itself and in order. */
export class Workers {
  readonly #options: WorkersOptions;
  readonly #ended: AbortSignal;
  readonly #onDone: () => void;
  readonly #faults: WorkerFaults;
  /** Channels for which something may be waiting. */
  #known = new Set<string>();
  readonly #working = new Map<string, Promise<void>>();
  /** Until when, by `performance.now()`, channels are left alone to which nothing can be sent. */
  readonly #resting = new Map<string, number>();
  readonly #worksLane = new Lane(WORKING_WIDTH);
  readonly #failsLane = new Lane(FAILING_WIDTH);

  /** @param onDone called each time that one has ended */
  constructor(options: WorkersOptions, ended: AbortSignal, onDone: () => void) {
    this.#options = options;
    this.#ended = ended;
    this.#onDone = onDone;
    this.#faults = new WorkerFaults(options.log);
  }

  /** How many channels there are for which something may be waiting. */
  get size(): number {
    return this.#known.size;
  }

  /** Whether nothing is to be told, and nobody is just doing so. */
  get areIdle(): boolean {
    return this.#known.size === 0 && this.#working.size === 0;
  }

  /** Something was added for a channel. */
  add(channel: string): void {
    this.#known.add(channel);
  }

  /** These are the channels for which something waits, beside those that are just being told. */
  know(channels: Iterable<string>): void {
    this.#known = new Set([...this.#working.keys(), ...channels]);
  }

  /** @returns in how many milliseconds to start again, unless something happens before */
  start(longestMs: number): number {
    let soonest = longestMs;
    for (const channel of this.#known) {
      if (this.#working.has(channel)) continue;
      const restMs = (this.#resting.get(channel) ?? 0) - performance.now();
      const waitMs = Math.max(this.#options.standings.dueIn(channel), restMs);
      if (waitMs > 0) soonest = Math.min(soonest, waitMs);
      else this.#working.set(channel, this.#work(channel));
    }
    return Math.max(1, soonest);
  }

  /** Until all have ended. */
  async end(): Promise<void> {
    await Promise.all(this.#working.values());
  }

  /** Tells a channel what waits for it, until nothing does, or it fails. Never throws. */
  async #work(channel: string): Promise<void> {
    try {
      await this.#tellAll(channel);
      this.#faults.forget(channel);
    } catch (error) {
      this.#resting.set(channel, performance.now() + RETRY_MS);
      const isOwn = !(error instanceof DatabaseUnavailableError) && !this.#ended.aborted;
      if (isOwn) this.#faults.meet(channel, error as Error);
    } finally {
      this.#working.delete(channel);
      this.#onDone();
    }
  }

  async #tellAll(channel: string): Promise<void> {
    this.#resting.delete(channel);
    const batch: Delivery[] = [];
    for (let goesOn = true; goesOn;) {
      const hasFailed = this.#options.standings.of(channel).failures > 0;
      const lane = hasFailed ? this.#failsLane : this.#worksLane;
      goesOn = await lane.run(async () => {
        // Not before there is a place, and no more than is told at once where others wait for one.
        if (batch.length === 0) batch.push(...(await this.#next(channel, lane.isFull ? 1 : BATCH)));
        const delivery = batch.shift();
        return delivery !== undefined && this.#tell(delivery);
      });
    }
  }

  async #next(channel: string, count: number): Promise<readonly Delivery[]> {
    // What is added from now on makes it known again.
    this.#known.delete(channel);
    const found = await this.#options.store.next(channel, count);
    if (found.length > 0) this.#known.add(channel);
    return found;
  }

  /** @returns whether to go on with the next one */
  async #tell(delivery: Delivery): Promise<boolean> {
    const { lock, book, standings, store, sender, now } = this.#options;
    const { channel: id, message } = delivery;
    const owned = book.channels().get(id);
    const { problem } = standings.of(id);
    if (!owned || problem !== null) return this.#leave(delivery, problem !== null);
    // Meanwhile another instance may deliver.
    if (!lock.isHeld || this.#ended.aborted) return false;
    const sent = await sender.send(owned.channel, message, this.#ended);
    if (sent.outcome === 'DELIVERED') {
      await store.markDelivered(delivery, now());
      await standings.clear(id);
      return true;
    }
    if (this.#ended.aborted) return false;
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
