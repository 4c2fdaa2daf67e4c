import type { Document } from 'mongodb';
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
import { cyclesAt, sealedPlace, SPARSE, type SealedPlace } from '../support/sealed.js';

const database = useDatabase();
/** Writes what no program of ours would. */
const UNCHECKED = { bypassDocumentValidation: true };

const manifest = ({ db }: SealedPlace) => db.collection('history_manifest');
const parts = ({ db }: SealedPlace) => db.collection<{ _id: string }>('history_blocks');
const documents = ({ db }: SealedPlace) => db.collection('cycle_matrices');

async function sealedBlocks(place: SealedPlace): Promise<number[]> {
  return (await place.open.history.sealed.counting()).map(({ block }) => block);
}

async function documentOf(place: SealedPlace, turn: number): Promise<Document> {
  return (await documents(place).findOne({ turn })) as Document;
}

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

describe('verification', () => {
  it('names a bit that was flipped, in any part of a block', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    const all = await parts(place).find({}, { promoteBuffers: true }).toArray();
    expect(all.length).toBeGreaterThan(9);
    for (const part of all) {
      const { columns } = part as unknown as { columns: Record<string, Buffer> };
      const [name, bytes] = Object.entries(columns).at(-1) as [string, Buffer];
      const flipped = Buffer.from(bytes);
      flipped[flipped.length - 1] = (flipped[flipped.length - 1] as number) ^ 1;
      await parts(place).replaceOne(
        { _id: part._id },
        { ...rest(part), columns: { ...columns, [name]: flipped } },
      );
      const flaws = await place.flaws();
      expect(flaws.map(({ code, block }) => [code, block])).toEqual([
        ['BLOCK_DAMAGED', Number(part._id.split('/')[0])],
      ]);
      await parts(place).replaceOne({ _id: part._id }, rest(part));
    }
    expect(await place.flaws()).toEqual([]);
  });

  it('names a turn that is missing, a document that differs, and one that was put in between', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    const original = await documentOf(place, 3_000);
    await documents(place).deleteOne({ turn: 3_000 });
    const named = async () => (await place.flaws()).map(({ code, turn }) => [code, turn]);
    expect(await named()).toEqual([['DOCUMENT_MISSING', 3_000]]);
    await documents(place).insertOne({ ...original, leadPrice: 8 }, UNCHECKED);
    expect(await named()).toEqual([['DIFFERS', 3_000]]);
    await documents(place).updateOne({ turn: 3_000 }, { $set: { turn: 3_002 } }, UNCHECKED);
    expect(await named()).toEqual(
      [
        ['DOCUMENT_MISSING', 3_000],
        ['NOT_IN_BLOCK', 3_002],
      ].sort(),
    );
  });

  it('names two blocks that were exchanged, and lines of the manifest that were', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    const [one, other] = (await manifest(place)
      .find()
      .sort({ _id: 1 })
      .toArray()) as Document[] as [Document, Document];
    const inBlock = (line: Document, part: string) =>
      `${String(line['block']).padStart(7, '0')}/${String(line['name'])}/${part}`;
    for (const part of ['turns', 'records', 'volumes', 'pair.0']) {
      const ids = [inBlock(one, part), inBlock(other, part)];
      const [first, second] = await Promise.all(ids.map((_id) => parts(place).findOne({ _id })));
      await parts(place).replaceOne({ _id: ids[0] as string }, rest(second as Document));
      await parts(place).replaceOne({ _id: ids[1] as string }, rest(first as Document));
      expect((await place.flaws()).map(({ code, block }) => [code, block])).toEqual([
        ['BLOCK_DAMAGED', 2],
        ['BLOCK_DAMAGED', 1],
      ]);
      await parts(place).replaceOne({ _id: ids[0] as string }, rest(first as Document));
      await parts(place).replaceOne({ _id: ids[1] as string }, rest(second as Document));
    }
    expect(await place.flaws()).toEqual([]);
    await manifest(place).replaceOne({ _id: one['_id'] as never }, rest(other));
    await manifest(place).replaceOne({ _id: other['_id'] as never }, rest(one));
    const codes = (await place.flaws()).map(({ code, line }) => `${line} ${code}`);
    expect(codes).toEqual(
      expect.arrayContaining([
        '1 LINE_CHANGED',
        '2 LINE_CHANGED',
        '2 CHAIN_BROKEN',
        '3 CHAIN_BROKEN',
      ]),
    );
    await manifest(place).deleteOne({ _id: one['_id'] as never });
    expect((await place.flaws()).map(({ code }) => code)).toContain('LINE_MISSING');
  });
});

describe('a block that is damaged', () => {
  it('leaves the answers to the documents, is warned of, and is sealed again', async () => {
    const place = await sealedPlace(database);
    const before = await place.known();
    await place.sealAll();
    await parts(place).deleteMany({ _id: /^0000001.*pair/ as never });
    expect((await place.known()).turns).toStrictEqual(before.turns);
    expect(place.open.damage.warnings.join()).toContain('block 1 is damaged');
    expect((await place.known()).blocks).toBe(2);
    await place.sealAll();
    expect(place.open.damage.warnings).toEqual([]);
    expect(await place.known()).toStrictEqual({ ...before, blocks: 3 });
    expect(await place.flaws()).toEqual([]);
    await parts(place).deleteMany({ _id: /^0000001.*turns/ as never });
    expect(await place.known()).toStrictEqual({ ...before, blocks: 2 });
  });

  it('is not one that another instance took away', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    const before = await place.known();
    const other = await database.open(place.db.databaseName);
    const known = async () => {
      const turns: number[] = [];
      for await (const chunk of other.chunks.chunks(1, Infinity)) turns.push(...chunk.turns);
      return turns;
    };
    expect(await known()).toEqual(SPARSE);
    const taken = (await place.open.history.sealed.all()).filter(({ block }) => block === 1);
    await place.open.history.removal.these(taken);
    expect(await known()).toEqual(SPARSE);
    expect(other.damage.warnings).toEqual([]);
    await place.sealAll();
    expect(await place.known()).toStrictEqual(before);
    expect(await known()).toEqual(SPARSE);
    expect(other.damage.warnings).toEqual([]);
  });

  it('is not one beside whose turns a document between two turns was put', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    const document = await documentOf(place, 3_000);
    const between = { ...rest(document), turn: 3_000.5 };
    await documents(place).insertOne(between, UNCHECKED);
    const lines = await manifest(place).countDocuments();
    for (let round = 0; round < 4; round++) await place.sealing().run();
    await place.sealAll();
    expect(await manifest(place).countDocuments()).toBe(lines);
    expect(await sealedBlocks(place)).toEqual([0, 1, 2]);
  });

  it('belongs to the turns that its number says', () => {
    expect([1, 2_048, 2_049, 4_096, 4_097].map(blockOf)).toEqual([0, 0, 1, 1, 2]);
  });
});

function rest(document: Document): Document {
  const { _id, ...others } = document;
  return others;
}
