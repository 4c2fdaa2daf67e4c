import type { mongoose } from '@typegoose/typegoose';
import type { Document, Filter, FindOptions } from 'mongodb';
import type { Cycle } from '../domain/cycle.js';
import type { BlockRemoval } from '../history/blocks/block-removal.js';
import type { SealedBlocks } from '../history/blocks/sealed-blocks.js';
import type { CycleRange, CycleStore, TurnSpan } from '../history/cycle-store.js';
import type { Pace } from '../scheduling/slices.js';
import type { StoredCycle } from '../history/stored-cycle.js';
import { OPERATION_DEADLINE_MS, PATIENCE_MS } from './availability.js';
import { confirmWrites } from './confirmation.js';
import type { Database } from './connect.js';
import { CycleDocument } from './cycle.model.js';
import { idOfCycle, rememberId } from './cycle-ids.js';
import { toDocument } from './cycle-mapping.js';
import { LAST_TURN } from './cycle-reading.js';
import { insertOnce } from './insert-once.js';
import { modelOn } from './model-on.js';
import { MongoBlockSource } from './block-source.js';
import { readAll } from './raw-cycles.js';
import { findRaw, parsedAnyhow } from './raw-documents.js';
import { ObservedBlocks, type TurnInterval } from './observed-blocks.js';

/** A deletion of more might outlast what one operation may take. */
const REMOVED_AT_ONCE = 1_000;

/** The indexes that are asked for, so that no planner tries others out. */
const BY_TURN = { turn: 1 } as const;
const BY_TURN_AND_TIME = { turn: 1, observedAt: 1 } as const;

/** Turns from `first` to `last`, and where set only those observed in `[from, to)`. */
interface Page extends TurnInterval {
  readonly order: CycleRange['order'];
  readonly limit: number;
  readonly observedAt?: { readonly from: number; readonly to: number };
}

type Removal = Pick<BlockRemoval, 'through' | 'before' | 'with'>;

/** The cycles in the collection `cycle_matrices`, one document a turn. */
export class MongoCycleStore implements CycleStore {
  readonly #database: Database;
  readonly #blocks: ObservedBlocks;
  readonly #removal: Removal | null;
  #visibleFrom = 1;

  /**
   * @param removal removes what is sealed of the cycles that are about to be removed
   * @param sealed says of sealed blocks when their turns were observed
   */
  constructor(
    database: Database,
    removal: Removal | null = null,
    sealed: Pick<SealedBlocks, 'counting'> | null = null,
  ) {
    this.#database = database;
    this.#removal = removal;
    this.#blocks = new ObservedBlocks(new MongoBlockSource(database, sealed));
  }

  get #model(): mongoose.Model<CycleDocument> {
    return modelOn(this.#database, CycleDocument);
  }

  async latest(): Promise<StoredCycle | null> {
    const [cycle] = await this.range({ order: 'NEWEST_FIRST', limit: 1 });
    return cycle ?? null;
  }

  async byTurns(turns: readonly number[], pace?: Pace): Promise<StoredCycle[]> {
    return readAll(await this.#find({ turn: { $in: [...turns] } }, {}), pace);
  }

  async range(range: CycleRange): Promise<StoredCycle[]> {
    const { afterTurn = 0, beforeTurn = Infinity, from, to, order, limit, pace } = range;
    const asked = {
      first: Math.max(afterTurn, this.#visibleFrom - 1) + 1,
      last: beforeTurn - 1,
      order,
    };
    if (from === undefined && to === undefined) {
      return this.#page({ ...asked, limit }, pace);
    }
    const observedAt = { from: from ?? -Infinity, to: to ?? Infinity };
    const candidates = await this.#blocks.candidates(observedAt.from, observedAt.to);
    const found: StoredCycle[] = [];
    for (const interval of order === 'NEWEST_FIRST' ? candidates.reverse() : candidates) {
      if (found.length >= limit) break;
      const first = Math.max(interval.first, asked.first);
      const last = Math.min(interval.last, asked.last);
      if (first > last) continue;
      const rest = { first, last, order, limit: limit - found.length, observedAt };
      found.push(...(await this.#page(rest, pace)));
    }
    return found;
  }

  /**
   * Cycles in the order of their turns: as many keys are looked at as turns are passed. A document
   * between two turns is none, and leaves its place to the next.
   */
  async #page(page: Page, pace?: Pace): Promise<StoredCycle[]> {
    const cycles: StoredCycle[] = [];
    for (let { first, last } = page; first <= last;) {
      const rest = { ...page, first, last, limit: page.limit - cycles.length };
      const documents = await this.#documents(rest);
      cycles.push(...(await readAll(documents, pace)));
      const end = documents.at(-1);
      if (!end || documents.length < rest.limit || cycles.length >= page.limit) break;
      const turn = Number(parsedAnyhow(end)['turn']);
      if (page.order === 'NEWEST_FIRST') last = Math.ceil(turn) - 1;
      else first = Math.floor(turn) + 1;
    }
    return cycles;
  }

  #documents({ first, last, order, limit, observedAt }: Page): Promise<Uint8Array[]> {
    const turn = { $gte: first, $lte: Math.min(last, LAST_TURN) };
    const time = observedAt && within(observedAt);
    return this.#find(
      { turn, ...time },
      {
        sort: { turn: order === 'NEWEST_FIRST' ? -1 : 1 },
        limit,
        hint: time ? BY_TURN_AND_TIME : BY_TURN,
      },
    );
  }

  /** Documents as they are stored. */
  #find(filter: Filter<Document>, options: FindOptions): Promise<Uint8Array[]> {
    return this.#database.run(() => findRaw(this.#database, 'cycle_matrices', filter, options));
  }

