import type { Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { SealedBlocks } from '../../src/history/blocks/sealed-blocks.js';
import { DatabaseUnavailableError } from '../../src/history/database-unavailable.js';
import { isReadable, UnreadableCycle } from '../../src/history/stored-cycle.js';
import { Recompute } from '../../src/history/recompute.js';
import { MongoBlockStore } from '../../src/mongo/block-store.js';
import { connectDatabase } from '../../src/mongo/connect.js';
import { MongoCycleRewrite } from '../../src/mongo/cycle-rewrite.js';
import { MongoCycleStore } from '../../src/mongo/cycle-store.js';
import { bringUpToDate, MIGRATIONS } from '../../src/mongo/migrations.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { failing } from '../support/outage-of-writes.js';
import {
  ageAll,
  agingOf,
  cyclesAt,
  sealedPlace,
  SPARSE,
  type SealedPlace,
} from '../support/sealed.js';

const database = useDatabase();
const NEWEST = SPARSE.filter((turn) => turn > 6_144);
const UNCHECKED = { bypassDocumentValidation: true };

const documents = ({ db }: SealedPlace) => db.collection('cycle_matrices');
const manifest = ({ db }: SealedPlace) => db.collection('history_manifest');
const parts = ({ db }: SealedPlace) => db.collection<{ _id: string }>('history_blocks');

async function turnsOfDocuments(place: SealedPlace): Promise<number[]> {
  const found = await documents(place).find().sort({ turn: 1 }).toArray();
  return found.map((document) => document['turn'] as number);
}

/** All cycles as a reader that has nothing in memory is given them. */
async function stored({ db }: SealedPlace): Promise<unknown[]> {
  const open = await database.open(db.databaseName);
  try {
    return await open.cycles.range({ order: 'OLDEST_FIRST', limit: 1_000 });
  } finally {
    await open.close();
  }
}

async function sealedAndAged(): Promise<SealedPlace> {
  const place = await sealedPlace(database);
  await place.sealAll();
  await ageAll(place);
  expect(await turnsOfDocuments(place)).toEqual(NEWEST);
  return place;
}

describe('documents that are old', () => {
  it('go once they are sealed, oldest first, and every answer stays', async () => {
    const place = await sealedPlace(database);
    const [all, known] = [await stored(place), await place.known()];
    expect(await ageAll(place)).toBe(0);
    await place.sealAll();
    const aging = agingOf(place);
    await aging.run(() => true, UNPACED);
    expect((await turnsOfDocuments(place))[0]).toBe(1);
    await aging.run(() => true, UNPACED);
    expect((await turnsOfDocuments(place))[0]).toBe(2_049);
    await ageAll(place);
    expect(await turnsOfDocuments(place)).toEqual(NEWEST);
    expect(await stored(place)).toStrictEqual(all);
    expect((await place.known()).turns).toStrictEqual(known.turns);
    expect(await place.flaws()).toEqual([]);
    const sealer = place.sealing();
    for (let round = 0; round < 5; round++) expect(await sealer.run()).toBe('NOTHING');
    expect(await stored(place)).toStrictEqual(all);
  });

  it('stay by default, while they are young, before their block was known for long, and without the right', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    const aging = (parts: Parameters<typeof agingOf>[1]) => ageAll(place, parts);
    expect(await aging({ days: 0 })).toBe(0);
    expect(await aging({ days: 36_500 })).toBe(0);
    expect(await aging({ knownMs: 60_000 })).toBe(0);
    expect(await aging({ backlog: { turns: [2] } })).toBe(0);
    expect(await agingOf(place).run(() => false, UNPACED)).toBe(false);
    expect(await turnsOfDocuments(place)).toEqual(SPARSE);
    expect(await manifest(place).countDocuments()).toBe(3);
  });

  it('stay where one of their block cannot be read, or is another one than was sealed', async () => {
    const place = await sealedPlace(database);
    await documents(place).updateOne({ turn: 3_001 }, { $set: { leadPrice: 7 } }, UNCHECKED);
    await place.sealAll();
    await documents(place).updateOne({ turn: 2_047 }, { $set: { leadPrice: 7 } }, UNCHECKED);
    await ageAll(place);
    expect(await turnsOfDocuments(place)).toEqual(
      SPARSE.filter((turn) => turn <= 4_096 || turn > 6_144),
    );
    expect(place.open.damage.warnings.join()).toContain(
      'Documents of block 0 of the sealed history are kept, because they differ from it (turn 2047: DIFFERS)',
    );
  });

  it('stay where their block is damaged, and it is sealed again', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    await parts(place).deleteOne({ _id: /^0000000.*volumes/ as never });
    await ageAll(place);
    expect((await turnsOfDocuments(place))[0]).toBe(1);
    await place.sealAll();
    await ageAll(place);
    expect(await turnsOfDocuments(place)).toEqual(NEWEST);
    expect(await place.flaws()).toEqual([]);
  });

  it('that was changed after the block became the only copy is never removed', async () => {
    const place = await sealedPlace(database);
    const all = await stored(place);
    await place.sealAll();
    await agingOf(place).run(() => true, UNPACED);
    await documents(place).updateOne({ turn: 2 }, { $set: { leadPrice: 7 } }, UNCHECKED);
    await ageAll(place);
    expect(await turnsOfDocuments(place)).toEqual([2, ...NEWEST]);
    // What is in the block is what was committed.
    expect(await stored(place)).toStrictEqual(all);
    expect((await place.flaws()).map(({ code, turn }) => [code, turn])).toEqual([['DIFFERS', 2]]);
  });
});

