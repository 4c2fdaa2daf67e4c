import type { TurnFailure } from '../history/turn-failure.js';
import { composeCycle, type CycleFigures } from '../domain/cycle.js';
import type { Frame } from '../domain/frame.js';
import type { Universe } from '../domain/asset.js';
import type { Logger } from '../log.js';
import { Departures, departureWords } from '../market/departures.js';
import type { Commit, Ledger, TurnBase } from './ledger.js';
import type { Lease } from '../cluster/lease.js';
import type { MarketSource } from '../market/market-port.js';
import { observeInTime } from '../market/observe-in-time.js';
import { CycleRefusedError } from '../history/cycle-store.js';
import { DatabaseUnavailableError, unlessAway } from '../history/database-unavailable.js';
import { type Clock } from '../time/clock.js';
import { type NotificationChannel } from '../feeds/notifications.js';
import { symbolShortage } from '../market/shortage.js';
import type { Slices } from '../scheduling/slices.js';
import { BacklogError, type Backlog } from '../durability/backlog.js';

export type TurnOutcome =
  | { readonly kind: 'COMPLETED'; readonly figures: CycleFigures }
  /** Another instance runs the turns. */
  | { readonly kind: 'FOLLOWING'; readonly retryInMs: number }
  | {
      readonly kind: 'FAILED' | 'SKIPPED';
      readonly failure: TurnFailure;
      /** How long the exchange wants us to wait, milliseconds. */
      readonly retryInMs?: number;
    }
  /** The recording is over: no turn will follow. */
  | { readonly kind: 'ENDED'; readonly failure: TurnFailure };

/** The parts of a turn, in order. */
export const TURN_STAGES = ['PREPARE', 'OBSERVE', 'COMPUTE', 'STORE'] as const;
export type TurnStage = (typeof TURN_STAGES)[number];

/** How long a turn waits for the pushes of the one before, milliseconds. */
const LONGEST_WAIT_MS = 1_000;

interface TurnRunnerOptions {
  readonly market: MarketSource;
  readonly ledger: Ledger;
  readonly backlog: Pick<Backlog, 'turns'>;
  readonly lease: Pick<Lease, 'take'>;
  readonly notifications: Pick<NotificationChannel, 'publish'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly universe: Universe;
  readonly staleAfterMs: number;
  /** How far apart turns begin, milliseconds. */
  readonly intervalMs: number;
  readonly onStage?: (stage: TurnStage, ms: number) => void;
  /** What else is done for callers holds back while a turn is under way. */
  readonly slices?: Pick<Slices, 'first' | 'quiet'>;
}

/** Runs one turn: fetch, compute, save, publish. A turn that does not complete leaves nothing. */
export class TurnRunner {
  readonly #options: TurnRunnerOptions;
  /** Turns, and steps of the replay, one at a time. */
  #queue: Promise<unknown> = Promise.resolve();

  readonly #departures = new Departures();

  constructor(options: TurnRunnerOptions) {
    this.#options = options;
  }

  /** What an operator should know, in words. */
  get warnings(): readonly string[] {
    const { left } = this.#departures;
    return left.length > 0 ? [departureWords(left)] : [];
  }

