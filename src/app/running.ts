import type { Logger } from '../log.js';

/** A part that was started, and what ends it. */
export interface Running<Part> {
  readonly part: Part;
  readonly stop: () => Promise<void>;
}

/** The parts that run, in the order in which they were started. */
export class RunningParts {
  readonly #log: Logger;
  readonly #stops: (() => Promise<void>)[] = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  add<Part>({ part, stop }: Running<Part>): Part {
    this.#stops.push(stop);
    return part;
  }

  /** Ends them, last first. Safe to call at any time, also twice. */
  async stop(): Promise<void> {
    for (let stop = this.#stops.pop(); stop; stop = this.#stops.pop()) {
      await stop().catch((error: unknown) => {
        this.#log.error({ err: error }, 'a part of the server did not stop cleanly');
      });
    }
  }
}
