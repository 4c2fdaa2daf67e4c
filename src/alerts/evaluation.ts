import { Signal } from '../async/signal.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import { unlessAway } from '../history/database-unavailable.js';
import type { Logger } from '../log.js';
import type { Pace } from '../scheduling/slices.js';
import { Judging, type JudgingOptions } from './judging.js';

/** How often it is looked whether there are turns to judge, beside each time that one is announced, milliseconds. */
const LOOK_MS = 1_000;

export interface EvaluationOptions extends JudgingOptions {
  readonly feed: JudgingOptions['feed'] & Pick<CycleFeed, 'onTurn' | 'onRewind'>;
  /** Turns that are kept on disk until the database is back, ascending. */
  readonly backlog: { readonly turns: readonly number[] };
  readonly lease: { readonly isHeld: boolean };
  readonly paceOf: (ended: AbortSignal) => Pace;
  readonly log: Logger;
}

/**
 * Judges each turn that is stored in the database, by all rules that count for it, where this instance has
 * the lease: after the turn was pushed, and behind whatever goes first. What came of a turn is committed by
 * one document; its firings follow from that, each once for its rule and turn, so that a stop at any moment
 * loses none and doubles none. Another instance that takes over, or this one after a stop, goes on from what
 * is written down and comes to the same.
 *
 * A version of a rule begins after the latest turn stored once it stands. So the versions are read after
 * the turn that is judged is stored: all that count for it are known then.
 */
export class Evaluation {
  readonly #options: EvaluationOptions;
  readonly #stopped = new AbortController();
  readonly #wake = new Signal();
  readonly #pace: Pace;
  #isDue = true;
  /** Null where it has to be begun: what is in memory may be further than what is written down. */
  #judging: Judging | null = null;
  /** Counts how often turns were taken back. */
  #rewinds = 0;
  #through = 0;
  #fault: string | null = null;
  #looking: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: EvaluationOptions) {
    this.#options = options;
    this.#pace = options.paceOf(this.#stopped.signal);
  }

  /** What an operator should know, in words. */
  get warnings(): string[] {
    return this.#fault === null ? [] : [`The alerts cannot be judged: ${this.#fault}`];
  }

  /** The last turn that was judged here, and what came of it written down; 0 before the first. */
  get judgedThrough(): number {
    return this.#through;
  }

  start(): void {
    const { feed } = this.#options;
    feed.onTurn(() => this.#look());
    feed.onRewind(() => {
      this.#rewinds++;
      this.#judging = null;
      this.#look();
    });
    this.#looking = setInterval(() => this.#look(), LOOK_MS).unref();
    this.#running = this.#run();
  }

  /** Ends after the writes that are under way. */
  stop(): Promise<void> {
    this.#stopped.abort();
    clearInterval(this.#looking);
    return this.#running;
  }

  #look(): void {
    this.#isDue = true;
    this.#wake.fire();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      if (!this.#isDue) await this.#wake.next(signal);
      this.#isDue = false;
      try {
        await unlessAway(this.#goOn(), () => {
          this.#judging = null;
        });
        this.#fault = null;
      } catch (error) {
        this.#judging = null;
        if (!signal.aborted) this.#meet(error as Error);
      }
    }
  }

  /** The same is logged once. */
  #meet(error: Error): void {
    if (error.message !== this.#fault)
      this.#options.log.error({ err: error }, 'the alerts cannot be judged');
    this.#fault = error.message;
  }

  get #mayGoOn(): boolean {
    return !this.#stopped.signal.aborted && this.#options.lease.isHeld;
  }

  /** Judges what there is to judge. */
  async #goOn(): Promise<void> {
    const { feed, backlog, book } = this.#options;
    if (!this.#mayGoOn) this.#judging = null;
    const through = Math.min(feed.latestTurn, (backlog.turns[0] ?? Infinity) - 1);
    if (!this.#mayGoOn || (this.#judging?.turn ?? 0) >= through) return;
    await this.#pace.next();
    // After the turns up to there were stored: see above.
    await book.refresh();
    if (this.#judging?.isOfBook === false) this.#judging = null;
    const judging = this.#judging ?? (await this.#begin());
    const leads = (): boolean => this.#options.lease.isHeld;
    while (judging && judging.turn < through && judging === this.#judging) {
      const entries = await judging.judgeSome(through, this.#pace);
      // Meanwhile turns may have been taken back, or another instance leads.
      if (judging !== this.#judging) return;
      if (this.#mayGoOn && (await judging.commit(entries, leads))) this.#through = judging.turn;
      else this.#judging = null;
    }
  }

  /** Null where this instance leads no more. */
  async #begin(): Promise<Judging | null> {
    for (;;) {
      const rewinds = this.#rewinds;
      const judging = await Judging.begin(this.#options, () => this.#mayGoOn);
      if (rewinds !== this.#rewinds) continue;
      this.#judging = judging;
      return judging;
    }
  }
}
