import type { Damage } from '../history/damage.js';
import type {
  ExchangeLimitsStore,
  ExchangeSilence,
  SharedExchangeLimits,
} from '../market/market-port.js';
import { PATIENCE_MS } from './availability.js';
import { configOf, ExchangeDocument, type SilenceRecord } from './config.model.js';
import type { Database } from './connect.js';

/** The exchange bans for up to three days, milliseconds. */
const LONGEST_MS = 3 * 24 * 60 * 60_000;

/** The exchange's limits, shared in the collection `config`. */
export class MongoExchangeLimitsStore implements ExchangeLimitsStore {
  readonly #database: Database;
  readonly #damage: Damage;

  constructor(database: Database, damage: Damage) {
    this.#database = database;
    this.#damage = damage;
  }

  async reserve(weight: number, minute: number): Promise<SharedExchangeLimits> {
    const isUsable = { $and: [{ $isNumber: '$usedWeight' }, { $gte: ['$usedWeight', 0] }] };
    const isSame = { $and: [{ $eq: ['$minute', minute] }, isUsable] };
    const usedWeight = { $cond: [isSame, { $add: ['$usedWeight', weight] }, weight] };
    const set = { usedWeight, minute, at: '$$NOW' };
    const document = await this.#database.write(
      () =>
        this.#limits.findOneAndUpdate(
          { _id: 'exchange' },
          [{ $set: { ...set, ...silenceAsIs() } }],
          {
            upsert: true,
            returnDocument: 'after',
            // Of no worth after a crash: the minute is over by then.
            writeConcern: { w: 1, journal: false },
          },
        ),
      PATIENCE_MS,
    );
    if (document?.wasDamaged) {
      const words = 'What is recorded of the exchange (exchange in the collection config) was';
      this.#damage.report('exchange', `${words} damaged, and is begun anew.`);
    }
    return {
      usedWeight: document?.usedWeight ?? weight,
      silence: document?.silence ? silenceLeft(document.silence, document.at) : null,
    };
  }

  async publish({ id, leftMs, code, message }: ExchangeSilence): Promise<void> {
    const until = { $add: ['$$NOW', Math.ceil(leftMs)] };
    const silence = { $literal: { id, code, message, forMs: leftMs } };
    const isSet = { $and: [isSilence(), { $lte: ['$silence.until', LATEST] }] };
    const isLonger = { $not: [{ $and: [isSet, { $gte: ['$silence.until', until] }] }] };
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
    return configOf(this.#database, ExchangeDocument);
  }
}

/** No silence ends later: one that says so is damaged, or the database's clock was set back. */
const LATEST = { $add: ['$$NOW', LONGEST_MS] };
const DEFAULT_MESSAGE = 'the exchange wants no calls for a while';

function isSilence() {
  const isRecord = { $eq: [{ $type: '$silence' }, 'object'] };
  return { $and: [isRecord, { $eq: [{ $type: '$silence.until' }, 'date'] }] };
}

/** The silence as it stands, no longer than it was told to last; without one that is none. */
function silenceAsIs() {
  const forMs = '$silence.forMs';
  const isLength = { $in: [{ $type: forMs }, ['int', 'long', 'double']] };
  const isSet = { $and: [isLength, { $gt: [forMs, 0] }, { $lte: [forMs, LONGEST_MS] }] };
  const length = { $cond: [isSet, { $ceil: forMs }, LONGEST_MS] };
  const until = { $min: ['$silence.until', { $add: ['$$NOW', length] }] };
  const isNone = { $in: [{ $type: '$silence' }, ['missing', 'null']] };
  return {
    silence: { $cond: [isSilence(), { $mergeObjects: ['$silence', { until }] }, '$$REMOVE'] },
    wasDamaged: { $not: [{ $or: [isNone, isSilence()] }] },
  };
}

/** What is left of a silence, null where it is over. What else is damaged of it, it can do without. */
function silenceLeft(
  { until, id, code, message }: SilenceRecord,
  at: Date,
): ExchangeSilence | null {
  const leftMs = until.getTime() - at.getTime();
  if (!(leftMs > 0)) return null;
  return {
    id: typeof id === 'string' ? id : until.toISOString(),
    leftMs,
    code: code === 'EXCHANGE_BANNED' ? code : 'EXCHANGE_RATE_LIMITED',
    message: typeof message === 'string' ? message : DEFAULT_MESSAGE,
  };
}
