import { describe, expect, it } from 'vitest';
import { ChunksWithBacklog } from '../../src/durability/chunks-with-backlog.js';
import { DatabaseUnavailableError } from '../../src/history/database-unavailable.js';
import type { TurnChunk, TurnChunks } from '../../src/history/turn-chunk.js';
import { entries, setUp } from '../support/backlog.js';
import { chain } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();

/** Turns 1 to 6 stored, and some kept aside. */
async function place(kept: readonly number[]) {
  const { open } = await setUp(database);
  const { cycles, history } = await database.open();
  const made = chain(9);
  await cycles.saveAll(made.slice(0, 6));
  const backlog = await open();
  for (const entry of entries(made)) {
    if (kept.includes(entry.cycle.turn)) await backlog.append(entry);
  }
  const state = { isAway: false, onStored: (): Promise<void> => Promise.resolve() };
  const stored: TurnChunks = {
    async *chunks(first, last) {
      if (state.isAway) throw new DatabaseUnavailableError('away');
      yield* history.chunks.chunks(first, last);
      await state.onStored();
    },
  };
  const chunks = new ChunksWithBacklog(stored, cycles, backlog);
  const read = async (first: number, last: number): Promise<TurnChunk[]> => {
    const found: TurnChunk[] = [];
    for await (const chunk of chunks.chunks(first, last)) found.push(chunk);
    return found;
  };
  const turns = async (first: number, last: number): Promise<number[]> =>
    (await read(first, last)).flatMap((chunk) => [...chunk.turns]);
  return { made, cycles, backlog, state, read, turns };
}

describe('the stored turns as columns, while some are kept aside', () => {
  it('go on with those that are kept aside, in order', async () => {
    const { made, read, turns } = await place([7, 8, 9]);
    expect(await turns(1, 9)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await turns(5, 8)).toEqual([5, 6, 7, 8]);
    expect(await turns(8, 100)).toEqual([8, 9]);
    const kept = (await read(7, 9))[0] as TurnChunk;
    expect(kept.cost).toEqual({ blocks: 0, documents: 0, bytes: 0 });
    const [pair] = await kept.load(kept.listed);
    const prices = made.slice(6).map(({ frame }) => frame.tickers[0]?.last);
    expect([...(pair?.last ?? [])]).toEqual(prices);
    expect(await kept.records()).toEqual(made.slice(6).map(({ frame: _, ...record }) => record));
  });

  it('are there without the database where all that is asked for is kept aside', async () => {
    const { state, turns } = await place([7, 8, 9]);
    state.isAway = true;
    expect(await turns(7, 9)).toEqual([7, 8, 9]);
    await expect(turns(6, 9)).rejects.toThrow(DatabaseUnavailableError);
  });

  it('are all there where a file of an earlier turn was left behind', async () => {
    const { turns } = await place([2]);
    expect(await turns(3, 6)).toEqual([3, 4, 5, 6]);
    expect(await turns(2, 6)).toEqual([2, 3, 4, 5, 6]);
    expect(await turns(1, 6)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('miss nothing that is replayed between two parts of the reading', async () => {
    const { made, cycles, backlog, state, turns } = await place([7, 8]);
    state.onStored = async () => {
      await cycles.saveAll(made.slice(6, 8));
      for (const turn of [7, 8]) await backlog.remove(turn);
    };
    expect(await turns(1, 9)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
