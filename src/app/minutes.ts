import type { Lease } from '../cluster/lease.js';
import type { Backlog } from '../durability/backlog.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import type { Load } from '../graphql/load.js';
import type { Logger } from '../log.js';
import type { TurnTally } from '../turns/turn-tally.js';

const MINUTE_MS = 60_000;

interface MinutesOptions {
  readonly feed: Pick<CycleFeed, 'latestTurn'>;
  readonly tally: Pick<TurnTally, 'of' | 'late'>;
  readonly lease: Pick<Lease, 'isHeld'>;
  readonly backlog: Pick<Backlog, 'turns'>;
  readonly load: () => Load;
  readonly log: Logger;
  readonly everyMs?: number;
}

/** What only grows, so that a minute is what lies between two looks. */
type Totals = Readonly<
  Record<'completed' | 'skipped' | 'failed' | 'late' | 'pushes' | 'slowConsumers', number>
>;

/** A line of the log each minute, for whoever watches that and nothing else. */
export class Minutes {
  readonly #options: MinutesOptions;
  #timer: NodeJS.Timeout | null = null;
  #before: Totals;

  constructor(options: MinutesOptions) {
    this.#options = options;
    this.#before = this.#totals();
  }

  start(): void {
    this.#timer = setInterval(() => this.#tell(), this.#options.everyMs ?? MINUTE_MS).unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  #tell(): void {
    const { feed, lease, backlog, load, log } = this.#options;
    const [totals, before] = [this.#totals(), this.#before];
    this.#before = totals;
    const since = (name: keyof Totals): number => totals[name] - before[name];
    const { sockets, subscribers } = load();
    log.info(
      {
        latestTurn: feed.latestTurn,
        turns: since('completed'),
        skipped: since('skipped'),
        failed: since('failed'),
        late: since('late'),
        pushes: since('pushes'),
        listeners: subscribers,
        sockets,
        slowConsumers: since('slowConsumers'),
        spooled: backlog.turns.length,
        leads: lease.isHeld,
      },
      'the last minute',
    );
  }

  #totals(): Totals {
    const { tally, load } = this.#options;
    const { pushedMessages, slowConsumers } = load();
    return {
      completed: tally.of('COMPLETED'),
      skipped: tally.of('SKIPPED'),
      failed: tally.of('FAILED'),
      late: tally.late,
      pushes: pushedMessages,
      slowConsumers,
    };
  }
}
