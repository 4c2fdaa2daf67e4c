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
  #changes = 0;
  readonly #readable = new WeakMap<ChannelRecord, boolean>();

  constructor(options: ChannelStandingsOptions) {
    this.#options = options;
  }

  /** Reads what other instances have changed. @throws {DatabaseUnavailableError} */
  async refresh(): Promise<void> {
    for (;;) {
      const changes = this.#changes;
      const read = await this.#options.store.standings();
      // What was read may be older than what was changed here meanwhile.
      if (changes !== this.#changes) continue;
      this.#known = new Map(read.map((standing) => [standing.channel, standing]));
      return;
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

  /** Has a channel begin anew, where there is anything to forget. */
  async clear(channel: string): Promise<void> {
    if (!this.#known.has(channel)) return;
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
    this.#changes++;
    await this.#options.store.saveStanding(standing);
    this.#changes++;
    this.#known.set(standing.channel, standing);
  }
}

function fresh(channel: string): ChannelStanding {
  const never = { failingSince: null, failures: 0, nextAt: 0 };
  return { channel, ...never, problem: null, offSince: null, words: '' };
}
