import type { ManualRun } from '../cluster/manual-run.js';
import type { CycleFigures } from '../domain/cycle.js';
import type { Logger } from '../log.js';
import type { Clock } from '../time/clock.js';
import type { TurnFailure } from '../history/turn-failure.js';
import type { TurnOutcome, TurnRunner } from './turn-runner.js';
import { latenessWords } from './lateness.js';
import { TurnBackoff } from './turn-backoff.js';
import type { TurnReport, TurnTiming } from './turn-tally.js';
import { TurnTimer } from './turn-timer.js';

/** A manual run so soon after the last turn gets that one, milliseconds. */
const FRESH_MS = 1_000;

/** How the turns are going. Times are milliseconds since 1970, by the clock as it stands now. */
export interface MetronomeStatus {
  /** Null while none is planned here: stopped, following another instance, or the recording is over. */
  readonly nextTurnAt: number | null;
  readonly lastFailure: TurnFailure | null;
  /** Whether another instance runs the turns. */
  readonly isFollowing: boolean;
  /** What keeps turns from completing here, in words; null while nothing does. */
  readonly hindrance: string | null;
  /** Whether the recording is over. */
  readonly hasEnded: boolean;
  readonly warnings: readonly string[];
}

export interface MetronomeOptions {
  readonly runner: TurnRunner;
  readonly clock: Clock;
  readonly log: Logger;
  readonly intervalMs: number;
  readonly onTurn?: (report: TurnReport) => void;
  readonly onSkipped?: (failure: TurnFailure) => void;
  /** A turn was not completed, whether it was skipped or failed. */
  readonly onMissed?: (failure: TurnFailure) => void;
  /** Has the instance that runs the turns run one. */
  readonly runElsewhere?: () => Promise<ManualRun>;
  /** From 0 to 1: spreads the attempts of many who failed at the same time. */
  readonly random?: () => number;
}

/**
 * Starts a turn every interval, one at a time, whatever is done to the wall clock. A turn that outlasts
 * the interval makes the next one late. After failures the pauses double, up to 30 s or the interval,
 * less a random part of up to a half, and a named time is respected.
 */
export class Metronome {
  readonly #options: MetronomeOptions;
  readonly #abort = new AbortController();
  readonly #timer: TurnTimer;
  readonly #backoff: TurnBackoff;
  #underWay: Promise<TurnOutcome> | null = null;
  #stopped = true;
  #ended: TurnFailure | null = null;
  #isFollowing = false;
  #waitsForDatabase = false;
  #lastFailure: TurnFailure | null = null;
  /** Why the last turn did not complete, if it did not. */
  #problem: string | null = null;
  /** When the turn under way began, by the monotonic clock. */
  #begun = 0;
  /** How long the turn before took, milliseconds. */
  #tookMs = 0;
  /** The last turn that completed here, and when by the monotonic clock. */
  #last: { readonly figures: CycleFigures; readonly completedAt: number } | null = null;

  constructor(options: MetronomeOptions) {
    this.#options = options;
    this.#backoff = new TurnBackoff(options.intervalMs, options.random);
    this.#timer = new TurnTimer(options.clock, (due) => void this.#turn(due));
  }

  /** Begins with a turn at once. */
  start(): void {
    this.#stopped = false;
    this.#timer.plan(this.#timer.now());
  }

  /**
   * Starts no further turn and waits for the one under way, which is given `graceMs` to be done
   * with the exchange; what has been read by then is still stored.
   */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    this.#timer.cancel();
    const grace = setTimeout(() => this.#abort.abort(), graceMs);
    await this.#underWay?.catch(() => undefined);
    clearTimeout(grace);
    this.#abort.abort();
  }

