import { describe, expect, it, onTestFinished } from 'vitest';
import { blockOf } from '../../src/history/blocks/block.js';
import { BlockRemoval } from '../../src/history/blocks/block-removal.js';
import { SealedBlocks } from '../../src/history/blocks/sealed-blocks.js';
import { DatabaseUnavailableError } from '../../src/history/database-unavailable.js';
import { MongoBlockStore } from '../../src/mongo/block-store.js';
import { connectDatabase } from '../../src/mongo/connect.js';
import { MongoCycleStore } from '../../src/mongo/cycle-store.js';
import { START } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { failing } from '../support/outage-of-writes.js';
import { sealedPlace, SPARSE } from '../support/sealed.js';
import { documents, manifest, parts, sealedBlocks } from '../support/sealed-collections.js';

const database = useDatabase();

describe('sealing', () => {
  it('has all complete blocks answer as their documents did, the newest sealed first', async () => {
    const place = await sealedPlace(database);
    const before = await place.known();
    expect([before.turns.length, before.blocks]).toEqual([SPARSE.length, 0]);
    await place.sealAll();
    expect((await manifest(place).find().toArray()).map(({ block }) => block as number)).toEqual([
      2, 1, 0,
    ]);
    const after = await place.known();
    expect(after.blocks).toBe(3);
    expect(after.turns).toStrictEqual(before.turns);
    expect(await place.flaws()).toEqual([]);
  });

  it('answers any part of a block', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    const { turns } = await place.known();
    for (const [first, last] of [
      [1, 1],
      [2, 2_048],
      [2_048, 2_049],
      [3_001, 6_145],
      [5_000, 6_000],
    ] as const) {
      const found: number[] = [];
      for await (const chunk of place.open.chunks.chunks(first, last)) found.push(...chunk.turns);
      const asked = SPARSE.filter((turn) => turn >= first && turn <= last);
      expect(found).toEqual(asked);
    }
    expect(turns).toHaveLength(SPARSE.length);
  });

  it('leaves out what is young, what is not complete, and what waits on disk', async () => {
    const place = await sealedPlace(database);
    const { ages } = place.open;
    const sealing = place.sealing({
      ages: {
        agesFrom: (turn, limit) => ages.agesFrom(turn, limit),
        databaseTime: () => Promise.resolve(START + 4_097_000 + 10 * 60_000),
      },
    });
    expect(await sealing.run()).toBe('SEALED');
    expect(await sealedBlocks(place)).toEqual([1]);
    const waiting = place.sealing({ backlog: { turns: [5_000] } });
    while ((await waiting.run()) === 'SEALED');
    expect(await sealedBlocks(place)).toEqual([0, 1]);
    expect(await place.sealing({ lease: { isHeld: false } }).run()).toBe('NOT_LEADING');
    expect(await sealedBlocks(place)).toEqual([0, 1]);
  });

  it('names the turns whose documents cannot be read, which stay documents', async () => {
    const place = await sealedPlace(database);
    await documents(place).updateOne({ turn: 3_001 }, { $set: { leadPrice: 7 } });
    const before = await place.known();
    await place.sealAll();
    const [entry] = (await place.open.history.sealed.counting()).filter(({ block }) => block === 1);
    expect(entry?.unreadable).toEqual([3_001]);
    expect(await place.known()).toStrictEqual({ ...before, blocks: 3 });
    expect(await place.flaws()).toEqual([]);
  });
});

