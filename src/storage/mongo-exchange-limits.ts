import type {
  ExchangeLimitsStore,
  ExchangeSilence,
  SharedExchangeLimits,
} from '../pipeline/market-port.js';
import { PATIENCE_MS } from './availability.js';
import type { Database } from './connect.js';

/** In the collection `config`: what all instances together may still ask of the exchange. */
interface LimitsDocument {
  readonly _id: 'exchange';
  /** Minutes since 1970 by the exchange's clock, and the weight that was reserved in it. */
  readonly minute?: number;
  readonly usedWeight?: number;
  readonly silence?: Omit<ExchangeSilence, 'until'> & { readonly until: Date };
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
    const document = await this.#database.run(
      () =>
        this.#limits.findOneAndUpdate({ _id: 'exchange' }, [{ $set: { usedWeight, minute } }], {
          upsert: true,
          returnDocument: 'after',
          // Of no worth after a crash: the minute is over by then.
          writeConcern: { w: 1, journal: false },
        }),
      PATIENCE_MS,
    );
    const silence = document?.silence;
    return {
      usedWeight: document?.usedWeight ?? weight,
      silence: silence ? { ...silence, until: silence.until.getTime() } : null,
    };
  }

  async tell({ until, code, message }: ExchangeSilence): Promise<void> {
    const silence = { until: new Date(until), code, message };
    const isLonger = { $gt: [silence.until, '$silence.until'] };
    const longer = { $cond: [isLonger, { $literal: silence }, '$silence'] };
    await this.#database.run(
      () =>
        this.#limits.updateOne({ _id: 'exchange' }, [{ $set: { silence: longer } }], {
          upsert: true,
        }),
      PATIENCE_MS,
    );
  }

  get #limits() {
    return this.#database.connection.collection<LimitsDocument>('config');
  }
}
