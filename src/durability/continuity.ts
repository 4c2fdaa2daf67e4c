import type { Logger } from '../log.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import type { CycleStore } from '../history/cycle-store.js';
import type { Backlog } from './backlog.js';
import type { StrategyFeed } from '../feeds/strategy-feed.js';

interface ContinuityOptions {
  readonly feed: CycleFeed;
  readonly cycles: Pick<CycleStore, 'ids' | 'span'>;
  readonly backlog: Pick<Backlog, 'turns'>;
  readonly strategy: Pick<StrategyFeed, 'control' | 'rewind'>;
  readonly log: Logger;
}

/**
 * What is stored of the newest announced turn: the same; another or none, so that the feed was taken back,
 * and the control data are others, too; or nothing yet, since the replay of the backlog has to say it.
 */
export type Standing = 'STANDS' | 'REWOUND' | 'UNDECIDED';

/**
 * Notices that the database was put back under a running server, by a restore or because a partition
 * healed in favour of another instance: what was announced is then not what is stored. Everything goes
 * on from the last turn that is.
 */
export class Continuity {
  readonly #options: ContinuityOptions;
  #last: { readonly at: Date; readonly from: number; readonly to: number } | null = null;

  constructor(options: ContinuityOptions) {
    this.#options = options;
  }

  /** What an operator should know, in words. */
  get warnings(): string[] {
    if (!this.#last) return [];
    const { at, from, to } = this.#last;
    return [
      `At ${at.toISOString()} the turns ${to + 1} to ${from}, which had been pushed, were not stored so: the database was put back. Their subscribers were closed.`,
    ];
  }

  /**
   * Holds the newest announced turn against what is stored, and takes the feed back where they differ.
   * @throws {DatabaseUnavailableError}
   */
  async check(): Promise<Standing> {
    const { feed, cycles, backlog, strategy, log } = this.#options;
    const latest = feed.latestTurn;
    if (latest === 0) return 'STANDS';
    if (backlog.turns.includes(latest)) return 'UNDECIDED';
    const announced = feed.announced.get(latest);
    if ((await cycles.ids([latest])).get(latest) === announced) return 'STANDS';
    // Behind a new primary a majority may not have all of it yet: what is missing then is for good.
    const stored = await cycles.ids([...feed.announced.keys()], { isConfirmed: true });
    const [control, span] = await Promise.all([strategy.control(), cycles.span()]);
    const gone = Math.max(control.purgedThrough, control.droppedThrough);
    if (feed.latestTurn !== latest) return 'UNDECIDED';
    if (latest <= gone) return 'STANDS';
    const standing = [...feed.announced].filter(([turn, id]) => stored.get(turn) === id);
    const stands = Math.max(gone, ...standing.map(([turn]) => turn));
    if (stands === latest) return 'STANDS';
    // Of what was announced longer ago nothing is known: nobody is sent all of it again.
    const goesOnAfter =
      stands > gone ? stands : Math.max(gone, Math.min(latest, span?.latest ?? 0));
    this.#last = { at: new Date(), from: latest, to: stands };
    log.error(
      { code: 'REWOUND', announced: latest, stands },
      `the database was put back: the turns after ${stands} are not stored as they were pushed`,
    );
    strategy.rewind(control);
    feed.rewind({ stands, goesOnAfter });
    return 'REWOUND';
  }
}
