import type { Collection } from 'mongodb';
import { MOST_NOTICES, type NoticeStore } from '../alerts/health/notice-store.js';
import { HEALTH_KINDS, type HealthNotice } from '../domain/alerts/health.js';
import type { Database } from './connect.js';
import { NOTICES_COLLECTION, type NoticeDocument } from './notice.model.js';

const BY_AGE = { since: 1 } as const;

/** The notices in the collection `health_notices`. */
export class MongoNoticeStore implements NoticeStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get #collection(): Collection<NoticeDocument> {
    return this.#database.connection.collection<NoticeDocument>(NOTICES_COLLECTION);
  }

  async save(notices: readonly HealthNotice[]): Promise<void> {
    const writes = notices.map(({ id, kind, since, until, words }) => ({
      updateOne: {
        filter: { _id: id },
        update: {
          $setOnInsert: { kind, words },
          $min: { since: new Date(since) },
          ...(until !== null && { $max: { until: new Date(until) } }),
        },
        upsert: true,
      },
    }));
    await this.#database.write(async () => {
      await this.#collection.bulkWrite(writes);
      const newest = { sort: { since: -1 }, hint: BY_AGE, skip: MOST_NOTICES, limit: 1 } as const;
      const [old] = await this.#collection.find({}, newest).toArray();
      if (old) await this.#collection.deleteMany({ since: { $lte: old.since } });
    });
  }

  newest(limit: number): Promise<HealthNotice[]> {
    return this.#find({}, limit);
  }

  open(): Promise<HealthNotice[]> {
    return this.#find({ until: { $exists: false } }, MOST_NOTICES);
  }

  async #find(filter: object, limit: number): Promise<HealthNotice[]> {
    const newest = { sort: { since: -1, _id: -1 }, limit } as const;
    const found = await this.#database.run(() => this.#collection.find(filter, newest).toArray());
    return found.filter(isNotice).map(({ _id: id, kind, since, until, words }) => ({
      ...{ id, kind, words, since: since.getTime() },
      until: until?.getTime() ?? null,
    }));
  }
}

/** One that is damaged costs only itself. */
function isNotice({ kind, since, until, words }: Partial<NoticeDocument>): boolean {
  return (
    HEALTH_KINDS.some((each) => each === kind) &&
    since instanceof Date &&
    (until === undefined || until instanceof Date) &&
    typeof words === 'string'
  );
}
