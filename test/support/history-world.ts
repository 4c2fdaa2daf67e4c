import type { Db, Document } from 'mongodb';
import { expect } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import type { CycleRange } from '../../src/history/cycle-store.js';
import type { StoredCycle } from '../../src/history/stored-cycle.js';
import type { OpenDatabase } from '../../src/open-database.js';
import type { TestDatabase } from './database.js';
import { ageAll, cyclesAt, type SealedPlace } from './sealed.js';

const BLOCK = 2_048;
const COLLECTIONS = ['cycle_matrices', 'history_blocks', 'history_manifest'] as const;

/** What there is to be, as a plain list. */
interface Model {
  cycles: Cycle[];
  visibleFrom: number;
  /** The last turn that was ever used, by this history. */
  used: number;
}

interface Kept extends Model {
  readonly stored: ReadonlyMap<string, readonly Document[]>;
}

/** A database beside what is to be in it, as a plain list. */
export class World {
  model: Model = { cycles: [], visibleFrom: 1, used: 0 };
  open: OpenDatabase;
  #kept: Kept | null = null;
  #step = 0;

  constructor(
    readonly place: SealedPlace,
    readonly database: TestDatabase,
  ) {
    this.open = place.open;
  }

  async save(count: number, jump: boolean): Promise<void> {
    const { used } = this.model;
    const first = jump ? (Math.floor(used / BLOCK) + 1) * BLOCK + 1 : used + 1;
    const turns = Array.from({ length: count }, (_, n) => first + 2 * n);
    // Those of another history differ.
    const cycles = cyclesAt(turns, this.#step++);
    expect(await this.open.cycles.saveAll(cycles)).toBe(count);
    this.model.cycles.push(...cycles);
    this.model.used = turns.at(-1) ?? used;
  }

  async seal(): Promise<void> {
    const sealing = this.place.sealing(this.open.history);
    while ((await sealing.run()) === 'SEALED');
  }

  /** Ends after some deletions, in the middle of one, or before any. */
  async age(ended: number | null): Promise<void> {
    if (ended === null) {
      await ageAll(this);
      return;
    }
    const { rewrite } = this.open.history;
    let left = ended;
    const remover = {
      allow: () => rewrite.allow(),
      async removeDocuments(ids: ReadonlyMap<number, string>) {
        const some = [...ids].slice(0, left);
        left -= some.length;
        await rewrite.removeDocuments(new Map(some));
        if (left <= 0) throw new Error('ended');
      },
    };
    try {
      await ageAll(this, { remover });
    } catch (error) {
      expect((error as Error).message).toBe('ended');
    }
  }

  async purge(turn: number): Promise<void> {
    const { cycles } = this.model;
    const gone = cycles.filter((cycle) => cycle.turn <= turn);
    this.model.cycles = cycles.filter((cycle) => cycle.turn > turn);
    await this.open.cycles.removeThrough(turn);
    expect(gone.filter(({ turn: each }) => each > turn)).toEqual([]);
  }

  async retain(from: number): Promise<void> {
    const { model, open } = this;
    model.visibleFrom = Math.max(model.visibleFrom, from);
    open.cycles.hideBefore(model.visibleFrom);
    while ((await open.cycles.removeOldest(model.visibleFrom - 1, 3)) >= 3);
    model.cycles = model.cycles.filter(({ turn }) => turn >= model.visibleFrom - 1);
  }

  async restart(): Promise<void> {
    this.open = await this.database.open(this.place.db.databaseName);
    this.open.cycles.hideBefore(this.model.visibleFrom);
  }

  async keep(): Promise<void> {
    const stored = new Map<string, Document[]>();
    for (const name of COLLECTIONS) {
      stored.set(name, await this.place.db.collection(name).find({}, RAW).toArray());
    }
    this.#kept = { ...this.model, cycles: [...this.model.cycles], stored };
  }

  async restore(): Promise<void> {
    if (!this.#kept) return;
    const { stored, cycles, visibleFrom, used } = this.#kept;
    for (const [name, documents] of stored) await putBack(this.place.db, name, documents);
    this.model = { cycles: [...cycles], visibleFrom, used };
    // As after any restore, with all instances stopped.
    await this.restart();
  }

  async check(): Promise<void> {
    const { model, open } = this;
    const { cycles } = open;
    const shown = model.cycles.filter(({ turn }) => turn >= model.visibleFrom);
    const turns = model.cycles.map(({ turn }) => turn);
    const asked = [...new Set([0, ...turns.flatMap((turn) => [turn, turn + 1])])];
    const found = await cycles.byTurns(asked);
    expect([...found].sort((a, b) => a.turn - b.turn)).toStrictEqual(model.cycles);
    const ids = new Map(found.map((cycle) => [cycle.turn, cycles.idOf(cycle)]));
    const known = await cycles.ids(asked);
    expect(new Map([...known].sort(([a], [b]) => a - b))).toEqual(
      new Map([...ids].sort(([a], [b]) => a - b)),
    );
    expect(await cycles.confirmed(found)).toEqual(found);
    expect(await cycles.count()).toBe(model.cycles.length);
    const [oldest, latest] = [shown.at(0)?.turn, shown.at(-1)?.turn];
    expect(await cycles.span()).toEqual(oldest === undefined ? null : { oldest, latest });
    expect(await cycles.latest()).toEqual(shown.at(-1) ?? null);
    for (const range of rangesOf(shown)) {
      expect(await cycles.range(range), JSON.stringify(range)).toStrictEqual(inModel(shown, range));
    }
    await this.#checkOthers();
  }

  async #checkOthers(): Promise<void> {
    const { model, open } = this;
    const from = model.cycles.at(2)?.turn ?? 1;
    const ages = model.cycles
      .filter(({ turn }) => turn >= from)
      .map(({ turn, completedAt, frame: { observedAt } }) => ({ turn, observedAt, completedAt }));
    expect(await open.ages.agesFrom(from, 7)).toEqual(ages.slice(0, 7));
    const times = ages.map(({ observedAt }) => observedAt);
    expect(await open.ages.observedWithin(from, Number.MAX_SAFE_INTEGER)).toEqual(
      times.length === 0 ? null : { first: Math.min(...times), last: Math.max(...times) },
    );
    const documents: StoredCycle[] = [];
    for await (const { cycle } of open.history.turns.documents(1, Infinity)) documents.push(cycle);
    expect(documents).toStrictEqual(model.cycles);
    const chunked: number[] = [];
    for await (const chunk of open.chunks.chunks(model.visibleFrom, Infinity)) {
      const records = await chunk.records();
      expect(records.every((record) => record !== null)).toBe(true);
      chunked.push(...chunk.turns);
    }
    const shown = model.cycles.filter(({ turn }) => turn >= model.visibleFrom);
    expect(chunked).toEqual(shown.map(({ turn }) => turn));
  }
}

const RAW = { promoteValues: false } as const;

async function putBack(db: Db, name: string, documents: readonly Document[]): Promise<void> {
  await db.collection(name).deleteMany({});
  if (documents.length === 0) return;
  await db
    .collection(name)
    .insertMany([...documents] as never[], { bypassDocumentValidation: true });
}

function rangesOf(shown: readonly Cycle[]): CycleRange[] {
  const at = (part: number) => shown.at(Math.floor(shown.length * part));
  const [early, late] = [at(0.3), at(0.8)];
  const ranges = (['NEWEST_FIRST', 'OLDEST_FIRST'] as const).flatMap((order): CycleRange[] => [
    { order, limit: 1_000 },
    { order, limit: 5 },
    ...(early && late
      ? [
          { order, limit: 4, afterTurn: early.turn },
          { order, limit: 4, beforeTurn: late.turn },
          { order, limit: 6, from: early.frame.observedAt, to: late.frame.observedAt },
          { order, limit: 2, from: late.frame.observedAt, beforeTurn: late.turn + 3 },
          { order, limit: 3, to: late.frame.observedAt, afterTurn: early.turn },
        ]
      : []),
  ]);
  return ranges;
}

function inModel(shown: readonly Cycle[], range: CycleRange): Cycle[] {
  const { afterTurn = 0, beforeTurn = Infinity, from = -Infinity, to = Infinity } = range;
  const found = shown.filter(
    ({ turn, frame: { observedAt } }) =>
      turn > afterTurn && turn < beforeTurn && observedAt >= from && observedAt < to,
  );
  return (range.order === 'NEWEST_FIRST' ? found.reverse() : found).slice(0, range.limit);
}
