import { MongoBulkWriteError, type Collection, type Filter } from 'mongodb';
import type { Firing, FiringPlace, FiringRange, FiringStore } from '../alerts/firing-store.js';
import { FIRINGS_COLLECTION, type FiringDocument } from './alert.model.js';
import { confirmWrites } from './confirmation.js';
import type { Database } from './connect.js';
import { DUPLICATE_KEY } from './ignoring.js';

/** Digits enough for the last turn that there can be: ids are in the order of firings. */
const TURN_DIGITS = 10;

/** The firings in the collection `alert_firings`. */
export class MongoFiringStore implements FiringStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get #collection(): Collection<FiringDocument> {
    return this.#database.connection.collection<FiringDocument>(FIRINGS_COLLECTION);
  }

  async add(firings: readonly Firing[]): Promise<void> {
    for (let rest = firings.map(toDocument); rest.length > 0;) {
      const some = rest;
      rest = rest.slice(await this.#database.write(() => this.#insert(some)));
    }
  }

  /** In order, so that whoever reads along finds no later one before an earlier one. @returns how many are there */
  async #insert(documents: readonly FiringDocument[]): Promise<number> {
    try {
      await this.#collection.insertMany([...documents]);
      return documents.length;
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError) || error.code !== DUPLICATE_KEY) throw error;
      // Of the one that is there, somebody else's write may not be durable yet.
      await confirmWrites(this.#database.connection);
      return error.insertedCount + 1;
    }
  }

  async range({ rule, after, before, order, limit }: FiringRange): Promise<Firing[]> {
    const direction = order === 'NEWEST_FIRST' ? -1 : 1;
    // Of one rule, the turns alone are in order.
    const filter: Filter<FiringDocument> =
      rule === undefined
        ? { _id: { $gt: after ? idOf(after) : '', ...(before && { $lt: idOf(before) }) } }
        : { rule, turn: { ...turnsFrom(rule, after), ...turnsTo(rule, before) } };
    const isOfRule = rule !== undefined;
    const found = await this.#database.run(() =>
      this.#collection
        .find(filter, {
          sort: isOfRule ? { turn: direction } : { _id: direction },
          hint: isOfRule ? { rule: 1, turn: 1 } : { _id: 1 },
          limit,
        })
        .toArray(),
    );
    return found.filter(isFiring).map(toFiring);
  }

  async one(place: FiringPlace): Promise<Firing | null> {
    const found = await this.#database.run(() => this.#collection.findOne({ _id: idOf(place) }));
    return found && isFiring(found) ? toFiring(found) : null;
  }

  versionsOf(rule: string): Promise<number[]> {
    return this.#database.run(() => this.#collection.distinct('version', { rule }));
  }

  async remove(firings: readonly Firing[]): Promise<void> {
    if (firings.length === 0) return;
    const removals = firings.map((firing) => ({ deleteOne: { filter: toDocument(firing) } }));
    await this.#database.write(() => this.#collection.bulkWrite(removals));
  }
}

/** The turns of a rule after a place: the place's own, where the rule comes after it. */
function turnsFrom(rule: string, after: FiringPlace | undefined) {
  if (!after) return { $gte: 0 };
  return rule > after.rule ? { $gte: after.turn } : { $gt: after.turn };
}

function turnsTo(rule: string, before: FiringPlace | undefined) {
  if (!before) return {};
  return rule < before.rule ? { $lte: before.turn } : { $lt: before.turn };
}

function idOf({ turn, rule }: FiringPlace): string {
  return `${String(turn).padStart(TURN_DIGITS, '0')}/${rule}`;
}

function toDocument({ rule, version, turn, observedAt, value }: Firing): FiringDocument {
  return {
    _id: idOf({ turn, rule }),
    rule,
    version,
    turn,
    observedAt: new Date(observedAt),
    value,
  };
}

function toFiring({ rule, version, turn, observedAt, value }: FiringDocument): Firing {
  return { rule, version, turn, observedAt: observedAt.getTime(), value };
}

/** One that is damaged costs only itself. */
function isFiring({ rule, version, turn, observedAt, value }: Partial<FiringDocument>): boolean {
  return (
    typeof rule === 'string' &&
    typeof version === 'number' &&
    typeof turn === 'number' &&
    observedAt instanceof Date &&
    typeof value === 'number'
  );
}