  /**
   * Joins a turn that is under way; gives the last one if it completed under 1 s ago; otherwise
   * runs a turn now, and the metronome counts on from it.
   */
  async runNow(): Promise<ManualRun> {
    const joined = this.#underWay;
    if (joined === null && this.#last !== null) {
      const { figures, completedAt } = this.#last;
      const age = this.#options.clock.monotonic() - completedAt;
      if (age < FRESH_MS) return { ok: true, figures, ran: false };
    }
    if (joined === null && this.#stopped) {
      return this.#notRun('STOPPED', 'the server is stopping');
    }
    const outcome = await (joined ?? this.#turn());
    if (outcome.kind === 'FOLLOWING') return this.#runElsewhere();
    return outcome.kind === 'COMPLETED'
      ? { ok: true, figures: outcome.figures, ran: true }
      : { ok: false, kind: outcome.kind, failure: outcome.failure };
  }

  #runElsewhere(): Promise<ManualRun> {
    const { runElsewhere } = this.#options;
    if (runElsewhere) return runElsewhere();
    return Promise.resolve(this.#notRun('FOLLOWING', 'another instance runs the turns'));
  }

  #notRun(code: string, message: string): ManualRun {
    return { ok: false, kind: 'FAILED', failure: this.#failure(code, message) };
  }

  #failure(code: string, message: string): TurnFailure {
    return { at: this.#options.clock.now(), code, message };
  }

  /** A turn that was skipped for want of the database need not wait any longer. */
  databaseIsBack(): void {
    if (!this.#waitsForDatabase || this.#timer.inMs === null) return;
    this.#waitsForDatabase = false;
    this.#timer.plan(this.#timer.now());
  }

  /** Forgets the last turn, so that a manual run does not answer with what was purged. */
  forgetLast(): void {
    this.#last = null;
  }

  status(): MetronomeStatus {
    const { inMs } = this.#timer;
    const isPlanned = inMs !== null && !this.#isFollowing;
    return {
      nextTurnAt: isPlanned ? Math.round(this.#options.clock.now() + inMs) : null,
      isFollowing: this.#isFollowing,
      hindrance: this.#hindrance,
      hasEnded: this.#ended !== null,
      lastFailure: this.#lastFailure,
      warnings: [...(this.#ended ? [this.#ended.message] : []), ...this.#options.runner.warnings],
    };
  }

  get #hindrance(): string | null {
    const { clock, intervalMs } = this.#options;
    const forMs = clock.monotonic() - this.#begun;
    if (this.#underWay !== null && forMs > intervalMs) {
      return `the turn under way began ${Math.round(forMs / 1000)} s ago`;
    }
    return this.#isFollowing ? 'another instance is to run the turns' : this.#problem;
  }

  /**
   * Runs a turn and plans the next; never two at once, because the first part is synchronous.
   * @param due when it was due, by the timer's clock: the beat goes on from there, so that what each
   * start is late by does not add up; from now where that is long past, or nobody planned it
   */
  #turn(due = -Infinity): Promise<TurnOutcome> {
    const now = this.#timer.now();
    const startedAt = now - due < this.#options.intervalMs / 2 ? due : now;
    const begun = (this.#begun = this.#options.clock.monotonic());
    const late = this.#lateness(now - due);
    const timing = (): TurnTiming => ({ late, ms: this.#options.clock.monotonic() - begun });
    this.#timer.cancel();
    const turn = this.#options.runner.run(this.#abort.signal).then(
      (outcome) => this.#conclude(outcome, startedAt, timing()),
      (error: unknown) => this.#conclude(this.#unforeseen(error), startedAt, timing()),
    );
    this.#underWay = turn;
    return turn;
  }

  /** Plans the next turn by how one went. @param startedAt by the timer's clock */
  #conclude(outcome: TurnOutcome, startedAt: number, { ms, late }: TurnTiming): TurnOutcome {
    const { clock, log, intervalMs } = this.#options;
    this.#underWay = null;
    this.#tookMs = ms;
    this.#isFollowing = outcome.kind === 'FOLLOWING';
    if (outcome.kind === 'FOLLOWING') {
      this.#backoff.reset();
      this.#planUnlessStopped(this.#timer.now() + outcome.retryInMs);
      return outcome;
    }
    this.#problem = outcome.kind === 'COMPLETED' ? null : outcome.failure.message;
    const code = outcome.kind === 'COMPLETED' ? null : outcome.failure.code;
    this.#options.onTurn?.({ outcome: outcome.kind, code, ms, late });
    if (outcome.kind === 'COMPLETED') {
      const { turn, frame } = outcome.figures.cycle;
      const { failures } = this.#backoff;
      if (failures > 0) log.info({ turn, failures }, 'turns are back');
      log.debug({ turn, ms: Math.round(ms), tickers: frame.tickers.length }, 'turn completed');
      this.#backoff.reset();
      this.#ended = null;
      this.#last = { figures: outcome.figures, completedAt: clock.monotonic() };
      this.#planUnlessStopped(startedAt + intervalMs);
      return outcome;
    }
    const { failure } = outcome;
    if (outcome.kind === 'ENDED') {
      if (this.#ended === null) log.warn({ code: failure.code }, failure.message);
      this.#ended = failure;
      return outcome;
    }
    const isAway = failure.code === 'DATABASE_UNAVAILABLE';
    const pause = this.#backoff.afterFailure(isAway);
    const now = this.#timer.now();
    const due = Math.max(startedAt + intervalMs, now + pause);
    const retryInMs = Math.round(Math.max(0, due - now, outcome.retryInMs ?? 0));
    this.#waitsForDatabase = isAway;
    log.warn(
      { code: failure.code, failuresInARow: this.#backoff.failures, retryInMs },
      `turn ${outcome.kind === 'SKIPPED' ? 'skipped' : 'failed'}: ${failure.message}`,
    );
    const reported = { ...failure, retryAt: Math.round(clock.now()) + retryInMs };
    this.#options.onMissed?.(reported);
    if (outcome.kind === 'SKIPPED') this.#options.onSkipped?.(reported);
    else this.#lastFailure = reported;
    this.#planUnlessStopped(due, outcome.retryInMs);
    return { kind: outcome.kind, failure: reported };
  }

  #unforeseen(error: unknown): TurnOutcome {
    this.#options.log.error({ err: error }, 'a turn failed for a reason that was not foreseen');
    return { kind: 'FAILED', failure: this.#failure('INTERNAL', 'an internal fault') };
  }

  /** Why a turn is late. One that nobody planned is not, nor one that waited because of a failure. */
  #lateness(byMs: number): TurnFailure | null {
    if (byMs === Infinity || this.#problem !== null) return null;
    const words = latenessWords(byMs, this.#tookMs, this.#options.intervalMs);
    return words === null ? null : this.#failure('LATE', words);
  }

  #planUnlessStopped(due: number, pauseMs?: number): void {
    if (!this.#stopped) this.#timer.plan(due, pauseMs);
  }
}
