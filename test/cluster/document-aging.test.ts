import { describe, expect, it } from 'vitest';
import { SealedBlocks } from '../../src/history/blocks/sealed-blocks.js';
import { DatabaseUnavailableError } from '../../src/history/database-unavailable.js';
import { MongoBlockStore } from '../../src/mongo/block-store.js';
import { connectDatabase } from '../../src/mongo/connect.js';
import { MongoCycleRewrite } from '../../src/mongo/cycle-rewrite.js';
import { MongoCycleStore } from '../../src/mongo/cycle-store.js';
import { bringUpToDate, MIGRATIONS } from '../../src/mongo/migrations.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { failing } from '../support/outage-of-writes.js';
import { ageAll, agingOf, sealedPlace, SPARSE } from '../support/sealed.js';
import {
  documents,
  manifest,
  NEWEST,
  parts,
  storedCycles,
  turnsOfDocuments,
  UNCHECKED,
} from '../support/sealed-collections.js';

const database = useDatabase();

describe('documents that are old', () => {
  it('go once they are sealed, oldest first, and every answer stays', async () => {
    const place = await sealedPlace(database);
    const [all, known] = [await storedCycles(database, place), await place.known()];
    expect(await ageAll(place)).toBe(0);
    await place.sealAll();
    const aging = agingOf(place);
    await aging.run(() => true, UNPACED);
    expect((await turnsOfDocuments(place))[0]).toBe(1);
    await aging.run(() => true, UNPACED);
    expect((await turnsOfDocuments(place))[0]).toBe(2_049);
    await ageAll(place);
    expect(await turnsOfDocuments(place)).toEqual(NEWEST);
    expect(await storedCycles(database, place)).toStrictEqual(all);
    expect((await place.known()).turns).toStrictEqual(known.turns);
    expect(await place.flaws()).toEqual([]);
    const sealer = place.sealing();
    for (let round = 0; round < 5; round++) expect(await sealer.run()).toBe('NOTHING');
    expect(await storedCycles(database, place)).toStrictEqual(all);
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
    const all = await storedCycles(database, place);
    await place.sealAll();
    await agingOf(place).run(() => true, UNPACED);
    await documents(place).updateOne({ turn: 2 }, { $set: { leadPrice: 7 } }, UNCHECKED);
    await ageAll(place);
    expect(await turnsOfDocuments(place)).toEqual([2, ...NEWEST]);
    // What is in the block is what was committed.
    expect(await storedCycles(database, place)).toStrictEqual(all);
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
        const all = await storedCycles(database, place);
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
        expect(await storedCycles(database, place)).toStrictEqual(all);
        const sealer = place.sealing();
        for (let round = 0; round < 4; round++) await sealer.run();
        await ageAll(place);
        expect(await turnsOfDocuments(place)).toEqual(NEWEST);
        expect(await storedCycles(database, place)).toStrictEqual(all);
        expect(await place.flaws()).toEqual([]);
        await whole.close();
      }
    },
  );
});