  /**
   * Runs one turn, anew if a purge or a restore overtakes it; an abort of the signal ends its reading
   * of the exchange as a timeout would.
   */
  run(signal: AbortSignal): Promise<TurnOutcome> {
    const { slices } = this.#options;
    return this.#inTurn(async () => {
      await slices?.quiet(LONGEST_WAIT_MS);
      const turn = this.#begin(signal);
      return slices ? slices.first(turn) : turn;
    });
  }

  async #begin(signal: AbortSignal): Promise<TurnOutcome> {
    const outcome = await this.#attempt(signal);
    // Nothing went wrong: there is only less to build upon.
    const isOvertaken =
      outcome.kind === 'FAILED' && ['PURGED', 'REWOUND'].includes(outcome.failure.code);
    return isOvertaken && !signal.aborted ? this.#attempt(signal) : outcome;
  }

  /**
   * Replays the backlog, a little at a time between turns, until it is empty, the database is away
   * again, another instance leads, or the signal is aborted.
   */
  async replayBacklog(signal: AbortSignal): Promise<void> {
    const { backlog, lease, ledger } = this.#options;
    const step = async (): Promise<boolean> => {
      if (signal.aborted) return false;
      const leadership = await lease.take();
      if (leadership.state !== 'LEADING') return false;
      await ledger.synchronise(leadership.isNew);
      return backlog.turns.length > 0;
    };
    const nextStep = () => unlessAway(this.#inTurn(step), () => false);
    while (backlog.turns.length > 0 && (await nextStep()));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #attempt(signal: AbortSignal): Promise<TurnOutcome> {
    const { market, lease, ledger, clock } = this.#options;
    const startedAt = clock.monotonic();
    const endOf = this.#stages();
    try {
      const leadership = await lease.take();
      if (leadership.state === 'FOLLOWING') {
        market.rest?.();
        await ledger.follow();
        return { kind: 'FOLLOWING', retryInMs: leadership.retryInMs };
      }
      const base = await ledger.prepare(leadership);
      endOf('PREPARE');
      return await this.#run(base, startedAt, signal, endOf);
    } catch (error) {
      if (error instanceof BacklogError) {
        const message = `the database is away, and ${error.message}`;
        return this.#notRun('SKIPPED', 'DATABASE_UNAVAILABLE', message);
      }
      ledger.markUnsure();
      if (error instanceof CycleRefusedError) {
        return this.#notRun('FAILED', 'CYCLE_REFUSED', error.message);
      }
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      return this.#notRun('SKIPPED', 'DATABASE_UNAVAILABLE', error.message);
    }
  }

  async #run(
    base: TurnBase,
    /** By the monotonic clock. */
    startedAt: number,
    signal: AbortSignal,
    endOf: (stage: TurnStage) => void,
  ): Promise<TurnOutcome> {
    const { market, ledger, notifications, clock, universe, staleAfterMs } = this.#options;
    const { control, previous, turn } = base;
    const before = previous?.cycle.frame ?? null;
    const after = before?.observedAt ?? null;
    const result = await observeInTime(market, { after, before }, signal);
    endOf('OBSERVE');
    if (!result.ok) {
      const { code, message, retryInMs } = result.failure;
      const kind =
        code === 'REPLAY_ENDED' ? 'ENDED' : code === 'ACCOUNT_UNREADABLE' ? 'SKIPPED' : 'FAILED';
      return this.#notRun(kind, code, message, retryInMs);
    }
    const { frame, holdings, listed } = result.observation;
    this.#warnOfDepartures(before, frame, listed);
    const shortage = symbolShortage(frame, before, listed);
    if (shortage !== null) return this.#notRun('SKIPPED', 'TOO_FEW_SYMBOLS', shortage);

    // Both by the same setting of the clock, so that they are as far apart as the turn was long.
    const completedAt = clock.now();
    const figures = composeCycle({
      turn,
      startedAt: Math.round(completedAt - (clock.monotonic() - startedAt)),
      completedAt,
      exchange: market.kind,
      universe,
      frame,
      holdings,
      config: control.strategy,
      staleAfterMs,
      intervalMs: market.intervalFor?.(this.#options.intervalMs) ?? this.#options.intervalMs,
      previous,
    });
    endOf('COMPUTE');
    const commit = await ledger.commit(figures, base);
    if (commit !== 'COMMITTED') return this.#notCommitted(commit, turn);
    endOf('STORE');
    notifications.publish({ kind: 'TURN', turn });
    return { kind: 'COMPLETED', figures };
  }

  /** Logs once which symbols have left. */
  #warnOfDepartures(before: Frame | null, frame: Frame, listed: readonly string[]): void {
    const { universe, log } = this.#options;
    if (before) this.#departures.expect(before, universe);
    const left = this.#departures.update(listed);
    this.#departures.expect(frame, universe);
    if (left.length > 0) log.warn(departureWords(left));
  }

  #notCommitted(commit: Exclude<Commit, 'COMMITTED'>, turn: number): TurnOutcome {
    switch (commit) {
      case 'LEASE_LOST':
        return { kind: 'FOLLOWING', retryInMs: 0 };
      case 'TURN_TAKEN':
        return this.#notRun('FAILED', commit, `turn ${turn} was stored by another process`);
      case 'PURGED':
        return this.#notRun('FAILED', commit, 'the turns before it were purged meanwhile');
      case 'REWOUND':
        return this.#notRun('FAILED', commit, 'the database was put back meanwhile');
    }
  }

  /** Measures the parts of a turn, each from the end of the one before. */
  #stages(): (stage: TurnStage) => void {
    let since = performance.now();
    return (stage) => {
      const now = performance.now();
      this.#options.onStage?.(stage, now - since);
      since = now;
    };
  }

  #notRun(
    kind: 'FAILED' | 'SKIPPED' | 'ENDED',
    code: string,
    message: string,
    retryInMs?: number,
  ): TurnOutcome {
    const failure = { at: this.#options.clock.now(), code, message };
    return { kind, failure, ...(retryInMs !== undefined && { retryInMs }) };
  }
}
