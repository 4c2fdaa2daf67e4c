import type { mongoose } from '@typegoose/typegoose';
import { MongoServerError, type Document, type Filter, type FindOptions } from 'mongodb';
import type { StrategyConfig, StrategySettings } from '../domain/strategy.js';
import type { Damage } from '../history/damage.js';
import { nameSome } from '../name-some.js';
import type { ControlStore, TurnControl } from '../feeds/control-store.js';
import { CONFIG_COLLECTION, StrategyConfigDocument } from './config.model.js';
import { PATIENCE_MS } from './availability.js';
import { confirmWrites } from './confirmation.js';
import type { Database } from './connect.js';
import { CONFIG_SHAPE } from './cycle-reading.js';
import { DUPLICATE_KEY } from './ignoring.js';
import { modelOn } from './model-on.js';
import { findRaw, parsed, parsedAnyhow } from './raw-documents.js';
import { MongoTurnMarks } from './turn-marks.js';

/** No other document of the collection has a version: its index finds the newest one at once. */
const OF_STRATEGY = { version: { $gt: 0 } };

/** The settings and the turn counter in the collection `config`. */
export class MongoControlStore implements ControlStore {
  readonly #database: Database;
  readonly #damage: Damage;
  readonly #marks: MongoTurnMarks;
  /** The newest version that was known; 0 before all were looked at. */
  #known = 0;

  constructor(database: Database, damage: Damage) {
    this.#database = database;
    this.#damage = damage;
    this.#marks = new MongoTurnMarks(database, damage);
  }

  get #strategy(): mongoose.Model<StrategyConfigDocument> {
    return modelOn(this.#database, StrategyConfigDocument);
  }

  async control(initial: StrategySettings): Promise<TurnControl> {
    const [stored, marks] = await Promise.all([this.#newestStrategy(), this.#marks.read()]);
    return { strategy: stored ?? (await this.#initialise(initial)), ...marks };
  }

  async purgedThrough(): Promise<number> {
    return (await this.#marks.read()).purgedThrough;
  }

  async versionsAfter(version: number): Promise<StrategyConfig[]> {
    const after = { version: { $gt: version } };
    const documents = await this.#find(after, { sort: { version: 1 } });
    return documents.map(readSettings).filter((settings) => settings !== null);
  }

  async version(version: number): Promise<StrategyConfig | null> {
    const [document] = await this.#find({ _id: `strategy/${version}` as never });
    return document ? readSettings(document) : null;
  }

  async add(base: StrategyConfig, settings: StrategySettings): Promise<StrategyConfig | null> {
    const { newest, highest } = await this.#survey();
    if (newest?.version !== base.version) return null;
    const added: StrategyConfig = {
      ...settings,
      // The number of one that is damaged is not used again.
      version: highest + 1,
      // Never before the version that it follows, whatever a clock says.
      updatedAt: Math.max(Date.now(), base.updatedAt),
    };
    return this.#database.write(async () => {
      try {
        await this.#strategy.create([toStrategyDocument(added)]);
        return added;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
      // After a lost answer the version that is there may be this one; durable, if any.
      await confirmWrites(this.#database.connection);
      const there = await this.version(added.version);
      return there && isSame(there, added) ? added : null;
    });
  }

  markPurged(turn: number): Promise<void> {
    return this.#marks.raise({ purgedThrough: turn });
  }

  markVisibleFrom(turn: number): Promise<void> {
    return this.#marks.raise({ visibleFrom: turn });
  }

  markDropped(turn: number): Promise<void> {
    return this.#marks.raise({ droppedThrough: turn });
  }

  markCacheReset(): Promise<void> {
    return this.#marks.countCacheReset();
  }

  /**
   * The newest version that can be read. All are looked at the first time, and where the one that was
   * known cannot be read any more.
   */
  async #newestStrategy(): Promise<StrategyConfig | null> {
    const [document] = await this.#find(OF_STRATEGY, { sort: { version: -1 }, limit: 1 });
    const newest = document ? readSettings(document) : null;
    if (newest && this.#known > 0 && newest.version >= this.#known) {
      this.#known = newest.version;
      return newest;
    }
    const found = await this.#survey();
    this.#known = found.newest?.version ?? 0;
    return found.newest;
  }

  /** Looks at every version, and says which cannot be read. */
  async #survey(): Promise<{ newest: StrategyConfig | null; highest: number }> {
    const documents = await this.#find({ _id: { $gte: 'strategy/', $lt: 'strategy0' } as never });
    const damaged: string[] = [];
    let newest: StrategyConfig | null = null;
    let highest = 0;
    for (const bytes of documents) {
      const settings = readSettings(bytes);
      const id = String(parsedAnyhow(bytes)['_id']);
      if (!settings) damaged.push(id);
      highest = Math.max(highest, numberIn(id));
      if (settings && settings.version > (newest?.version ?? 0)) newest = settings;
    }
    this.#report(damaged, newest);
    return { newest, highest };
  }

  #report(damaged: readonly string[], newest: StrategyConfig | null): void {
    if (damaged.length === 0) {
      this.#damage.clear('settings');
      return;
    }
    const used = newest ? `version ${newest.version} is the newest that can` : 'none can';
    const words = `Of the versions of the strategy's settings, ${nameSome(damaged)} cannot be read: ${used}.`;
    this.#damage.report('settings', words);
  }

  /** Writes a first version, unless another process just did. */
  async #initialise(settings: StrategySettings): Promise<StrategyConfig> {
    const { highest } = await this.#survey();
    const added: StrategyConfig = { ...settings, version: highest + 1, updatedAt: Date.now() };
    await this.#database.write(async () => {
      try {
        await this.#strategy.create([toStrategyDocument(added)]);
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
    });
    return (await this.#newestStrategy()) ?? added;
  }

  #find(filter: Filter<Document>, options?: FindOptions): Promise<Uint8Array[]> {
    return this.#database.run(
      () => findRaw(this.#database, CONFIG_COLLECTION, filter, options),
      PATIENCE_MS,
    );
  }
}

/** A version's settings; null where they are not as this program writes them. */
function readSettings(bytes: Uint8Array): StrategyConfig | null {
  const document = parsed(bytes);
  const checked = CONFIG_SHAPE.safeParse(document);
  if (!checked.success || document?.['_id'] !== `strategy/${checked.data.version}`) return null;
  return { ...checked.data, updatedAt: checked.data.updatedAt.getTime() };
}

/** The version that an id is of, 0 where it is of none. */
function numberIn(id: string): number {
  return Number(/^strategy\/([1-9]\d{0,8})$/.exec(id)?.[1] ?? 0);
}

function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

function isSame(a: StrategyConfig, b: StrategyConfig): boolean {
  return (Object.keys(a) as (keyof StrategyConfig)[]).every((key) => a[key] === b[key]);
}

export function toStrategyDocument(version: StrategyConfig): StrategyConfigDocument {
  return {
    _id: `strategy/${version.version}`,
    ...version,
    updatedAt: new Date(version.updatedAt),
  };
}
