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

  /** Whether the turn that was announced last is in the backlog: its replay will say whether it stands. */
  get isUndecided(): boolean {
    const { feed, backlog } = this.#options;
    return backlog.turns.includes(feed.latestTurn);
  }

  /**
   * Holds the newest announced turn against what is stored, and takes the feed back where they differ.
   * @returns whether it has: then the control data are others, too
   * @throws {DatabaseUnavailableError}
   */
  async check(): Promise<boolean> {
    const { feed, cycles, strategy, log } = this.#options;
    const latest = feed.latestTurn;
    if (latest === 0 || this.isUndecided) return false;
    if ((await cycles.ids([latest])).get(latest) === feed.announced.get(latest)) return false;
    // Behind a new primary a majority may not have all of it yet: what is missing then is for good.
    const stored = await cycles.ids([...feed.announced.keys()], { isConfirmed: true });
    const [control, span] = await Promise.all([strategy.control(), cycles.span()]);
    const gone = Math.max(control.purgedThrough, control.droppedThrough);
    if (latest <= gone || feed.latestTurn !== latest) return false;
    const standing = [...feed.announced].filter(([turn, id]) => stored.get(turn) === id);
    const stands = Math.max(gone, ...standing.map(([turn]) => turn));
    if (stands === latest) return false;
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
    return true;
  }
}