it('a program that does not know such blocks is kept out from the first one on', async () => {
  const place = await sealedPlace(database);
  await place.sealAll();
  const start = async () => {
    const parts = { damage: place.open.damage, log: keptLogger() };
    const migrations = MIGRATIONS.filter(({ isDeferred }) => !isDeferred);
    const opened = await connectDatabase({
      ...{ uri: database.engine.uri, name: place.db.databaseName, kind: 'EMBEDDED' },
      setUp: (direct) => bringUpToDate(direct, { ...parts, migrations }),
      mayBeAway: () => false,
    });
    await opened.close();
  };
  await start();
  await agingOf(place).run(() => true, UNPACED);
  await expect(start()).rejects.toThrow(
    'is of schema version 3, and this program knows versions up to 2',
  );
});

describe('an attempt that comes to no end', () => {
  it.each([
    ['that is not made', false],
    ['whose answer is lost', true],
  ])(
    'at any write %s leaves every answer as it was, and the next one completes',
    async (_, isMade) => {
      for (let writes = 0, isOver = false; !isOver; writes++) {
        const place = await sealedPlace(database);
        const all = await stored(place);
        await place.sealAll();
        const whole = await connectDatabase({
          ...{ uri: database.engine.uri, name: place.db.databaseName, kind: 'EMBEDDED' },
          setUp: () => Promise.resolve(),
          mayBeAway: () => false,
        });
        const broken = failing(whole, writes, isMade);
        const blocks = new MongoBlockStore(broken);
        const sealed = new SealedBlocks(blocks, new MongoCycleStore(whole));
        isOver = true;
        try {
          await ageAll(place, { blocks, sealed, remover: new MongoCycleRewrite(broken) });
        } catch (error) {
          if (!(error instanceof DatabaseUnavailableError)) throw error;
          isOver = false;
        }
        expect(await stored(place)).toStrictEqual(all);
        const sealer = place.sealing();
        for (let round = 0; round < 4; round++) await sealer.run();
        await ageAll(place);
        expect(await turnsOfDocuments(place)).toEqual(NEWEST);
        expect(await stored(place)).toStrictEqual(all);
        expect(await place.flaws()).toEqual([]);
        await whole.close();
      }
    },
  );
});

