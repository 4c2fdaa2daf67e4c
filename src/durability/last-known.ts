import type { Cycle } from '../domain/cycle.js';
import type { Logger } from '../log.js';
import type { TurnControl } from '../feeds/control-store.js';

/** What an instance that runs the turns knew after its last one: enough to go on with the next. */
export interface LastKnown {
  readonly control: TurnControl;
  /** The newest cycles, oldest first: those that the next one is derived from and shown with. */
  readonly cycles: readonly Cycle[];
  /** The name of that instance. */
  readonly instance: string;
  /** When it last had to do with the database, milliseconds since 1970. */
  readonly contactAt: number;
}

/** A file that outlives the process. What is in it may be lost, but is never wrong. */
export interface LastKnownFile {
  write(known: LastKnown): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Keeps what is last known on disk, for a start while the database is away. Written beside the
 * turns, which do not wait for it, and only while no other instance may run the next turn.
 */
export class LastKnownKeeper {
  readonly #instance: string;
  readonly #file: LastKnownFile;
  readonly #log: Logger;
  #next: LastKnown | 'NONE' | null = null;
  #writing: Promise<void> | null = null;
  #hasFailed = false;

  constructor(instance: string, file: LastKnownFile, log: Logger) {
    this.#instance = instance;
    this.#file = file;
    this.#log = log;
  }

  note(known: Omit<LastKnown, 'instance'>): void {
    this.#plan({ ...known, instance: this.#instance });
  }

  /** Another instance may run the next turn: what is known here says nothing then. */
  forget(): void {
    this.#plan('NONE');
  }

  /** Waits until everything is written. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  #plan(next: LastKnown | 'NONE'): void {
    this.#next = next;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
  }

  async #write(): Promise<void> {
    for (let known = this.#next; known !== null; known = this.#next) {
      this.#next = null;
      try {
        await (known === 'NONE' ? this.#file.remove() : this.#file.write(known));
        this.#hasFailed = false;
      } catch (error) {
        if (!this.#hasFailed)
          this.#log.warn({ err: error }, 'the last cycle cannot be kept on disk');
        this.#hasFailed = true;
      }
    }
  }
}
