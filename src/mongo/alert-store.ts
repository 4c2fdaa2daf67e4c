import type { Collection, Document, Filter } from 'mongodb';
import { MongoServerError } from 'mongodb';
import { z } from 'zod';
import type { Condition } from '../domain/alerts/condition.js';
import type { Line } from '../domain/series/line.js';
import { CHANNEL_KINDS } from '../alerts/channels/channel.js';
import type { FoundVersion, FoundVersions, NewVersion, RuleStore } from '../alerts/rule-store.js';
import type { Damage } from '../history/damage.js';
import { nameSome } from '../name-some.js';
import { ALERTS_COLLECTION, type AlertDocument } from './alert.model.js';
import { confirmWrites } from './confirmation.js';
import type { Database } from './connect.js';
import { CHANNELS_COLLECTION, type ChannelStandingDocument } from './delivery.model.js';
import { DUPLICATE_KEY } from './ignoring.js';
import { findRaw, parsed, parsedAnyhow } from './raw-documents.js';

const LEVEL_KINDS = ['ABOVE', 'BELOW', 'CROSSES'] as const satisfies Condition['kind'][];
const LINE_KINDS: Readonly<Record<Line['kind'], true>> = {
  ...{ CELL: true, ASSET: true, WALLET: true, BALANCE: true },
  ...{ STRATEGY: true, CONSISTENCY: true, WINDOW: true },
};

const text = z.string().min(1);
const whole = z.int().min(0);

/** A document as far as its fields go. What a line is made of beside its kind is held against the universe later. */
const SHAPE = z.object({
  _id: z.int().min(1),
  rule: text,
  version: z.int().min(1),
  name: text,
  line: z.custom<Line>((line) => ((line as Line | null)?.kind ?? '') in LINE_KINDS),
  condition: z.union([
    z.object({ kind: z.enum(LEVEL_KINDS), level: z.number() }),
    z.object({ kind: z.literal('MOVES'), percent: z.number().positive(), within: whole }),
  ]),
  cooldown: whole,
  isEnabled: z.boolean(),
  channels: z.array(
    z.object({ id: text, kind: z.enum(CHANNEL_KINDS), name: text, target: text, sealed: text }),
  ),
  isDeleted: z.boolean(),
  afterTurn: whole.exactOptional(),
});

/** The versions of the rules in the collection `alerts`. */
export class MongoRuleStore implements RuleStore {
  readonly #database: Database;
  readonly #damage: Damage;

  constructor(database: Database, damage: Damage) {
    this.#database = database;
    this.#damage = damage;
  }

  get #collection(): Collection<AlertDocument> {
    return this.#database.connection.collection<AlertDocument>(ALERTS_COLLECTION);
  }

  /** How their channels stand. */
  get #standings(): Collection<ChannelStandingDocument> {
    return this.#database.connection.collection<ChannelStandingDocument>(CHANNELS_COLLECTION);
  }

  async from(sequence: number): Promise<FoundVersions> {
    const documents = await this.#database.run(() =>
      findRaw(
        this.#database,
        ALERTS_COLLECTION,
        { _id: { $gte: sequence } as never },
        { sort: { _id: 1 }, hint: { _id: 1 } },
      ),
    );
    const versions = documents.map(readVersion);
    const damaged = documents.filter((_, at) => versions[at] === null).map(placeOf);
    if (damaged.length > 0) {
      const words = `Of the versions of alerts, ${nameSome(damaged.map(String))} in the collection ${ALERTS_COLLECTION} cannot be read: they are passed over.`;
      this.#damage.report('alerts', words);
    }
    const last = documents.at(-1);
    return {
      versions: versions.filter((version) => version !== null),
      last: last ? placeOf(last) : 0,
    };
  }

  async add(version: NewVersion, sequence: number): Promise<boolean> {
    const document = { _id: sequence, ...version, savedAt: new Date() } as AlertDocument;
    return this.#database.write(async () => {
      try {
        await this.#collection.insertOne(document);
        return true;
      } catch (error) {
        if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
      }
      // After a lost answer what is there may be this one; durable, if any.
      await confirmWrites(this.#database.connection);
      const { rule, savedAt } = document;
      const own = { _id: sequence, rule, version: document.version, savedAt };
      return (await this.#collection.findOne(own, { projection: { _id: 1 } })) !== null;
    });
  }

  async begin(sequence: number, afterTurn: number): Promise<number> {
    return this.#database.write(async () => {
      const unset = { _id: sequence, afterTurn: { $exists: false } };
      await this.#collection.updateOne(unset, { $set: { afterTurn } });
      const there = await this.#collection.findOne({ _id: sequence });
      return there?.afterTurn ?? afterTurn;
    });
  }

  async beginNoLaterThan(turn: number): Promise<void> {
    const later = { afterTurn: { $gt: turn } };
    await this.#database.write(() =>
      this.#collection.updateMany(later, { $set: { afterTurn: turn } }),
    );
  }

  async dropChannels(rule: string, beforeSequence: number): Promise<void> {
    const earlier = { rule, _id: { $lt: beforeSequence }, 'channels.0': { $exists: true } };
    await this.#database.write(async () => {
      const kept = await this.#channelsOf({ _id: beforeSequence });
      const gone = (await this.#channelsOf(earlier)).filter((id) => !kept.includes(id));
      // What names them goes last: whoever is stopped in between is gone on for.
      if (gone.length > 0) await this.#standings.deleteMany({ _id: { $in: gone as string[] } });
      await this.#collection.updateMany(earlier, { $set: { channels: [] } });
    });
  }

  async remove(sequences: readonly number[]): Promise<void> {
    if (sequences.length === 0) return;
    const these = { _id: { $in: [...sequences] } };
    await this.#database.write(() => this.#collection.deleteMany(these));
  }

  /** By the database: of a document that is damaged, what there is. */
  #channelsOf(filter: Filter<AlertDocument>): Promise<unknown[]> {
    return this.#collection.distinct('channels.id', filter);
  }
}

function readVersion(bytes: Uint8Array): FoundVersion | null {
  const checked = SHAPE.safeParse(parsed(bytes));
  if (!checked.success) return null;
  const { _id, afterTurn = null, condition, ...rest } = checked.data;
  return { ...rest, condition: condition as Condition, sequence: _id, afterTurn };
}

function placeOf(bytes: Uint8Array): number {
  const { _id } = parsedAnyhow(bytes) as Document & { _id?: unknown };
  return typeof _id === 'number' ? _id : 0;
}
