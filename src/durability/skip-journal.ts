import { randomUUID } from 'node:crypto';
import { SharedRead } from '../async/shared-read.js';
import { DatabaseUnavailableError } from '../history/database-unavailable.js';
import type { SkipRun, SkipStore } from '../history/skip-store.js';
import type { TurnFailure } from '../history/turn-failure.js';
import type { Logger } from '../log.js';

/** How many runs wait for the database at most: of more, the oldest are given up. */
const MOST_WAITING = 2_000;

/** Where runs are kept while the database is away. */
export interface SkipFiles {
  /** What an earlier process has left, or another one keeps. */
  read(): Promise<SkipRun[]>;
  /** Keeps these in place of all that this process kept before. */
  write(runs: readonly SkipRun[]): Promise<void>;
  /** Removes what {@link read} has found. */
  removeRead(): Promise<void>;
}

interface SkipJournalOptions {
  readonly store: SkipStore;
  readonly files: SkipFiles;
  readonly log: Logger;
}

/**
 * Has turns that were not completed stored with their reasons: equal ones that follow each other as
 * one run. While the database is away they are kept on disk. Nobody waits for any of it, and what
 * cannot be stored costs only itself.
 */
export class SkipJournal {
  readonly #options: SkipJournalOptions;
  /** One at a time; whoever asks while one is under way has the next one run. */
  readonly #storing = new SharedRead(() => this.#storeAll());
  /** The newest, which the next skip may extend. */
  #run: SkipRun | null = null;
  /** Those whose newest state is not stored yet, by id. */
  readonly #waiting = new Map<string, SkipRun>();
  #isKept = false;
  #hasFailed = false;

  constructor(options: SkipJournalOptions) {
    this.#options = options;
  }

  /** Takes what is left on disk, and has it stored. */
  async open(): Promise<void> {
    try {
      for (const run of await this.#options.files.read()) this.#wait(run);
    } catch (error) {
      this.#warn(error);
    }
    this.storeWaiting();
  }

  /** @param afterTurn the last turn that was stored; 0 where there is none */
  add({ at, code, message }: TurnFailure, afterTurn: number): void {
    const run = this.#run;
    const isSame = run?.afterTurn === afterTurn && run.code === code && run.message === message;
    this.#run = isSame
      ? { ...run, to: Math.max(run.to, at), count: run.count + 1 }
      : { id: randomUUID(), from: at, to: at, afterTurn, code, message, count: 1 };
    this.#wait(this.#run);
    this.storeWaiting();
  }

  /** Has what waits stored, or kept on disk; never fails. */
  storeWaiting(): void {
    void this.#storing.get();
  }

  /** The runs that followed a turn from `first` to `last`, stored or not yet, by turn and time. */
  async following(first: number, last: number): Promise<SkipRun[]> {
    const runs = new Map<string, SkipRun>();
    const waiting = [...this.#waiting.values()];
    for (const run of await this.#options.store.following(first, last)) runs.set(run.id, run);
    for (const run of waiting) {
      const isAsked = run.afterTurn >= first && run.afterTurn <= last;
      // A run only grows.
      if (isAsked && run.count > (runs.get(run.id)?.count ?? 0)) runs.set(run.id, run);
    }
    return [...runs.values()].sort((a, b) => a.afterTurn - b.afterTurn || a.from - b.from);
  }

  /** Removes those that followed a turn up to this one. */
  async removeThrough(turn: number): Promise<void> {
    if (this.#run && this.#run.afterTurn <= turn) this.#run = null;
    for (const { id, afterTurn } of this.#waiting.values()) {
      if (afterTurn <= turn) this.#waiting.delete(id);
    }
    // What is being stored just now goes, too.
    await this.#storing.get();
    await this.#options.store.removeThrough(turn);
  }

  /** Until all that was added is stored, or on disk. */
  async close(): Promise<void> {
    await this.#storing.get();
  }

  #wait(run: SkipRun): void {
    this.#waiting.set(run.id, run);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size <= MOST_WAITING || oldest === undefined) return;
    this.#waiting.delete(oldest);
    this.#warn(new Error(`more than ${MOST_WAITING} runs of them wait for the database`));
  }

  async #storeAll(): Promise<void> {
    const runs = [...this.#waiting.values()];
    if (runs.length === 0 && !this.#isKept) return;
    try {
      if (await this.#isTaken(runs)) await this.#tidyUp(runs);
      else await this.#keep(runs);
    } catch (error) {
      this.#warn(error);
    }
  }

  /** @returns false while the database is away; what it refuses for itself is given up */
  async #isTaken(runs: readonly SkipRun[]): Promise<boolean> {
    try {
      if (runs.length > 0) await this.#options.store.save(runs);
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) return false;
      this.#warn(error);
    }
    return true;
  }

  async #keep(runs: readonly SkipRun[]): Promise<void> {
    this.#isKept = true;
    await this.#options.files.write(runs);
  }

  /** Some may have been extended meanwhile: those wait for the next time. */
  async #tidyUp(stored: readonly SkipRun[]): Promise<void> {
    const { files } = this.#options;
    for (const run of stored) if (this.#waiting.get(run.id) === run) this.#waiting.delete(run.id);
    await files.removeRead();
    if (!this.#isKept) return;
    await files.write([...this.#waiting.values()]);
    this.#isKept = this.#waiting.size > 0;
  }

  #warn(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const words = 'why turns were skipped could not be recorded; told once';
    this.#options.log.warn({ err: error, code: 'SKIPS_NOT_STORED' }, words);
  }
}
