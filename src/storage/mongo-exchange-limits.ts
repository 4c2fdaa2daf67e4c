import type {
  ExchangeLimitsStore,
  ExchangeSilence,
  SharedExchangeLimits,
} from '../pipeline/market-port.js';
import { PATIENCE_MS } from './availability.js';
import type { Database } from './connect.js';

/** A silence as it is stored; times are the database's. */
interface SilenceRecord extends Omit<ExchangeSilence, 'leftMs'> {
  readonly until: Date;
  /** How long it was to last when it was told, milliseconds. */
  readonly forMs: number;
}

/** In the collection `config`: what all instances together may still ask of the exchange. */
interface LimitsDocument {
  readonly _id: 'exchange';
  /** Minutes since 1970 by the exchange's clock, and the weight that was reserved in it. */
  readonly minute?: number;
  readonly usedWeight?: number;
  readonly silence?: SilenceRecord;
  /** When it was last written, by the database's clock. */
  readonly at: Date;
}

/** The exchange's limits, shared in the collection `config`. */
export class MongoExchangeLimits implements ExchangeLimitsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async reserve(weight: number, minute: number): Promise<SharedExchangeLimits> {
    const isSame = { $eq: ['$minute', minute] };
    const usedWeight = { $cond: [isSame, { $add: ['$usedWeight', weight] }, weight] };
    const set = { usedWeight, minute, at: '$$NOW' };
    const document = await this.#database.write(
      () =>
        this.#limits.findOneAndUpdate({ _id: 'exchange' }, [{ $set: set }], {
          upsert: true,
          returnDocument: 'after',
          // Of no worth after a crash: the minute is over by then.
          writeConcern: { w: 1, journal: false },
        }),
      PATIENCE_MS,
    );
    return {
      usedWeight: document?.usedWeight ?? weight,
      silence: document?.silence ? silenceLeft(document.silence, document.at) : null,
    };
  }

  async tell({ id, leftMs, code, message }: ExchangeSilence): Promise<void> {
    const until = { $add: ['$$NOW', Math.ceil(leftMs)] };
    const silence = { $literal: { id, code, message, forMs: leftMs } };
    const isLonger = { $gt: [until, '$silence.until'] };
    const longer = { $cond: [isLonger, { $mergeObjects: [silence, { until }] }, '$silence'] };
    await this.#database.write(
      () =>
        this.#limits.updateOne({ _id: 'exchange' }, [{ $set: { silence: longer, at: '$$NOW' } }], {
          upsert: true,
        }),
      PATIENCE_MS,
    );
  }

  get #limits() {
    return this.#database.connection.collection<LimitsDocument>('config');
  }
}

/** What is left of a silence, null where it is over. */
function silenceLeft({ until, forMs, id, code, message }: SilenceRecord, at: Date) {
  // The database's clock may have been set back since: then it lasts no longer than it was told.
  const leftMs = Math.min(until.getTime() - at.getTime(), forMs ?? Infinity);
  return leftMs > 0 ? { id: id ?? until.toISOString(), leftMs, code, message } : null;
}
