import { MongoBulkWriteError, type Collection, type Filter } from 'mongodb';
import {
  MOST_WAITING,
  type Addition,
  type ChannelStanding,
  type Delivery,
  type DeliveryStore,
} from '../alerts/channels/delivery-store.js';
import type { AlertMessage } from '../alerts/channels/message.js';
import { confirmWrites } from './confirmation.js';
import type { Database } from './connect.js';
import {
  CHANNELS_COLLECTION,
  DELIVERIES_COLLECTION,
  type ChannelStandingDocument,
  type DeliveryDocument,
} from './delivery.model.js';
import { DUPLICATE_KEY } from './ignoring.js';

/** What waits has a number. */
const WAITING = { number: { $gt: 0 } };
const STANDINGS_AT_ONCE = 500;
const BY_NUMBER = { channel: 1, number: 1 } as const;

/** The outbox in the collection `alert_deliveries`, and the channels' standings in `alert_channels`. */
export class MongoDeliveryStore implements DeliveryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get #deliveries(): Collection<DeliveryDocument> {
    return this.#database.connection.collection<DeliveryDocument>(DELIVERIES_COLLECTION);
  }

  get #channels(): Collection<ChannelStandingDocument> {
    return this.#database.connection.collection<ChannelStandingDocument>(CHANNELS_COLLECTION);
  }

  async add(additions: readonly Addition[], now: number): Promise<Map<string, number>> {
    const some = additions.filter(({ messages }) => messages.length > 0);
    if (some.length === 0) return new Map();
    return this.#database.write(async () => {
      const last = await this.#lastNumbers(some);
      const documents = some.flatMap(({ channel, messages }) => {
        const first = (last.get(channel) ?? messages.length) - messages.length + 1;
        return messages.map((message, at) => ({
          _id: `${channel}/${message.id}`,
          ...{ channel, number: first + at, message, addedAt: new Date(now) },
        }));
      });
      const areAllNew = await insertNew(this.#deliveries, documents);
      // Of what was there, somebody else's write may not be durable yet.
      if (!areAllNew) await confirmWrites(this.#database.connection);
      return this.#dropBeyond(some.map(({ channel }) => channel));
    });
  }

  /**
   * Gives each message a number. Some may come to nothing, and where several instances add to a channel at the
   * same time some be given twice: only the order of what one adds counts.
   * @returns the last number of each channel
   */
  async #lastNumbers(additions: readonly Addition[]): Promise<Map<string, number>> {
    const counts = additions.map(({ channel, messages }) => ({
      updateOne: {
        filter: { _id: channel },
        update: { $inc: { added: messages.length } },
        upsert: true,
      },
    }));
    await this.#channels.bulkWrite(counts, { ordered: false });
    const ids = { _id: { $in: additions.map(({ channel }) => channel) } };
    const found = await this.#channels.find(ids, { projection: { added: 1 } }).toArray();
    return new Map(found.map(({ _id, added = 0 }) => [_id, added]));
  }

  /** Gives up what waits for channels beyond what there is room for. @returns how much, where any */
  async #dropBeyond(channels: readonly string[]): Promise<Map<string, number>> {
    const lost = new Map<string, number>();
    for (const [channel, count] of await this.#counts({ channel: { $in: channels }, ...WAITING })) {
      if (count > MOST_WAITING) lost.set(channel, await this.#dropOldest(channel, MOST_WAITING));
    }
    return lost;
  }

  waiting(): Promise<Map<string, number>> {
    return this.#database.run(() => this.#counts(WAITING));
  }

  async #counts(filter: object): Promise<Map<string, number>> {
    const grouped = [{ $match: filter }, { $group: { _id: '$channel', count: { $sum: 1 } } }];
    const found = await this.#deliveries
      .aggregate<{ _id: string; count: number }>(grouped, { hint: BY_NUMBER })
      .toArray();
    return new Map(found.map(({ _id, count }) => [_id, count]));
  }

  async next(channel: string, limit: number): Promise<Delivery[]> {
    const options = { sort: { number: 1 }, hint: BY_NUMBER, limit } as const;
    const found = await this.#database.run(() =>
      this.#deliveries.find({ channel, ...WAITING }, options).toArray(),
    );
    return found.map(({ number, addedAt, message }) => ({
      ...{ channel, number: number as number, addedAt: addedAt.getTime() },
      message: message as AlertMessage,
    }));
  }

  async markDelivered({ channel, message, addedAt }: Delivery, now: number): Promise<void> {
    const delivered = {
      $set: { deliveredAt: new Date(now) },
      $unset: { number: '', message: '' },
      $setOnInsert: { channel, addedAt: new Date(addedAt) },
    } as const;
    await this.#database.write(() =>
      this.#deliveries.updateOne({ _id: `${channel}/${message.id}` }, delivered, { upsert: true }),
    );
  }

  async drop(channel: string, kept: number): Promise<number> {
    return this.#database.write(() => this.#dropOldest(channel, kept));
  }

  /** By count: some numbers have come to nothing. */
  async #dropOldest(channel: string, kept: number): Promise<number> {
    const newest = { sort: { number: -1 }, hint: BY_NUMBER, skip: kept, limit: 1 } as const;
    const [last] = await this.#deliveries.find({ channel, ...WAITING }, newest).toArray();
    if (last?.number === undefined) return 0;
    const old = { channel, number: { $gt: 0, $lte: last.number } };
    return (await this.#deliveries.deleteMany(old)).deletedCount;
  }

  async forgetDelivered(before: number): Promise<void> {
    const old = { deliveredAt: { $lt: new Date(before) } };
    await this.#database.write(() => this.#deliveries.deleteMany(old));
  }

  async standings(): Promise<ChannelStanding[]> {
    const failing: Filter<ChannelStandingDocument> = {
      $or: [{ failures: { $gt: 0 } }, { problem: { $type: 'string' } }],
    };
    // All at once, thousands would hold up turns while they are unpacked.
    const options = { batchSize: STANDINGS_AT_ONCE };
    const found = await this.#database.run(() => this.#channels.find(failing, options).toArray());
    return found.map(toStanding);
  }

  async saveStanding({ channel, ...standing }: ChannelStanding): Promise<void> {
    const { failingSince, nextAt, offSince, ...rest } = standing;
    const times = {
      ...{ failingSince: dateOf(failingSince), offSince: dateOf(offSince) },
      nextAt: new Date(nextAt),
    };
    await this.#database.write(() =>
      // Not there: it went with its rule, while it was being told something.
      this.#channels.updateOne({ _id: channel }, { $set: { ...rest, ...times } }),
    );
  }
}

/** Those that are there already stay as they are. @returns whether none was */
async function insertNew(
  collection: Collection<DeliveryDocument>,
  documents: DeliveryDocument[],
): Promise<boolean> {
  try {
    await collection.insertMany(documents, { ordered: false });
    return true;
  } catch (error) {
    if (!wereThere(error)) throw error;
    return false;
  }
}

/** Whether nothing is the matter but that some were there. An outage has no faults of single documents at all. */
function wereThere(error: unknown): boolean {
  if (!(error instanceof MongoBulkWriteError)) return false;
  const faults = [error.writeErrors].flat();
  return faults.length > 0 && faults.every(({ code }) => code === DUPLICATE_KEY);
}

function toStanding(found: ChannelStandingDocument): ChannelStanding {
  return {
    channel: found._id,
    failingSince: found.failingSince?.getTime() ?? null,
    failures: found.failures ?? 0,
    nextAt: found.nextAt?.getTime() ?? 0,
    problem: found.problem ?? null,
    offSince: found.offSince?.getTime() ?? null,
    words: found.words ?? '',
  };
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
