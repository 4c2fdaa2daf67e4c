import type { ChannelRecord, ChannelState } from './channel.js';
import type { ChannelStanding, DeliveryStore } from './delivery-store.js';
import type { SecretSeal } from './secret-seal.js';
import type { Sent } from './sender.js';

/** The pauses after the first failure and after many, milliseconds; between them they double. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** A channel is given up after so long without success, milliseconds, and so many attempts at least. */
const DAY_MS = 24 * 60 * 60_000;
const FEWEST_ATTEMPTS = 10;

interface ChannelStandingsOptions {
  readonly store: Pick<DeliveryStore, 'standings' | 'saveStanding'>;
  readonly seal: Pick<SecretSeal, 'open'>;
  readonly now: () => number;
  /** From 0 to 1: spreads attempts that failed at the same time. */
  readonly random?: () => number;
}

/** How the channels stand, as last read; what is changed here is stored. */
export class ChannelStandings {
  readonly #options: ChannelStandingsOptions;
  #known = new Map<string, ChannelStanding>();
  /** For each read that is under way: the channels that were changed here meanwhile. */
  readonly #changed = new Set<Set<string>>();
  readonly #readable = new WeakMap<ChannelRecord, boolean>();

  constructor(options: ChannelStandingsOptions) {
    this.#options = options;
  }

  /** Reads what other instances have changed. @throws {DatabaseUnavailableError} */
  async refresh(): Promise<void> {
    const changed = new Set<string>();
    this.#changed.add(changed);
    try {
      const read = await this.#options.store.standings();
      const known = new Map(read.map((standing) => [standing.channel, standing]));
      // What was read of these may be older.
      for (const channel of changed) {
        const ours = this.#known.get(channel);
        if (ours) known.set(channel, ours);
        else known.delete(channel);
      }
      this.#known = known;
    } finally {
      this.#changed.delete(changed);
    }
  }

  /** Of those channels that have failed, or are off. */
  get failing(): Iterable<ChannelStanding> {
    return this.#known.values();
  }

  of(channel: string): ChannelStanding {
    return this.#known.get(channel) ?? fresh(channel);
  }

  stateOf(channel: ChannelRecord): ChannelState {
    const { problem } = this.of(channel.id);
    if (!this.#isReadable(channel)) return { enabled: false, problem: 'SECRET_UNREADABLE' };
    return { enabled: problem === null, problem };
  }

  /** Has a channel begin anew, where anything is known to forget. */
  async clear(channel: string): Promise<void> {
    if (this.#known.has(channel)) await this.renew(channel);
  }

  /** Has a channel begin anew, whatever another instance has found since this one has last read. */
  async renew(channel: string): Promise<void> {
    await this.#save(fresh(channel));
    this.#known.delete(channel);
  }

  /** Counts a failure. @returns the standing: it may be off from now on */
  async fail(channel: string, { outcome, words, waitMs }: Sent): Promise<ChannelStanding> {
    const { now, random = Math.random } = this.#options;
    const before = this.of(channel);
    const at = now();
    const failingSince = before.failingSince ?? at;
    const failures = before.failures + 1;
    const grown = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
    const pause = Math.max(grown * (0.5 + 0.5 * random()), waitMs);
    const isOver = failures >= FEWEST_ATTEMPTS && at - failingSince >= DAY_MS;
    const problem = outcome === 'GONE' ? 'GONE' : isOver ? 'UNREACHABLE' : null;
    const offSince = problem === null ? null : at;
    const nextAt = problem === null ? at + pause : 0;
    const standing: ChannelStanding = {
      channel,
      failingSince,
      failures,
      nextAt,
      problem,
      offSince,
      words,
    };
    await this.#save(standing);
    return standing;
  }

  /** In how many milliseconds a channel may be told something; 0: at once. */
  dueIn(channel: string): number {
    const wait = this.of(channel).nextAt - this.#options.now();
    // Somebody may have set the clock back.
    return Math.min(Math.max(0, wait), DAY_MS);
  }

  /** The key is the same for as long as this runs. */
  #isReadable(channel: ChannelRecord): boolean {
    const known = this.#readable.get(channel);
    if (known !== undefined) return known;
    const isReadable = this.#options.seal.open(channel) !== null;
    this.#readable.set(channel, isReadable);
    return isReadable;
  }

  async #save(standing: ChannelStanding): Promise<void> {
    const { channel } = standing;
    for (const changed of this.#changed) changed.add(channel);
    await this.#options.store.saveStanding(standing);
    for (const changed of this.#changed) changed.add(channel);
    this.#known.set(channel, standing);
  }
}

function fresh(channel: string): ChannelStanding {
  const never = { failingSince: null, failures: 0, nextAt: 0 };
  return { channel, ...never, problem: null, offSince: null, words: '' };
}
