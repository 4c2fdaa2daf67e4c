import type { ChannelRecord } from '../channels/channel.js';
import type { DeliveryStore } from '../channels/delivery-store.js';
import { Lane } from '../channels/lane.js';
import type { HealthMessage } from '../channels/message.js';
import type { Sender } from '../channels/sender.js';

/** The pauses after the first failure of a channel and after many, milliseconds; between them they double. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** How many attempts may be under way: to channels that work, and to those that did not the last time. */
const WORKING_WIDTH = 64;
const FAILING_WIDTH = 64;

interface AwayTellingOptions {
  readonly sender: Pick<Sender, 'send'>;
  readonly store: Pick<DeliveryStore, 'markDelivered'>;
  /** Milliseconds since 1970, and by the monotonic clock. */
  readonly clock: { now(): number; monotonic(): number };
}

interface Told {
  readonly message: HealthMessage;
  isRecorded: boolean;
}

/** How telling one channel stands. */
interface Attempts {
  readonly channel: ChannelRecord;
  /** What it has been told, of which what is recorded stays until it waits no longer. */
  readonly told: Map<string, Told>;
  failures: number;
  /** Not before this, by the monotonic clock. */
  dueAt: number;
  underWay: Promise<void> | null;
}

/**
 * Tells channels of notices while the database, in which messages wait otherwise, is away: from memory, in
 * order for each channel, each channel by itself. What was told so is recorded once the database is back.
 */
export class AwayTelling {
  readonly #options: AwayTellingOptions;
  readonly #channels = new Map<string, Attempts>();
  readonly #stopped = new AbortController();
  readonly #worksLane = new Lane(WORKING_WIDTH);
  readonly #failsLane = new Lane(FAILING_WIDTH);
  #isRecording = false;

  constructor(options: AwayTellingOptions) {
    this.#options = options;
  }

  /**
   * Tells channels what they have not been told yet, where it is time to.
   * @param messages all that wait for the database
   */
  tell(channels: readonly ChannelRecord[], messages: readonly HealthMessage[]): void {
    this.#forgetRecorded(new Set(messages.map(({ id }) => id)));
    for (const channel of channels) {
      const attempts = this.#attemptsOf(channel);
      const rest = messages.filter(({ id }) => !attempts.told.has(id));
      const isDue = this.#options.clock.monotonic() >= attempts.dueAt;
      if (rest.length === 0 || !isDue || attempts.underWay || this.#isRecording) continue;
      attempts.underWay = this.#tellOne(attempts, rest);
    }
  }

  /**
   * Records what was told, so that nobody tells it again; attempts that are under way are waited for.
   * @throws {DatabaseUnavailableError}
   */
  async record(): Promise<void> {
    this.#isRecording = true;
    try {
      await Promise.all([...this.#channels.values()].flatMap(({ underWay }) => underWay ?? []));
      await this.#recordAll();
    } finally {
      this.#isRecording = false;
    }
  }

  async #recordAll(): Promise<void> {
    const { store, clock } = this.#options;
    for (const { channel, told } of this.#channels.values()) {
      for (const each of told.values()) {
        if (each.isRecorded) continue;
        const { message } = each;
        const addedAt = clock.now();
        await store.markDelivered({ channel: channel.id, number: 0, addedAt, message }, addedAt);
        each.isRecorded = true;
      }
    }
  }

  #forgetRecorded(waiting: ReadonlySet<string>): void {
    for (const { told } of this.#channels.values()) {
      for (const [id, { isRecorded }] of told) {
        if (isRecorded && !waiting.has(id)) told.delete(id);
      }
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #tellOne(attempts: Attempts, messages: readonly HealthMessage[]): Promise<void> {
    const { sender, clock } = this.#options;
    const { signal } = this.#stopped;
    for (const message of messages) {
      const lane = attempts.failures > 0 ? this.#failsLane : this.#worksLane;
      const sent = await lane.run(async () =>
        signal.aborted || this.#isRecording ? null : sender.send(attempts.channel, message, signal),
      );
      if (sent === null) break;
      if (sent.outcome !== 'DELIVERED') {
        const pause = Math.min(FIRST_PAUSE_MS * 2 ** attempts.failures++, LONGEST_PAUSE_MS);
        attempts.dueAt = clock.monotonic() + Math.max(pause, sent.waitMs);
        break;
      }
      attempts.told.set(message.id, { message, isRecorded: false });
      attempts.failures = 0;
    }
    attempts.underWay = null;
  }

  #attemptsOf(channel: ChannelRecord): Attempts {
    const known = this.#channels.get(channel.id);
    const fresh = { told: new Map(), failures: 0, dueAt: 0, underWay: null };
    const attempts = known ? Object.assign(known, { channel }) : { channel, ...fresh };
    this.#channels.set(channel.id, attempts);
    return attempts;
  }
}
