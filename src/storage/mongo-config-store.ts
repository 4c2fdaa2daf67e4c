import type { mongoose } from '@typegoose/typegoose';
import { MongoServerError } from 'mongodb';
import type { StrategyConfig, StrategySettings } from '../domain/strategy.js';
import type { ConfigStore, TurnControl } from '../pipeline/ports.js';
import { StrategyConfigDocument, TurnsDocument } from './config.model.js';
import { PATIENCE_MS } from './availability.js';
import { confirmWrites } from './confirmation.js';
import type { Database } from './connect.js';
import { modelOn } from './model-on.js';

const DUPLICATE_KEY = 11000;
/** No other document of the collection has a version: its index finds the newest one at once. */
const OF_STRATEGY = { version: { $gt: 0 } };

/** The settings and the turn counter in the collection `config`. */
export class MongoConfigStore implements ConfigStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get #strategy(): mongoose.Model<StrategyConfigDocument> {
    return modelOn(this.#database, StrategyConfigDocument);
  }

  get #turns(): mongoose.Model<TurnsDocument> {
    return modelOn(this.#database, TurnsDocument);
  }

  async control(initial: StrategySettings): Promise<TurnControl> {
    const [stored, turns] = await this.#database.run(
      () =>
        Promise.all([
          this.#newestStrategy(),
          this.#turns.findById('turns').lean<TurnsDocument>().exec(),
        ]),
      PATIENCE_MS,
    );
    const strategy = stored ?? (await this.#database.write(() => this.#initialise(initial)));
    return {
      strategy,
      purgedThrough: turns?.purgedThrough ?? 0,
      cacheResets: turns?.cacheResets ?? 0,
      visibleFrom: turns?.visibleFrom ?? 1,
      droppedThrough: turns?.droppedThrough ?? 0,
    };
  }

  async purgedThrough(): Promise<number> {
    const turns = await this.#database.run(
      () => this.#turns.collection.findOne({ _id: 'turns' as never }),
      PATIENCE_MS,
    );
    return (turns as TurnsDocument | null)?.purgedThrough ?? 0;
  }

  async versionsAfter(version: number): Promise<StrategyConfig[]> {
    const documents = await this.#database.run(() =>
      this.#strategy
        .find({ version: { $gt: version } })
        .sort({ version: 1 })
        .lean<StrategyConfigDocument[]>()
        .exec(),
    );
    return documents.map(toStrategyConfig);
  }

  async version(version: number): Promise<StrategyConfig | null> {
    const document = await this.#database.run(() =>
      this.#strategy.findById(`strategy/${version}`).lean<StrategyConfigDocument>().exec(),
    );
    return document && toStrategyConfig(document);
  }

  async add(base: StrategyConfig, settings: StrategySettings): Promise<StrategyConfig | null> {
    const config: StrategyConfig = {
      ...settings,
      version: base.version + 1,
      // Never before the version that it follows, whatever a clock says.
      updatedAt: Math.max(Date.now(), base.updatedAt),
    };
    return this.#database.write(async () => {
      try {
        await this.#strategy.create([toStrategyDocument(config)]);
        return config;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
      // After a lost answer the version that is there may be this one; durable, if any.
      await confirmWrites(this.#database.connection);
      const there = await this.version(config.version);
      return there && isSame(there, config) ? config : null;
    });
  }

  markPurged(turn: number): Promise<void> {
    return this.#raise({ purgedThrough: turn });
  }

  markVisibleFrom(turn: number): Promise<void> {
    return this.#raise({ visibleFrom: turn });
  }

  markDropped(turn: number): Promise<void> {
    return this.#raise({ droppedThrough: turn });
  }

  async markCacheReset(): Promise<void> {
    // One more where an answer was lost: only that it differs counts.
    await this.#database.write(() =>
      this.#turns
        .updateOne({ _id: 'turns' }, { $inc: { cacheResets: 1 } }, { upsert: true })
        .exec(),
    );
  }

  async #raise(marks: Partial<Omit<TurnsDocument, '_id' | 'cacheResets'>>) {
    await this.#database.write(() =>
      this.#turns.updateOne({ _id: 'turns' }, { $max: marks }, { upsert: true }).exec(),
    );
  }

  async #newestStrategy(): Promise<StrategyConfig | null> {
    const document = await this.#strategy
      .findOne(OF_STRATEGY)
      .sort({ version: -1 })
      .lean<StrategyConfigDocument>()
      .exec();
    return document && toStrategyConfig(document);
  }

  /** Writes version 1, unless another process just did. */
  async #initialise(settings: StrategySettings): Promise<StrategyConfig> {
    const config: StrategyConfig = { ...settings, version: 1, updatedAt: Date.now() };
    try {
      await this.#strategy.create([toStrategyDocument(config)]);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
    return (await this.#newestStrategy()) ?? config;
  }
}

function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

function isSame(a: StrategyConfig, b: StrategyConfig): boolean {
  return (Object.keys(a) as (keyof StrategyConfig)[]).every((key) => a[key] === b[key]);
}

function toStrategyDocument(config: StrategyConfig): StrategyConfigDocument {
  return {
    _id: `strategy/${config.version}`,
    ...config,
    updatedAt: new Date(config.updatedAt),
  };
}

function toStrategyConfig({ _id, ...record }: StrategyConfigDocument): StrategyConfig {
  return { ...record, updatedAt: record.updatedAt.getTime() };
}
