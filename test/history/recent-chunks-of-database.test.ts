import { describe, expect, it } from 'vitest';
import type { Pair } from '../../src/domain/asset.js';
import { RecentChunks } from '../../src/history/recent-chunks.js';
import { useDatabase } from '../support/database.js';
import { PAIRS, PLENTY, told } from '../support/recent-turns.js';
import { sealedPlace, cyclesAt, SPARSE } from '../support/sealed.js';

describe('recent turns of a database', () => {
  const database = useDatabase();

  it('are as they are stored, in documents and in blocks', async () => {
    const place = await sealedPlace(database, cyclesAt(SPARSE));
    const { chunks } = place.open;
    const latestTurn = () => SPARSE.at(-1) as number;
    let epoch = 'documents';
    const recent = new RecentChunks({
      ...{ store: chunks, latestTurn, bytes: PLENTY },
      epoch: () => epoch,
    });
    const last = latestTurn();
    const pairs: Pair[] = [];
    for await (const chunk of chunks.chunks(1, last)) pairs.push(...chunk.listed);
    const stored = await told(chunks, 1, last, pairs);
    expect(stored).toHaveLength(SPARSE.length);
    expect(await told(recent, 1, last, pairs)).toEqual(stored);
    expect(await told(recent, 1, last, pairs)).toEqual(stored);
    await place.sealAll();
    epoch = 'blocks';
    expect(await told(recent, 2, last, pairs.slice(0, 1))).toHaveLength(SPARSE.length - 1);
    expect(await told(recent, 1, last, pairs)).toEqual(stored);
    for await (const chunk of recent.chunks(1, last)) {
      await chunk.load(pairs);
      expect(chunk.cost).toEqual({ blocks: 0, documents: 0, bytes: 0 });
    }
  });

  it('count all of a block of which they keep a part', async () => {
    const place = await sealedPlace(database, cyclesAt(SPARSE));
    await place.sealAll();
    const { chunks } = place.open;
    const kept = async (first: number, last: number) => {
      const latestTurn = () => SPARSE.at(-1) as number;
      const recent = new RecentChunks({
        store: chunks,
        latestTurn,
        epoch: () => '',
        bytes: PLENTY,
      });
      for await (const chunk of recent.chunks(first, last)) await chunk.load(PAIRS);
      return recent.bytes;
    };
    expect(await kept(2, 2)).toBe(await kept(1, 2_048));
  });
});
