import type { Logger } from '../../log.js';

/** After how many times the same is logged again: each so many times as often as before. */
const LOGGED_AGAIN = 10;

interface Met {
  readonly message: string;
  times: number;
  /** How often it is met until it is logged again. */
  nextAt: number;
}

/** What went wrong with telling channels, beside what receivers answer: logged once, and then counted. */
export class WorkerFaults {
  readonly #log: Logger;
  readonly #met = new Map<string, Met>();

  constructor(log: Logger) {
    this.#log = log;
  }

  meet(channel: string, error: Error): void {
    const { message } = error;
    const before = this.#met.get(channel);
    const isNew = before?.message !== message;
    const met = isNew ? { message, times: 0, nextAt: LOGGED_AGAIN } : before;
    const isKnown = isNew && [...this.#met.values()].some((other) => other.message === message);
    this.#met.set(channel, met);
    met.times++;
    const isDue = met.times === met.nextAt;
    if (isDue) met.nextAt *= LOGGED_AGAIN;
    if (isKnown || !(isNew || isDue)) return;
    const about = { err: error, code: 'CHANNEL_NOT_TOLD', channel, times: met.times };
    this.#log.error(about, 'messages of alerts cannot be delivered');
  }

  /** It went well. */
  forget(channel: string): void {
    this.#met.delete(channel);
  }
}