describe('a block that is the only copy', () => {
  it('and is damaged costs its own turns, each of which is there and says so', async () => {
    for (const part of ['turns', 'records', 'volumes', 'pair.0']) {
      const place = await sealedAndAged();
      await parts(place).deleteOne({ _id: new RegExp(`^0000001/.*/${part}$`) as never });
      const inBlock = (turn: number) => turn > 2_048 && turn <= 4_096;
      const open = await database.open(place.db.databaseName);
      const found = await open.cycles.byTurns(SPARSE);
      for (const cycle of found) expect(isReadable(cycle)).toBe(!inBlock(cycle.turn));
      expect(found.map(({ turn }) => turn).sort((a, b) => a - b)).toEqual(SPARSE);
      const [bad] = found.filter((cycle) => cycle instanceof UnreadableCycle);
      expect(bad?.message).toMatch(
        /^the cycle of turn \d+ cannot be read: of the sealed block 1, its only copy/,
      );
      const words = 'block 1 is damaged: part';
      expect(open.damage.warnings.join()).toContain(words);
      expect(open.damage.warnings.join()).toContain(
        'It is the only copy of the cycles of turns 2049 to 4096',
      );
      const flaws = await place.flaws();
      expect(flaws.map(({ code, block }) => [code, block])).toEqual([['BLOCK_DAMAGED', 1]]);
      // Neither sealing nor anything else takes away what is left of it.
      const left = await parts(place).countDocuments();
      const sealer = place.sealing({ aging: agingOf(place) });
      for (let round = 0; round < 6; round++) await sealer.run();
      expect(await parts(place).countDocuments()).toBe(left);
      const turns: number[] = [];
      for await (const chunk of place.open.chunks.chunks(1, Infinity)) {
        const records = await chunk.records();
        chunk.turns.forEach((turn, at) => {
          if (inBlock(turn)) expect(records[at]).toBeNull();
          if (SPARSE.includes(turn)) turns.push(turn);
        });
      }
      expect(turns).toEqual(SPARSE);
      expect(place.open.damage.warnings.join()).toContain(words);
    }
  });

  it('is not taken away for its damage where older documents stand', async () => {
    const place = await sealedPlace(database);
    await documents(place).updateOne({ turn: 2 }, { $set: { leadPrice: 7 } }, UNCHECKED);
    await place.sealAll();
    await ageAll(place);
    await parts(place).deleteOne({ _id: /^0000001.*volumes/ as never });
    const left = await parts(place).countDocuments();
    const sealer = place.sealing();
    for (let round = 0; round < 6; round++) await sealer.run();
    expect(await parts(place).countDocuments()).toBe(left);
    expect((await place.open.cycles.byTurns([1, 3_000, 4_100])).map(isReadable)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('answers still where its line of the manifest was changed, which verification names', async () => {
    const place = await sealedAndAged();
    const all = await stored(place);
    await manifest(place).updateOne({ block: 1, isOnlyCopy: true }, { $set: { firstTurn: 2_500 } });
    expect(await stored(place)).toStrictEqual(all);
    expect((await place.flaws()).map(({ code }) => code)).toContain('LINE_CHANGED');
    const sealer = place.sealing({ aging: agingOf(place) });
    for (let round = 0; round < 6; round++) await sealer.run();
    expect(await stored(place)).toStrictEqual(all);
  });

  it('keeps its turns from being used again', async () => {
    const place = await sealedAndAged();
    const { cycles } = place.open;
    const [own] = cyclesAt(SPARSE).filter(({ turn }) => turn === 3_000);
    const [other] = cyclesAt(SPARSE, 7).filter(({ turn }) => turn === 3_000);
    if (!own || !other) throw new Error('there is no such turn');
    expect(await cycles.save(other)).toBe('TURN_TAKEN');
    expect(await cycles.save(own)).toBe('SAVED');
    const next = cyclesAt([6_147, 6_148]);
    expect(await cycles.saveAll([own, ...next.slice(0, 1), other, ...next.slice(1)])).toBe(2);
    expect(await turnsOfDocuments(place)).toEqual([...NEWEST, 6_147]);
  });

  it('gives way to documents where its figures are computed anew', async () => {
    const falsified = cyclesAt(SPARSE).map((cycle) =>
      cycle.turn === 3_000
        ? { ...cycle, quants: { ...cycle.quants, values: [0.25, 1, -1] } }
        : cycle,
    );
    const place = await sealedPlace(database, falsified);
    const { open } = place;
    const before = new Map(
      (await documents(place).find().toArray()).map((each) => [each['turn'] as number, each]),
    );
    await place.sealAll();
    await ageAll(place);
    const { turns, rewrite, opening } = open.history;
    const write = { rewrite, removal: opening, check: () => undefined };
    const steps = new Recompute({ documents: turns, cycles: open.cycles, write });
    const outcomes: [number, string][] = [];
    for await (const { turn, outcome } of steps.over(1, 9_999)) outcomes.push([turn, outcome]);
    expect(outcomes.map(([turn]) => turn)).toEqual(SPARSE);
    expect(outcomes).toContainEqual([3_000, 'CHANGES']);
    expect(await turnsOfDocuments(place)).toEqual([2_049, 3_000, 3_001, 4_096, ...NEWEST]);
    for (const turn of [2_049, 4_096]) {
      expect(await documents(place).findOne({ turn })).toEqual(before.get(turn));
    }
    const expected = [...(await stored(place))];
    await place.sealAll();
    await ageAll(place);
    // The id of one that was rewritten follows from nothing, and yet it is the same.
    expect(await turnsOfDocuments(place)).toEqual(NEWEST);
    expect(await stored(place)).toStrictEqual(expected);
    const entries = (await open.history.sealed.all()).filter(({ block }) => block === 1);
    await opening.with(3_000);
    expect(entries).toHaveLength(1);
    expect(await stored(place)).toStrictEqual(expected);
  });

  it('goes with a purge, which other instances notice', async () => {
    const place = await sealedAndAged();
    const other = await database.open(place.db.databaseName);
    expect(await other.cycles.count()).toBe(SPARSE.length);
    expect(await place.open.cycles.removeThrough(6_146)).toBe(SPARSE.length);
    expect([await other.cycles.count(), await other.cycles.span()]).toEqual([0, null]);
    expect(await other.cycles.byTurns(SPARSE)).toEqual([]);
    expect(await parts(place).countDocuments()).toBe(0);
    expect(other.damage.warnings).toEqual([]);
  });
});

describe('a database that was put back in part', () => {
  it('from before the removal, with its documents: no turn is there twice', async () => {
    const place = await sealedPlace(database);
    const all = await stored(place);
    const copy = await documents(place).find().toArray();
    await place.sealAll();
    await ageAll(place);
    const old = copy.filter((document) => (document['turn'] as number) <= 3_000);
    await documents(place).deleteMany({});
    await documents(place).insertMany(old);
    const left = SPARSE.filter((turn) => turn <= 6_144);
    const open = await database.open(place.db.databaseName);
    const found = await open.cycles.range({ order: 'OLDEST_FIRST', limit: 1_000 });
    expect(found).toStrictEqual(all.slice(0, left.length));
    // The next turn comes after those of the blocks, also where their documents are not there.
    expect((await open.cycles.latest())?.turn).toBe(6_143);
    expect(await open.cycles.count()).toBe(left.length);
    const sealer = place.sealing({ aging: agingOf(place) });
    for (let round = 0; round < 8; round++) await sealer.run();
    expect(await stored(place)).toStrictEqual(all.slice(0, left.length));
  });

  it('with the manifest from before the removal, amid which the documents were copied, as well', async () => {
    const place = await sealedPlace(database);
    const all = await stored(place);
    await place.sealAll();
    const lines: Document[] = await manifest(place).find().toArray();
    await documents(place).deleteMany({ turn: { $lte: 3_000 } });
    const days = { aging: agingOf(place) };
    for (let round = 0; round < 8; round++) await place.sealing(days).run();
    expect(await manifest(place).countDocuments()).toBeGreaterThan(lines.length);
    expect(await stored(place)).toStrictEqual(all);
    expect(await place.flaws()).toEqual([]);
  });

  it('with the manifest alone, from before the removal: nothing is lost, and it answers again', async () => {
    const place = await sealedPlace(database);
    const all = await stored(place);
    await place.sealAll();
    const lines: Document[] = await manifest(place).find().toArray();
    await ageAll(place);
    await manifest(place).deleteMany({});
    await manifest(place).insertMany(lines);
    const open = await database.open(place.db.databaseName);
    const sealer = place.sealing({ ...open.history, aging: agingOf({ open }, { days: 0 }) });
    for (let round = 0; round < 8; round++) await sealer.run();
    expect(await stored(place)).toStrictEqual(all);
    expect(await place.flaws()).toEqual([]);
  });
});
