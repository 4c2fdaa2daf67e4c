import { mongoose } from '@typegoose/typegoose';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../log.js';
import { pause } from '../async/pause.js';
import type { News, NewsChannel } from '../feeds/news.js';
import { within } from './availability.js';
import type { Database } from './connect.js';
import { HonouredWaits } from './honoured-waits.js';

export const NEWS_COLLECTION = 'news';
/** The capped collection: older news is dropped. */
export const NEWS_CAP = { size: 256 * 1024, max: 1_000 };
/** How long the database holds a question for news, milliseconds. */
const AWAIT_MS = 1_000;
/** How long that may take at most, milliseconds. */
const ANSWER_MS = 5_000;
/** Before a cursor is opened again, milliseconds. */
const PAUSE_MS = 100;

/** What is no news, whatever the clocks of those who told it say. */
interface Known {
  /** Whether what was there before has been passed over. */
  hasBegun: boolean;
  /** A cursor that is opened again begins with the oldest that there is. */
  readonly told: LRUCache<string, true>;
}

type NewsDocument = News & { readonly _id: mongoose.Types.ObjectId };

/**
 * News between the instances on one database: a capped collection with a tailable cursor. Works on a
 * single server as on a replica set, and needs no rights beyond reading and writing.
 */
export class MongoNews implements NewsChannel {
  readonly #database: Database;
  readonly #log: Logger;

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.#log = log;
  }

  publish(news: News): void {
    // Not waited for, and not repeated: it is only a hint.
    this.#insert(news).catch((error: unknown) => {
      this.#log.debug({ err: error }, 'news could not be told');
    });
  }

  async #insert(news: News): Promise<void> {
    if (this.#database.isAway) return;
    const document = { _id: new mongoose.Types.ObjectId(), ...news };
    await this.#news.insertOne(document, { writeConcern: { w: 1, journal: false } });
  }

  async *follow(signal: AbortSignal): AsyncGenerator<News, void, void> {
    const known: Known = { hasBegun: false, told: new LRUCache({ max: NEWS_CAP.max }) };
    const waits = new HonouredWaits(AWAIT_MS);
    while (!signal.aborted) {
      try {
        if (!this.#database.isAway) yield* this.#tail(known, waits, signal);
      } catch (error) {
        if (!signal.aborted) this.#log.debug({ err: error }, 'news could not be followed');
      }
      // The cursor ends where the collection is empty, rolls over, or the database goes away.
      await pause(PAUSE_MS, signal);
    }
  }

  async *#tail(
    known: Known,
    waits: HonouredWaits,
    signal: AbortSignal,
  ): AsyncGenerator<News, void, void> {
    const { told } = known;
    const cursor = this.#news.find(
      {},
      {
        tailable: true,
        awaitData: true,
        maxAwaitTimeMS: AWAIT_MS,
        batchSize: NEWS_CAP.max,
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
        const { _id, ...news } = document;
        const id = _id.toString();
        if (told.has(id)) continue;
        told.set(id, true);
        if (!isOld) yield news;
      }
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
  }

  get #news() {
    return this.#database.connection.collection<NewsDocument>(NEWS_COLLECTION);
  }
}
