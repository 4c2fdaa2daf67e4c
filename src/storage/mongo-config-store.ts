import type { mongoose } from '@typegoose/typegoose';
import { MongoServerError } from 'mongodb';
import type { StrategyConfig, StrategySettings } from '../domain/strategy.js';
import type { ConfigStore, TurnControl } from '../pipeline/ports.js';
import { StrategyConfigDocument, TurnsDocument } from './config.model.js';
import type { Database } from './connect.js';
import { modelOn } from './model-on.js';

const DUPLICATE_KEY = 11000;
const STRATEGY_ID = /^strategy\//;

/** The settings and the turn counter in the collection `config`. */
export class MongoConfigStore implements ConfigStore {
  readonly #database: Database;
  readonly #strategy: mongoose.Model<StrategyConfigDocument>;
  readonly #turns: mongoose.Model<TurnsDocument>;

  constructor(database: Database) {
    this.#database = database;
    this.#strategy = modelOn(database, StrategyConfigDocument);
    this.#turns = modelOn(database, TurnsDocument);
  }

  async control(initial: StrategySettings): Promise<TurnControl> {
    const [stored, turns] = await this.#database.run(() =>
      Promise.all([
        this.#newestStrategy(),
        this.#turns.findById('turns').lean<TurnsDocument>().exec(),
      ]),
    );
    const strategy = stored ?? (await this.#database.run(() => this.#initialise(initial)));
    return { strategy, purgedThrough: turns?.purgedThrough ?? 0 };
  }

  async #newestStrategy(): Promise<StrategyConfig | null> {
    const document = await this.#strategy
      .findOne({ _id: STRATEGY_ID })
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
      if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
    }
    return (await this.#newestStrategy()) ?? config;
  }
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
