import type { Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { ageAll, agingOf, cyclesAt, sealedPlace, SPARSE } from '../support/sealed.js';
import { documents, manifest, storedCycles } from '../support/sealed-collections.js';

const database = useDatabase();

describe('a database that was set back', () => {
  it('answers with its documents at once where other cycles have the turns, and is sealed anew', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    await documents(place).deleteMany({ turn: { $gt: 3_000 } });
    await place.open.cycles.saveAll(cyclesAt(SPARSE, 5).filter(({ turn }) => turn > 3_000));
    const fresh = await sealedPlace(database, [
      ...cyclesAt(SPARSE).filter(({ turn }) => turn <= 3_000),
      ...cyclesAt(SPARSE, 5).filter(({ turn }) => turn > 3_000),
    ]);
    const { turns } = await fresh.known();
    expect(await place.known()).toStrictEqual({ turns, blocks: 1 });
    await place.sealAll();
    expect(await place.known()).toStrictEqual({ turns, blocks: 3 });
    expect(await place.flaws()).toEqual([]);
  });

  it('is noticed also where the manifest went back with it', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    await place.known();
    await manifest(place).deleteMany({ _id: { $gte: 2 as never } });
    expect((await place.known()).blocks).toBe(1);
    await place.sealAll();
    expect((await place.known()).blocks).toBe(3);
    expect(await place.flaws()).toEqual([]);
  });

  it('is noticed in the midst of a block by and by, and the block is sealed again', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    const [other] = cyclesAt(SPARSE, 9).filter(({ turn }) => turn === 3_000);
    await documents(place).deleteOne({ turn: 3_000 });
    await place.open.cycles.saveAll(other ? [other] : []);
    expect((await place.flaws()).map(({ code, turn }) => [code, turn])).toEqual([
      ['DIFFERS', 3_000],
    ]);
    const sealer = place.sealing();
    for (let round = 0; round < 5; round++) await sealer.run();
    expect(await place.flaws()).toEqual([]);
    expect((await place.known()).blocks).toBe(3);
  });
});

describe('a database that was put back in part', () => {
  it('from before the removal, with its documents: no turn is there twice', async () => {
    const place = await sealedPlace(database);
    const all = await storedCycles(database, place);
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
    expect(await storedCycles(database, place)).toStrictEqual(all.slice(0, left.length));
  });

  it('with the manifest from before the removal, amid which the documents were copied, as well', async () => {
    const place = await sealedPlace(database);
    const all = await storedCycles(database, place);
    await place.sealAll();
    const lines: Document[] = await manifest(place).find().toArray();
    await documents(place).deleteMany({ turn: { $lte: 3_000 } });
    const days = { aging: agingOf(place) };
    for (let round = 0; round < 8; round++) await place.sealing(days).run();
    expect(await manifest(place).countDocuments()).toBeGreaterThan(lines.length);
    expect(await storedCycles(database, place)).toStrictEqual(all);
    expect(await place.flaws()).toEqual([]);
  });

  it('with the manifest alone, from before the removal: nothing is lost, and it answers again', async () => {
    const place = await sealedPlace(database);
    const all = await storedCycles(database, place);
    await place.sealAll();
    const lines: Document[] = await manifest(place).find().toArray();
    await ageAll(place);
    await manifest(place).deleteMany({});
    await manifest(place).insertMany(lines);
    const open = await database.open(place.db.databaseName);
    const sealer = place.sealing({ ...open.history, aging: agingOf({ open }, { days: 0 }) });
    for (let round = 0; round < 8; round++) await sealer.run();
    expect(await storedCycles(database, place)).toStrictEqual(all);
    expect(await place.flaws()).toEqual([]);
  });
});
