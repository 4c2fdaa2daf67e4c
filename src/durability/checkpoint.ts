import type { Cycle } from '../domain/cycle.js';
import type { Logger } from '../log.js';
import type { TurnControl } from '../feeds/control-store.js';

/** What an instance that runs the turns knew after its last one: enough to go on with the next. */
export interface Checkpoint {
  readonly control: TurnControl;
  /** The newest cycles, oldest first: those that the next one is derived from and shown with. */
  readonly cycles: readonly Cycle[];
  /** The name of that instance. */
  readonly instance: string;
  /** When it last had to do with the database, milliseconds since 1970. */
  readonly contactAt: number;
}

/** Where the checkpoint outlives the process. What is in it may be lost, but is never wrong. */
export interface CheckpointStore {
  write(checkpoint: Checkpoint): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Keeps the checkpoint on disk, for a start while the database is away. Written beside the turns,
 * which do not wait for it, and only while no other instance may run the next turn.
 */
export class CheckpointWriter {
  readonly #instance: string;
  readonly #store: CheckpointStore;
  readonly #log: Logger;
  #next: Checkpoint | 'NONE' | null = null;
  #writing: Promise<void> | null = null;
  #hasFailed = false;

  constructor(instance: string, store: CheckpointStore, log: Logger) {
    this.#instance = instance;
    this.#store = store;
    this.#log = log;
  }

  write(checkpoint: Omit<Checkpoint, 'instance'>): void {
    this.#plan({ ...checkpoint, instance: this.#instance });
  }

  /** Another instance may run the next turn: what is known here says nothing then. */
  remove(): void {
    this.#plan('NONE');
  }

  /** Waits until everything is on disk. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Only the newest is written: those that came while the disk was slow are left out. */
  #plan(next: Checkpoint | 'NONE'): void {
    this.#next = next;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
  }

  async #write(): Promise<void> {
    for (let next = this.#next; next !== null; next = this.#next) {
      this.#next = null;
      try {
        await (next === 'NONE' ? this.#store.remove() : this.#store.write(next));
        this.#hasFailed = false;
      } catch (error) {
        if (!this.#hasFailed)
          this.#log.warn({ err: error }, 'the last cycle cannot be kept on disk');
        this.#hasFailed = true;
      }
    }
  }
}
