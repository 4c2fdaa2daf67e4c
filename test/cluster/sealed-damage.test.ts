import type { Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { sealedPlace, SPARSE, type SealedPlace } from '../support/sealed.js';
import {
  documents,
  manifest,
  parts,
  sealedBlocks,
  UNCHECKED,
} from '../support/sealed-collections.js';

const database = useDatabase();

async function documentOf(place: SealedPlace, turn: number): Promise<Document> {
  return (await documents(place).findOne({ turn })) as Document;
}

function rest(document: Document): Document {
  const { _id, ...others } = document;
  return others;
}

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
});
