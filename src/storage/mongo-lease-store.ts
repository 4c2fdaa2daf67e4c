import type { LeaseStore } from '../pipeline/ports.js';
import type { Database } from './connect.js';

/** The lease as it is stored in the collection `config`. */
interface LeaseDocument {
  readonly _id: 'lease';
  readonly holder: string;
  readonly expiresAt: Date;
}

/** The lease in the collection `config`, counted by the database's own clock. */
export class MongoLeaseStore implements LeaseStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  take(holder: string, durationMs: number, isGone: (holder: string) => boolean): Promise<boolean> {
    const expiresAt = { $add: ['$$NOW', durationMs] };
    // A lease that is not there yet counts as expired: what is missing comes before any date.
    const isFree = {
      $or: [{ $eq: ['$holder', holder] }, { $lte: ['$expiresAt', '$$NOW'] }],
    };
    const ifFree = {
      holder: { $cond: [isFree, holder, '$holder'] },
      expiresAt: { $cond: [isFree, expiresAt, '$expiresAt'] },
    };
    return this.#database.run(async () => {
      const lease = await this.#leases.findOneAndUpdate({ _id: 'lease' }, [{ $set: ifFree }], {
        upsert: true,
        returnDocument: 'after',
      });
      if (!lease || lease.holder === holder || !isGone(lease.holder)) {
        return lease?.holder === holder;
      }
      const ofTheGone = { _id: 'lease', holder: lease.holder } as const;
      const taken = { $set: { holder, expiresAt } };
      return (await this.#leases.updateOne(ofTheGone, [taken])).matchedCount === 1;
    });
  }

  async drop(holder: string): Promise<void> {
    await this.#database.run(() => this.#leases.deleteOne({ _id: 'lease', holder }));
  }

  get #leases() {
    return this.#database.connection.collection<LeaseDocument>('config');
  }
}
