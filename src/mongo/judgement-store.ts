import { MongoBulkWriteError, type Collection } from 'mongodb';
import type {
  JudgedCycle,
  JudgedTurn,
  JudgedTurnsFound,
  JudgementStore,
} from '../alerts/judgement-store.js';
import { JUDGEMENTS_COLLECTION, type JudgementDocument } from './alert.model.js';
import { confirmWrites } from './confirmation.js';
import type { Database } from './connect.js';
import { DUPLICATE_KEY } from './ignoring.js';

/** The judged turns in the collection `alert_judgements`. */
export class MongoJudgementStore implements JudgementStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get #collection(): Collection<JudgementDocument> {
    return this.#database.connection.collection<JudgementDocument>(JUDGEMENTS_COLLECTION);
  }

  async all(): Promise<JudgedTurnsFound> {
    const found = await this.#database.run(() =>
      this.#collection.find({}, { sort: { _id: 1 } }).toArray(),
    );
    const damaged = found.findIndex((document) => !isJudgement(document));
    const sound = damaged < 0 ? found : found.slice(0, damaged);
    const whole = sound.findIndex(({ isWhole }) => isWhole);
    const turns = sound.slice(Math.max(0, whole)).map(toJudged);
    const rest = found.slice(sound.length).map(({ _id, cycle }) => ({ turn: _id, cycle }));
    return { turns, rest };
  }

  async add(turns: readonly JudgedTurn[], writer: string): Promise<number> {
    const documents = turns.map((turn) => toDocument(turn, writer));
    let stored = 0;
    while (stored < documents.length) {
      const rest = documents.slice(stored);
      stored += await this.#database.write(() => this.#insertUntilTaken(rest));
      const next = documents[stored];
      if (!next) break;
      // After a lost answer the one that is there may be this one; durable, if any.
      const isOurs = await this.#database.write(async () => {
        await confirmWrites(this.#database.connection);
        return (await this.#collection.findOne({ _id: next._id, writer })) !== null;
      });
      if (!isOurs) break;
      stored++;
    }
    return stored;
  }

  async #insertUntilTaken(documents: JudgementDocument[]): Promise<number> {
    try {
      await this.#collection.insertMany(documents);
      return documents.length;
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError) || error.code !== DUPLICATE_KEY) throw error;
      return error.insertedCount;
    }
  }

  async remove(turns: readonly JudgedCycle[]): Promise<void> {
    if (turns.length === 0) return;
    const removals = turns.map(({ turn, cycle }) => ({
      deleteOne: { filter: { _id: turn, cycle } },
    }));
    await this.#database.write(() => this.#collection.bulkWrite(removals));
  }

  async removeBefore(turn: number): Promise<void> {
    await this.#database.write(() => this.#collection.deleteMany({ _id: { $lt: turn } }));
  }
}

function isJudgement({ _id, cycle, states, firings }: Partial<JudgementDocument>): boolean {
  const isSound = typeof _id === 'number' && typeof cycle === 'string';
  return isSound && Array.isArray(states) && Array.isArray(firings);
}

function toDocument(judged: JudgedTurn, writer: string): JudgementDocument {
  const { turn, cycle, states, isWhole, firings, confirmedThrough } = judged;
  return {
    _id: turn,
    ...{ cycle, writer, isWhole, confirmedThrough },
    states: states.map(({ firedAt, ...state }) => ({
      ...state,
      ...(firedAt !== null && { firedAt }),
    })),
    firings: firings.map(({ rule, version, observedAt, value }) => ({
      ...{ rule, version, observedAt, value },
    })),
  };
}

function toJudged(document: JudgementDocument): JudgedTurn {
  const { _id, cycle, states, isWhole, firings, confirmedThrough } = document;
  return {
    turn: _id,
    ...{ cycle, isWhole, confirmedThrough },
    states: states.map(({ firedAt = null, ...state }) => ({ ...state, firedAt })),
    firings: firings.map((firing) => ({ ...firing, turn: _id })),
  };
}
