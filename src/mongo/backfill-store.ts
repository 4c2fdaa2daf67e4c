import type { Collection, Document } from 'mongodb';
import { compareCodeUnits, pairKey, type Pair } from '../domain/asset.js';
import { DAY } from '../domain/series/span.js';
import {
  extentOfPairs,
  type BackfilledPair,
  type BackfillExtent,
  type BackfillStore,
} from '../history/backfill/backfill-store.js';
import {
  DAY_MINUTES,
  minuteAt,
  nameOfDay,
  type AskedMinutes,
  type DayCloses,
} from '../history/backfill/day-closes.js';
import { packColumn, unpackColumn } from '../history/blocks/column.js';
import type { Damage } from '../history/damage.js';
import {
  BACKFILLED_DAYS_COLLECTION,
  BACKFILLED_PAIRS_COLLECTION,
  type BackfilledDayDocument,
  type BackfilledPairDocument,
} from './backfill.model.js';
import type { Database } from './connect.js';
import { findRaw, parsedAnyhow } from './raw-documents.js';
import { sizeOf } from './storage-sizes.js';

/** Backfilled closes, a document for each pair and day. */
export class MongoBackfillStore implements BackfillStore {
  readonly #database: Database;
  readonly #damage: Damage;

  constructor(database: Database, damage: Damage) {
    this.#database = database;
    this.#damage = damage;
  }

  async pairs(): Promise<BackfilledPair[]> {
    const found = await this.#database.run(() =>
      findRaw(this.#database, BACKFILLED_PAIRS_COLLECTION, {}),
    );
    const pairs = found.map((bytes) => toPair(parsedAnyhow(bytes)));
    const sound = pairs.filter((pair) => pair !== null);
    this.#reportPairs(pairs.length - sound.length);
    return sound.sort((a, b) => compareCodeUnits(a.symbol, b.symbol));
  }

