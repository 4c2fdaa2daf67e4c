import { mongoose } from '@typegoose/typegoose';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../log.js';
import { pause } from '../async/pause.js';
import type { Notification, NotificationChannel } from '../feeds/notifications.js';
import { within } from './availability.js';
import type { Database } from './connect.js';
import { HonouredWaits } from './honoured-waits.js';

export const NOTIFICATION_COLLECTION = 'news';
/** The capped collection: older ones are dropped. */
export const NOTIFICATION_CAP = { size: 256 * 1024, max: 1_000 };
/** How long the database holds a question for more, milliseconds. */
const AWAIT_MS = 1_000;
/** How long that may take at most, milliseconds. */
const ANSWER_MS = 5_000;
/** Before a cursor is opened again, milliseconds. */
const PAUSE_MS = 100;

/** What was yielded before, whatever the clocks of those who sent it say. */
interface Known {
  /** Whether what was there before has been passed over. */
  hasBegun: boolean;
  /** A cursor that is opened again begins with the oldest that there is. */
  readonly told: LRUCache<string, true>;
}

type NotificationDocument = Notification & { readonly _id: mongoose.Types.ObjectId };

/**
 * Notifications between the instances on one database: a capped collection with a tailable cursor.
 * Works on a single server as on a replica set, and needs no rights beyond reading and writing.
 */
export class MongoNotifications implements NotificationChannel {
  readonly #database: Database;
  readonly #log: Logger;

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.#log = log;
  }

  publish(notification: Notification): void {
    // Not waited for, and not repeated: it is only a hint.
    this.#insert(notification).catch((error: unknown) => {
      this.#log.debug({ err: error }, 'a notification could not be sent');
    });
  }

  async #insert(notification: Notification): Promise<void> {
    if (this.#database.isAway) return;
    const document = { _id: new mongoose.Types.ObjectId(), ...notification };
    await this.#notifications.insertOne(document, { writeConcern: { w: 1, journal: false } });
  }

  async *follow(signal: AbortSignal): AsyncGenerator<Notification, void, void> {
    const known: Known = { hasBegun: false, told: new LRUCache({ max: NOTIFICATION_CAP.max }) };
    const waits = new HonouredWaits(AWAIT_MS);
    while (!signal.aborted) {
      try {
        if (!this.#database.isAway) yield* this.#tail(known, waits, signal);
      } catch (error) {
        if (!signal.aborted)
          this.#log.debug({ err: error }, 'the notifications could not be followed');
      }
      // The cursor ends where the collection is empty, rolls over, or the database goes away.
      await pause(PAUSE_MS, signal);
    }
  }

  async *#tail(
    known: Known,
    waits: HonouredWaits,
    signal: AbortSignal,
  ): AsyncGenerator<Notification, void, void> {
    const { told } = known;
    const cursor = this.#notifications.find(
      {},
      {
        tailable: true,
        awaitData: true,
        maxAwaitTimeMS: AWAIT_MS,
        batchSize: NOTIFICATION_CAP.max,
        // Only a hint, and not worth the wait for a majority.
        readConcern: { level: 'local' },
      },
    );
    const close = (): void => void cursor.close().catch(() => undefined);
    signal.addEventListener('abort', close);
    try {
      while (!signal.aborted) {
        const asked = performance.now();
        // The driver may wait for ever for a connection that broke while it was written to.
        const document = await within(cursor.tryNext(), ANSWER_MS);
        // All that is there already comes in the first answer.
        const isOld = !known.hasBegun;
        known.hasBegun ||= cursor.bufferedCount() === 0;
        if (!document) {
          const ms = waits.nothingAfter(performance.now() - asked);
          if (ms > 0) await pause(ms, signal);
          if (cursor.closed) return;
          continue;
        }
        waits.something();
        const { _id, ...notification } = document;
        const id = _id.toString();
        if (told.has(id)) continue;
        told.set(id, true);
        if (!isOld) yield notification;
      }
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
  }

  get #notifications() {
    return this.#database.connection.collection<NotificationDocument>(NOTIFICATION_COLLECTION);
  }
}
