import type { Logger } from '../../log.js';
import type { DeliveryStore } from './delivery-store.js';

/** How often what is old is removed, milliseconds. */
const EVERY_MS = 60 * 60_000;
/** How long it is remembered what was delivered, milliseconds: meanwhile it may be added again. */
const REMEMBERED_MS = 48 * 60 * 60_000;
/** How many messages wait in all at most. */
const MOST_IN_ALL = 50_000;

interface OutboxTidyingOptions {
  readonly store: Pick<DeliveryStore, 'waiting' | 'drop' | 'forgetDelivered'>;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Removes what is old, and what is too much. */
export class OutboxTidying {
  readonly #options: OutboxTidyingOptions;
  /** By `performance.now()`. */
  #dueAt = 0;

  constructor(options: OutboxTidyingOptions) {
    this.#options = options;
  }

  async runWhereDue(): Promise<void> {
    if (performance.now() < this.#dueAt) return;
    this.#dueAt = performance.now() + EVERY_MS;
    const { store, now, log } = this.#options;
    await store.forgetDelivered(now() - REMEMBERED_MS);
    const waiting = await store.waiting();
    const total = [...waiting.values()].reduce((sum, count) => sum + count, 0);
    if (total <= MOST_IN_ALL) return;
    const kept = Math.floor(MOST_IN_ALL / waiting.size);
    for (const channel of waiting.keys()) await store.drop(channel, kept);
    log.warn({ code: 'ALERTS_GIVEN_UP', total }, 'too many messages wait for channels');
  }
}