describe('an attempt that comes to no end', () => {
  it('may have published its block: that is confirmed to be durable before it counts', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    const whole = await connectDatabase({
      ...{ uri: database.engine.uri, name: place.db.databaseName, kind: 'EMBEDDED' },
      setUp: () => Promise.resolve(),
      mayBeAway: () => false,
    });
    onTestFinished(() => whole.close());
    const blocks = new MongoBlockStore(whole);
    const config = place.db.collection<{ _id: string }>('config');
    for (const entry of await blocks.entries(1)) {
      await config.deleteOne({ _id: 'confirmed' });
      expect(await blocks.publish(entry)).toBe(true);
      expect(await config.findOne({ _id: 'confirmed' })).not.toBeNull();
      expect(await blocks.publish({ ...entry, hash: 'of another' })).toBe(false);
    }
  });

  it.each([
    ['that is not made', false],
    ['whose answer is lost', true],
  ])(
    'at any write %s leaves every answer as it was, and the next one completes',
    async (_, isMade) => {
      for (let writes = 0, isOver = false; !isOver; writes++) {
        const place = await sealedPlace(database);
        const before = await place.known();
        const whole = await connectDatabase({
          ...{ uri: database.engine.uri, name: place.db.databaseName, kind: 'EMBEDDED' },
          setUp: () => Promise.resolve(),
          mayBeAway: () => false,
        });
        const blocks = new MongoBlockStore(failing(whole, writes, isMade));
        const sealed = new SealedBlocks(blocks, new MongoCycleStore(whole));
        const sealing = place.sealing({
          blocks,
          sealed,
          removal: new BlockRemoval(blocks, sealed),
        });
        isOver = true;
        try {
          while ((await sealing.run()) === 'SEALED');
        } catch (error) {
          if (!(error instanceof DatabaseUnavailableError)) throw error;
          isOver = false;
        }
        // As if it had been killed amid what it wrote last.
        const [left] = await parts(place).find().sort({ _id: -1 }).toArray();
        const isPublished = (await manifest(place).countDocuments()) > 0;
        if (left && !isPublished) await parts(place).deleteOne({ _id: left._id });
        expect((await place.known()).turns).toStrictEqual(before.turns);
        await place.sealAll();
        expect(await place.known()).toStrictEqual({ ...before, blocks: 3 });
        expect(await place.flaws()).toEqual([]);
        const names = new Set(
          (await parts(place).find().toArray()).map(({ _id }) => _id.split('/')[1]),
        );
        expect(names.size).toBe(3);
        await whole.close();
      }
    },
  );

  it('of two at the same time leaves one chain', async () => {
    const place = await sealedPlace(database);
    const before = await place.known();
    const other = await database.open(place.db.databaseName);
    const sealers = [place.sealing(), place.sealing(other.history)];
    for (let round = 0; round < 8; round++) {
      await Promise.all(sealers.map((sealer) => sealer.run()));
    }
    await place.sealAll();
    expect((await place.known()).turns).toStrictEqual(before.turns);
    expect(await sealedBlocks(place)).toEqual([0, 1, 2]);
    expect(await place.flaws()).toEqual([]);
  });
});

describe('blocks whose cycles are removed', () => {
  it('go with a purge', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    await place.open.cycles.removeThrough(6_146);
    expect((await place.known()).turns).toEqual([]);
    expect([await parts(place).countDocuments(), await sealedBlocks(place)]).toEqual([0, []]);
    expect(await place.flaws()).toEqual([]);
  });

  it('go for their age as a whole; one of which some turns remain stays, and agrees with them', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    const { turns } = await place.known();
    while ((await place.open.cycles.removeOldest(3_001, 2)) === 2);
    expect(await sealedBlocks(place)).toEqual([1, 2]);
    expect((await place.known()).turns.slice(-7)).toStrictEqual(turns.slice(-7));
    const sealer = place.sealing();
    for (let round = 0; round < 4; round++) expect(await sealer.run()).toBe('NOTHING');
    expect(await sealedBlocks(place)).toEqual([1, 2]);
    expect(await place.flaws()).toEqual([]);
  });
});

describe('a block', () => {
  it('belongs to the turns that its number says', () => {
    expect([1, 2_048, 2_049, 4_096, 4_097].map(blockOf)).toEqual([0, 0, 1, 1, 2]);
  });
});