  async span(): Promise<TurnSpan | null> {
    const end = (direction: 1 | -1) =>
      this.#database.run(() =>
        this.#model
          .findOne({ turn: { $gte: this.#visibleFrom, $lte: LAST_TURN } }, { turn: 1, _id: 0 })
          .sort({ turn: direction })
          .lean<Pick<CycleDocument, 'turn'>>()
          .exec(),
      );
    const [oldest, latest] = await Promise.all([end(1), end(-1)]);
    if (!oldest || !latest) return null;
    // One that was damaged may stand between two turns.
    return { oldest: Math.ceil(oldest.turn), latest: Math.floor(latest.turn) };
  }

  async count(): Promise<number> {
    // Of the index alone, the documents unread.
    const all = { turn: { $gte: 0 } };
    return this.#database.run(() => this.#model.countDocuments(all).hint(BY_TURN).exec());
  }

  async save(cycle: Cycle): Promise<'SAVED' | 'TURN_TAKEN'> {
    const document = toDocument(cycle);
    rememberId(cycle, document._id);
    const stored = await insertOnce(this.#database, [document], PATIENCE_MS);
    return stored === 1 ? 'SAVED' : 'TURN_TAKEN';
  }

  saveAll(cycles: readonly Cycle[]): Promise<number> {
    return insertOnce(this.#database, cycles.map(toDocument), OPERATION_DEADLINE_MS);
  }

  idOf(cycle: StoredCycle): string {
    return idOfCycle(cycle);
  }

  ids(
    turns: readonly number[],
    { isConfirmed } = { isConfirmed: false },
  ): Promise<ReadonlyMap<number, string>> {
    if (!isConfirmed) return this.#database.run(() => this.#ids(turns), PATIENCE_MS);
    return this.#database.write(async () => {
      await confirmWrites(this.#database.connection);
      return this.#ids(turns);
    }, PATIENCE_MS);
  }

  async confirmed(cycles: readonly StoredCycle[]): Promise<StoredCycle[]> {
    // Read once more, because a server that failed meanwhile may have lost it before the write.
    const turns = cycles.map(({ turn }) => turn);
    const durable = await this.ids(turns, { isConfirmed: true });
    return cycles.filter((cycle) => durable.get(cycle.turn) === idOfCycle(cycle));
  }

  async #ids(turns: readonly number[]): Promise<Map<number, string>> {
    const found = await this.#model.collection
      .find({ turn: { $in: [...turns] } }, { projection: { turn: 1 } })
      .toArray();
    return new Map(found.map(({ _id, turn }) => [turn, String(_id)]));
  }

  async remove(turn: number): Promise<void> {
    await this.#removal?.with(turn);
    await this.#database.write(() => this.#model.deleteOne({ turn }).exec());
  }

  async removeThrough(turn: number): Promise<number> {
    await this.#removal?.through(turn);
    let removed = 0;
    for (let more = true; more;) {
      const count = await this.#removeDocuments(turn + 1, REMOVED_AT_ONCE);
      removed += count;
      more = count === REMOVED_AT_ONCE;
    }
    return removed;
  }

  async removeOldest(beforeTurn: number, limit: number): Promise<number> {
    await this.#removal?.before(beforeTurn);
    return this.#removeDocuments(beforeTurn, limit);
  }

  async #removeDocuments(beforeTurn: number, limit: number): Promise<number> {
    const oldest = await this.#database.run(() =>
      this.#model
        .find({ turn: { $lt: beforeTurn } }, { turn: 1, _id: 0 })
        .sort({ turn: 1 })
        .limit(limit)
        .lean<Pick<CycleDocument, 'turn'>[]>()
        .exec(),
    );
    const last = oldest.at(-1);
    if (!last) return 0;
    // Counted before: where the answer to a deletion was lost, the next one finds nothing.
    await this.#database.write(() => this.#model.deleteMany({ turn: { $lte: last.turn } }).exec());
    return oldest.length;
  }

  hideBefore(turn: number): void {
    this.#visibleFrom = turn;
  }
}

/** The condition that a time lies in `[from, to)`; either end may be infinite. */
function within({ from, to }: Required<Page>['observedAt']) {
  const least = Number.isFinite(from) && { $gte: new Date(from) };
  const most = Number.isFinite(to) && { $lt: new Date(to) };
  return { observedAt: { ...least, ...most } };
}