  async days(pairs: readonly Pair[], days: readonly number[]): Promise<DayCloses[]> {
    const asked = new Map<string, Pick<DayCloses, 'pair' | 'day'>>();
    for (const day of days) for (const pair of pairs) asked.set(idOf(day, pair), { pair, day });
    if (asked.size === 0) return [];
    const filter = { _id: { $in: [...asked.keys()] } } as object;
    const found = await this.#database.run(() =>
      findRaw(this.#database, BACKFILLED_DAYS_COLLECTION, filter),
    );
    return found
      .map((bytes) => this.#toDay(parsedAnyhow(bytes), asked))
      .filter((day) => day !== null);
  }

  async asked(day: number): Promise<ReadonlyMap<string, AskedMinutes>> {
    const found = await this.days(await this.pairs(), [day]);
    return new Map(
      found.map(({ pair, from, to, faults }) => [pairKey(pair), { from, to, faults }]),
    );
  }

  /** The pair first: what is not told of is not there. */
  async save({ pair, day, from, to, faults, closes }: DayCloses): Promise<void> {
    const { symbol, base, quote } = pair;
    const own = closes.slice(from, to);
    const count = own.reduce((sum, close) => sum + (Number.isNaN(close) ? 0 : 1), 0);
    const document = { from, to, faults, count, closes: Buffer.from(packColumn(own)) };
    const told = {
      ...{ symbol: { $literal: symbol }, base: { $literal: base }, quote: { $literal: quote } },
      from: bound('$min', '$from', minuteAt(day, from)),
      to: bound('$max', '$to', minuteAt(day, to)),
    };
    await this.#database.write(() =>
      this.#pairs.updateOne({ _id: pairKey(pair) }, [{ $set: told }], { upsert: true }),
    );
    await this.#database.write(() =>
      this.#days.replaceOne({ _id: idOf(day, pair) }, document, { upsert: true }),
    );
  }

  async extent(): Promise<BackfillExtent | null> {
    const pairs = await this.pairs();
    const range = extentOfPairs(pairs);
    if (range === null) return null;
    const [[counted], bytes] = await Promise.all([
      this.#database.run(() =>
        this.#days
          .aggregate<{ closes: unknown }>([{ $group: { _id: null, closes: { $sum: '$count' } } }])
          .toArray(),
      ),
      sizeOf(this.#database, BACKFILLED_DAYS_COLLECTION),
    ]);
    return {
      pairs: pairs.length,
      closes: Number(counted?.closes ?? 0),
      ...range,
      bytes,
    };
  }

  async removeBefore(day: number): Promise<void> {
    const begin = new Date(day * DAY);
    await this.#database.write(async () => {
      await this.#days.deleteMany({ _id: { $lt: nameOfDay(day) } });
      await this.#pairs.deleteMany({ to: { $lte: begin } });
      await this.#pairs.updateMany({ from: { $lt: begin } }, { $set: { from: begin } });
    });
  }

  async removeAll(): Promise<boolean> {
    return this.#database.write(async () => {
      const { deletedCount } = await this.#days.deleteMany({});
      await this.#pairs.deleteMany({});
      return deletedCount > 0;
    });
  }

  #reportPairs(damaged: number): void {
    const what = 'backfilled pairs';
    if (damaged === 0) return this.#damage.clear(what);
    const words = `${damaged} of the pairs with backfilled closes (collection ${BACKFILLED_PAIRS_COLLECTION}) cannot be read`;
    this.#damage.report(what, `${words}: dynamics backfill reads their closes anew.`);
  }

  /** Null where it cannot be read: it costs only itself. */
  #toDay(
    document: Document,
    asked: ReadonlyMap<string, Pick<DayCloses, 'pair' | 'day'>>,
  ): DayCloses | null {
    const id = String(document['_id']);
    const which = asked.get(id);
    if (!which) return null;
    const what = `backfilled day ${id}`;
    try {
      const packed = document['closes'] as { readonly buffer?: Uint8Array } | undefined;
      if (!isAsked(document)) throw new Error('its minutes are none');
      const { from, to, faults } = document;
      if (!(packed?.buffer instanceof Uint8Array)) throw new Error('it has no closes');
      const closes = new Float64Array(DAY_MINUTES).fill(NaN);
      closes.set(unpackColumn(packed.buffer, to - from), from);
      this.#damage.clear(what);
      return { ...which, from, to, faults, closes };
    } catch (error) {
      const why = (error as Error).message;
      const words = `The backfilled day ${id} cannot be read: ${why}`;
      this.#damage.report(what, `${words}; dynamics backfill reads it anew.`);
      return null;
    }
  }

  get #days(): Collection<BackfilledDayDocument> {
    return this.#database.connection.collection<BackfilledDayDocument>(BACKFILLED_DAYS_COLLECTION);
  }

  get #pairs(): Collection<BackfilledPairDocument> {
    return this.#database.connection.collection<BackfilledPairDocument>(
      BACKFILLED_PAIRS_COLLECTION,
    );
  }
}

function idOf(day: number, pair: Pair): string {
  return `${nameOfDay(day)}/${pairKey(pair)}`;
}

/** The earlier or the later of a moment and what is there, unless that is damaged. */
function bound(way: '$min' | '$max', there: string, moment: number) {
  const own = new Date(moment);
  return { $cond: [{ $eq: [{ $type: there }, 'date'] }, { [way]: [there, own] }, own] };
}

function isAsked(document: object): document is AskedMinutes {
  const { from, to, faults } = document as Partial<AskedMinutes>;
  const isWhole = [from, to, faults].every((each) => Number.isInteger(each) && Number(each) >= 0);
  return isWhole && Number(from) < Number(to) && Number(to) <= DAY_MINUTES;
}

function toPair(document: Partial<BackfilledPairDocument>): BackfilledPair | null {
  const { symbol, base, quote, from, to } = document;
  const areNames = [symbol, base, quote].every((name) => typeof name === 'string' && name !== '');
  if (!areNames || !(from instanceof Date) || !(to instanceof Date)) return null;
  const pair = { symbol, base, quote } as Pair;
  return { ...pair, from: from.getTime(), to: to.getTime() };
}
