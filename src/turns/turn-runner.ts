import type { TurnFailure } from '../history/turn-failure.js';
import { composeCycle, type CycleFigures } from '../domain/cycle.js';
import type { Frame } from '../domain/frame.js';
import type { Universe } from '../domain/asset.js';
import type { Logger } from '../log.js';
import { Departures, departureWords } from '../market/departures.js';
import type { Entry, Ground, Ledger } from './ledger.js';
import type { Lease } from '../cluster/lease.js';
import type { MarketSource } from '../market/market-port.js';
import { observeInTime } from '../market/observe-in-time.js';
import { CycleRefusedError } from '../history/cycle-store.js';
import { DatabaseUnavailableError } from '../history/database-unavailable.js';
import { type Clock } from '../time/clock.js';
import { type NewsChannel } from '../feeds/news.js';
import { symbolShortage } from '../market/shortage.js';
import type { Slices } from '../scheduling/slices.js';
import { SpoolError, type Spool } from '../durability/spool.js';

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

export interface TurnRunnerOptions {
  readonly market: MarketSource;
  readonly ledger: Ledger;
  readonly spool: Pick<Spool, 'turns'>;
  readonly lease: Pick<Lease, 'take'>;
  readonly news: Pick<NewsChannel, 'tell'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly universe: Universe;
  readonly staleAfterMs: number;
  readonly onStage?: (stage: TurnStage, ms: number) => void;
  /** What else is done for callers holds back while a turn is under way. */
  readonly slices?: Pick<Slices, 'first' | 'quiet'>;
}

/** Runs one turn: fetch, compute, save, publish. A turn that does not complete leaves nothing. */
export class TurnRunner {
  readonly #options: TurnRunnerOptions;
  /** Turns, and the storing of what was kept aside, one at a time. */
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
   * Stores what was kept aside, a little at a time between turns, until that is done, not possible,
   * or the signal is aborted.
   */
  async settle(signal: AbortSignal): Promise<void> {
    const { spool, lease, ledger } = this.#options;
    const step = async (): Promise<boolean> => {
      if (signal.aborted) return false;
      const check = await lease.take();
      if (!check.held || check.outage) return false;
      await ledger.settle(check.isNew);
      return spool.turns.length > 0;
    };
    try {
      while (spool.turns.length > 0 && (await this.#inTurn(step)));
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #attempt(signal: AbortSignal): Promise<TurnOutcome> {
    const { lease, ledger, clock } = this.#options;
    const startedAt = clock.monotonic();
    const endOf = this.#stages();
    try {
      const check = await lease.take();
      if (!check.held) {
        await ledger.follow();
        return { kind: 'FOLLOWING', retryInMs: check.retryInMs };
      }
      const ground = await ledger.ground(check);
      endOf('PREPARE');
      return await this.#run(ground, startedAt, signal, endOf);
    } catch (error) {
      if (error instanceof SpoolError) {
        const message = `the database is away, and ${error.message}`;
        return this.#notStored('SKIPPED', 'DATABASE_UNAVAILABLE', message);
      }
      ledger.doubt();
      if (error instanceof CycleRefusedError) {
        return this.#notStored('FAILED', 'CYCLE_REFUSED', error.message);
      }
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      return this.#notStored('SKIPPED', 'DATABASE_UNAVAILABLE', error.message);
    }
  }

  async #run(
    ground: Ground,
    /** By the monotonic clock. */
    startedAt: number,
    signal: AbortSignal,
    endOf: (stage: TurnStage) => void,
  ): Promise<TurnOutcome> {
    const { market, ledger, news, clock, universe, staleAfterMs } = this.#options;
    const { control, previous, turn } = ground;
    const before = previous?.cycle.frame ?? null;
    const after = before?.observedAt ?? null;
    const result = await observeInTime(market, { after, before }, signal);
    endOf('OBSERVE');
    if (!result.ok) {
      const { code, message, retryInMs } = result.failure;
      const kind =
        code === 'REPLAY_ENDED' ? 'ENDED' : code === 'ACCOUNT_UNREADABLE' ? 'SKIPPED' : 'FAILED';
      return this.#notStored(kind, code, message, retryInMs);
    }
    const { frame, holdings, listed } = result.observation;
    this.#noteDepartures(before, frame, listed);
    const shortage = symbolShortage(frame, before, listed);
    if (shortage !== null) return this.#notStored('SKIPPED', 'TOO_FEW_SYMBOLS', shortage);

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
      previous,
    });
    endOf('COMPUTE');
    const entry = await ledger.enter(figures, ground);
    if (entry !== 'KEPT') return this.#refused(entry, turn);
    endOf('STORE');
    news.tell({ kind: 'TURN', turn });
    return { kind: 'COMPLETED', figures };
  }

  /** Says once which symbols have left. */
  #noteDepartures(before: Frame | null, frame: Frame, listed: readonly string[]): void {
    const { universe, log } = this.#options;
    if (before) this.#departures.expect(before, universe);
    const left = this.#departures.note(listed);
    this.#departures.expect(frame, universe);
    if (left.length > 0) log.warn(departureWords(left));
  }

  #refused(entry: Exclude<Entry, 'KEPT'>, turn: number): TurnOutcome {
    switch (entry) {
      case 'LEASE_LOST':
        return { kind: 'FOLLOWING', retryInMs: 0 };
      case 'TURN_TAKEN':
        return this.#notStored('FAILED', entry, `turn ${turn} was stored by another process`);
      case 'PURGED':
        return this.#notStored('FAILED', entry, 'the turns before it were purged meanwhile');
      case 'REWOUND':
        return this.#notStored('FAILED', entry, 'the database was put back meanwhile');
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

  #notStored(
    kind: 'FAILED' | 'SKIPPED' | 'ENDED',
    code: string,
    message: string,
    retryInMs?: number,
  ): TurnOutcome {
    const failure = { at: this.#options.clock.now(), code, message };
    return { kind, failure, ...(retryInMs !== undefined && { retryInMs }) };
  }
}
