import { composeCycle, type CycleFigures } from '../domain/cycle.js';
import type { Frame } from '../domain/frame.js';
import type { Universe } from '../domain/asset.js';
import type { CycleFeed } from './cycle-feed.js';
import type { Lease } from './lease.js';
import {
  DatabaseUnavailableError,
  type Clock,
  type CycleStore,
  type MarketSource,
  type NewsChannel,
  type TurnControl,
} from './ports.js';
import type { StrategyFeed } from './strategy-feed.js';

/** Why a turn was not stored. Times are milliseconds since 1970. */
export interface TurnFailure {
  readonly at: number;
  readonly code: string;
  readonly message: string;
  /** When it makes sense to try again, where that is known. */
  readonly retryAt?: number;
}

export type TurnOutcome =
  | { readonly kind: 'COMPLETED'; readonly figures: CycleFigures }
  /** Another instance runs the turns. */
  | { readonly kind: 'FOLLOWING'; readonly retryInMs: number }
  | { readonly kind: 'FAILED' | 'SKIPPED'; readonly failure: TurnFailure }
  /** The recording is over: no turn will follow. */
  | { readonly kind: 'ENDED'; readonly failure: TurnFailure };

export interface TurnRunnerOptions {
  readonly market: MarketSource;
  readonly cycles: CycleStore;
  readonly strategy: StrategyFeed;
  readonly feed: CycleFeed;
  readonly lease: Pick<Lease, 'take' | 'isHeld'>;
  readonly news: Pick<NewsChannel, 'tell'>;
  readonly clock: Clock;
  readonly universe: Universe;
  readonly staleAfterMs: number;
}

/** What the next turn builds upon. */
interface Ground {
  readonly control: TurnControl;
  readonly previous: CycleFigures | null;
  readonly turn: number;
}

/** Runs one turn: fetch, compute, save, publish. A turn that does not complete leaves nothing. */
export class TurnRunner {
  readonly #options: TurnRunnerOptions;
  /** False whenever memory may differ from the database: at first, and after a failed save. */
  #synchronised = false;

  constructor(options: TurnRunnerOptions) {
    this.#options = options;
  }

  /** `observedAt` of the newest stored cycle, null where there is none. */
  async lastObservedAt(): Promise<number | null> {
    const latest = await this.#options.cycles.latest();
    return latest?.frame.observedAt ?? null;
  }

  /** Runs one turn; an abort of the signal ends its reading of the exchange as a timeout would. */
  async run(signal: AbortSignal): Promise<TurnOutcome> {
    const startedAt = this.#options.clock.now();
    try {
      const lease = await this.#options.lease.take();
      if (!lease.held) return { kind: 'FOLLOWING', retryInMs: lease.retryInMs };
      // Whoever had it before may have stored turns that are not known here yet.
      if (lease.isNew) this.#synchronised = false;
      return await this.#run(startedAt, signal);
    } catch (error) {
      this.#synchronised = false;
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      return this.#notStored('FAILED', 'DATABASE_UNAVAILABLE', error.message);
    }
  }

  async #run(startedAt: number, signal: AbortSignal): Promise<TurnOutcome> {
    const { market, cycles, feed, lease, news, clock, universe, staleAfterMs } = this.#options;
    const { control, previous, turn } = await this.#ground();
    const after = previous?.cycle.frame.observedAt ?? null;
    const result = await market.observe({ after, signal });
    if (!result.ok) {
      const { code, message, retryAt } = result.failure;
      const kind =
        code === 'REPLAY_ENDED' ? 'ENDED' : code === 'ACCOUNT_UNREADABLE' ? 'SKIPPED' : 'FAILED';
      return this.#notStored(kind, code, message, retryAt);
    }
    const { frame, holdings } = result.observation;
    const shortage = symbolShortage(frame, previous?.cycle.frame ?? null, universe);
    if (shortage !== null) return this.#notStored('SKIPPED', 'TOO_FEW_SYMBOLS', shortage);

    const figures = composeCycle({
      turn,
      startedAt,
      completedAt: clock.now(),
      exchange: market.kind,
      universe,
      frame,
      holdings,
      config: control.strategy,
      staleAfterMs,
      previous,
    });
    // This process may have been paused for longer than the lease lasts.
    if (!lease.isHeld) return { kind: 'FOLLOWING', retryInMs: 0 };
    if ((await cycles.save(figures.cycle)) === 'TURN_TAKEN') {
      this.#synchronised = false;
      return this.#notStored('FAILED', 'TURN_TAKEN', `turn ${turn} was stored by another process`);
    }
    if (previous && (await this.#wasPurged(previous.cycle.turn))) {
      await cycles.remove(turn);
      this.#synchronised = false;
      return this.#notStored('FAILED', 'PURGED', 'the turns before it were purged meanwhile');
    }
    feed.announce(figures);
    news.tell({ kind: 'TURN', turn });
    return { kind: 'COMPLETED', figures };
  }

  async #ground(): Promise<Ground> {
    const { strategy, feed } = this.#options;
    const control = await strategy.control();
    feed.heed(control);
    if (!this.#synchronised) await this.#synchronise(control.purgedThrough);
    const latest = await feed.latest();
    const previous = latest && latest.cycle.turn > control.purgedThrough ? latest : null;
    return { control, previous, turn: (previous?.cycle.turn ?? control.purgedThrough) + 1 };
  }

  /** A purge by another process fences off the turn that was built upon what it purged. */
  async #wasPurged(turn: number): Promise<boolean> {
    return (await this.#options.strategy.purgedThrough()) >= turn;
  }

  /** Learns the newest stored cycle; one that was stored although its save seemed to fail is news. */
  async #synchronise(purgedThrough: number): Promise<void> {
    const { cycles, feed } = this.#options;
    let latest = await cycles.latest();
    // Left by a process that ended between a purge and taking its turn back.
    while (latest?.previousTurn && latest.previousTurn <= purgedThrough) {
      await cycles.remove(latest.turn);
      latest = await cycles.latest();
    }
    feed.forget();
    if (latest) feed.announce(feed.figuresOf(latest));
    this.#synchronised = true;
  }

  #notStored(
    kind: 'FAILED' | 'SKIPPED' | 'ENDED',
    code: string,
    message: string,
    retryAt?: number,
  ): TurnOutcome {
    const at = this.#options.clock.now();
    return { kind, failure: { at, code, message, ...(retryAt !== undefined && { retryAt }) } };
  }
}

/**
 * Says so when too little of the market is valid to make a turn: no symbol at a first turn, fewer
 * than half of the last stored turn's symbols at a later one. Symbols that the universe no longer
 * asks for do not count.
 */
function symbolShortage(frame: Frame, before: Frame | null, universe: Universe): string | null {
  const members = new Set(universe);
  const expected = (before?.tickers ?? []).filter(
    ({ base, quote }) => members.has(base) && members.has(quote),
  );
  if (expected.length === 0) {
    return frame.tickers.length > 0 ? null : 'no symbol of the universe has a valid price';
  }
  const valid = new Set(frame.tickers.map(({ symbol }) => symbol));
  const count = expected.filter(({ symbol }) => valid.has(symbol)).length;
  if (2 * count >= expected.length) return null;
  return `only ${count} of the last turn's ${expected.length} symbols are valid`;
}
