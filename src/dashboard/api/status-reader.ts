import type { Client } from 'urql';
import { StatusDocument, type EngineStatusFragment } from '../../generated/operations.js';

const EVERY_MS = 10_000;
/** However quickly cycles come, the status is not read more often than that, milliseconds. */
const PAUSE_MS = 1_000;

/** Reads the engine's status whenever it is told to, and again after a while without that. */
export class StatusReader {
  readonly #queries: Client;
  readonly #onStatus: (status: EngineStatusFragment) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReading = false;
  #readAt = -Infinity;

  constructor(queries: Client, onStatus: (status: EngineStatusFragment) => void) {
    this.#queries = queries;
    this.#onStatus = onStatus;
  }

  read(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.read(), EVERY_MS);
    const now = performance.now();
    if (this.#isReading || now - this.#readAt < PAUSE_MS) return;
    this.#isReading = true;
    this.#readAt = now;
    void this.#queries
      .query(StatusDocument, {})
      .toPromise()
      .then(({ data }) => {
        if (data) this.#onStatus(data.status);
      })
      .finally(() => (this.#isReading = false));
  }

  /** Until it is told to read again. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
