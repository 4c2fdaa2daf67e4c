import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pair } from '../../src/domain/asset.js';
import { RecentChunks } from '../../src/history/recent-chunks.js';
import { UnreadableCycle, type StoredCycle } from '../../src/history/stored-cycle.js';
import type { TurnChunk, TurnChunks } from '../../src/history/turn-chunk.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { historyOf, universeOf } from '../support/history.js';
import { PAIRS, PLENTY, told } from '../support/recent-turns.js';

const CYCLES = historyOf(universeOf(4), 60);
const OTHERS = historyOf(universeOf(5), 60);

/** Stored cycles, as documents or as blocks, which can be exchanged; counts what is read. */
class ChangingStore implements TurnChunks {
  cycles: StoredCycle[] = [];
  epoch = 0;
  latest = 0;
  reads = 0;
  isSealed = false;

  async *chunks(first: number, last: number): AsyncGenerator<TurnChunk> {
    this.reads++;
    const blocks = this.isSealed ? 1 : 0;
    for await (const chunk of new CyclesInMemory(this.cycles, 7).chunks(first, last)) {
      yield { ...chunk, cost: { blocks, documents: 1 - blocks, bytes: 1 } };
    }
  }

  recent(bytes = PLENTY): RecentChunks {
    const epoch = () => String(this.epoch);
    return new RecentChunks({ store: this, latestTurn: () => this.latest, epoch, bytes });
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'TURN' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'UNREADABLE' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'OTHER_UNIVERSE' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'UNANNOUNCED' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'SEAL' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('REWIND' as const), by: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('PURGE' as const), by: fc.nat(9) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('READ' as const),
      first: fc.integer({ min: 1, max: 40 }),
      turns: fc.integer({ min: 1, max: 40 }),
      pairs: fc.subarray([...PAIRS]),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe('recent turns in memory', () => {
  it('answer as the store does, whatever is announced, read, sealed, purged and taken back', async () => {
    const steps = fc.array(step, { minLength: 10, maxLength: 60 });
    const sizes = fc.constantFrom(0, 4_000, 40_000, PLENTY);
    const property = fc.asyncProperty(steps, sizes, async (all, bytes) => {
      const store = new ChangingStore();
      const recent = store.recent(bytes);
      for (const each of all) await take(each, store, recent);
      expect(recent.bytes).toBeLessThanOrEqual(bytes);
    });
    await fc.assert(property, { numRuns: 150, seed: 18 });
  });

  it('need no store once they were announced or read', async () => {
    const store = new ChangingStore();
    const recent = store.recent();
    store.cycles = CYCLES.slice(0, 40);
    for (const cycle of CYCLES.slice(20, 40)) {
      store.latest = cycle.turn;
      recent.add(cycle);
    }
    const costs = async () => {
      const all: unknown[] = [];
      for await (const chunk of recent.chunks(1, 40)) {
        await chunk.load(PAIRS);
        all.push(chunk.cost.documents);
      }
      return all;
    };
    expect(await costs()).toEqual([1, 1, 1, 0]);
    expect(store.reads).toBe(1);
    expect(await costs()).toEqual([0, 0, 0, 0]);
    expect(store.reads).toBe(1);
  });

  it('of sealed blocks keep the pairs that were asked for', async () => {
    const store = new ChangingStore();
    const recent = store.recent();
    store.cycles = CYCLES.slice(0, 7);
    store.latest = 7;
    store.isSealed = true;
    const load = async (pairs: readonly Pair[]) => {
      for await (const chunk of recent.chunks(1, 7)) await chunk.load(pairs);
      return store.reads;
    };
    expect(await load(PAIRS.slice(0, 1))).toBe(1);
    expect(await load(PAIRS.slice(0, 1))).toBe(1);
    expect(await load(PAIRS.slice(0, 2))).toBe(2);
    expect(await load(PAIRS.slice(0, 2))).toBe(2);
  });

  it('that lack the same are read in one go, beside each other, and told what was read once', async () => {
    const store = new ChangingStore();
    const recent = store.recent();
    store.cycles = CYCLES.slice(0, 42);
    store.latest = 42;
    store.isSealed = true;
    for await (const chunk of recent.chunks(1, 42)) await chunk.load(PAIRS.slice(0, 1));
    expect(store.reads).toBe(1);
    const blocks: number[] = [];
    for await (const chunk of recent.chunks(1, 42)) {
      await chunk.load(PAIRS.slice(0, 2));
      await chunk.load(PAIRS);
      blocks.push(chunk.cost.blocks);
    }
    expect(blocks).toEqual([1, 1, 1, 1, 1, 1]);
    expect(store.reads).toBe(2);
    expect(await told(recent, 1, 42)).toEqual(await told(store, 1, 42));
  });

  it('in several parts of what is stored as one have what is beside their frames read once', async () => {
    const store = new ChangingStore();
    const recent = store.recent();
    store.cycles = CYCLES.slice(0, 14);
    store.latest = 14;
    for (const [first, last] of [
      [1, 3],
      [4, 7],
    ] as const) {
      for await (const chunk of recent.chunks(first, last)) await chunk.load(PAIRS);
    }
    const { reads } = store;
    const records: unknown[] = [];
    for await (const chunk of recent.chunks(1, 7)) records.push(...(await chunk.records()));
    expect(store.reads).toBe(reads + 1);
    const stored: unknown[] = [];
    for await (const chunk of store.chunks(1, 7)) stored.push(...(await chunk.records()));
    expect(records).toEqual(stored);
  });

  it('keep the newest where not all fit', async () => {
    const store = new ChangingStore();
    const recent = store.recent(8_000);
    store.cycles = [...CYCLES];
    for (const cycle of CYCLES) {
      store.latest = cycle.turn;
      recent.add(cycle);
    }
    expect(await told(recent, 1, 60)).toEqual(await told(store, 1, 60));
    const { reads } = store;
    for await (const chunk of recent.chunks(55, 60)) await chunk.load(PAIRS);
    expect(store.reads).toBe(reads);
    for await (const chunk of recent.chunks(1, 60)) await chunk.load(PAIRS);
    expect(store.reads).toBe(reads + 1);
  });

  it('do not keep what was read while turns were taken back', async () => {
    const store = new ChangingStore();
    const recent = store.recent();
    store.cycles = CYCLES.slice(0, 20);
    store.latest = 20;
    for await (const chunk of recent.chunks(1, 20)) {
      if (chunk.turns[0] === 1) store.epoch++;
    }
    store.cycles = OTHERS.slice(0, 20);
    expect(await told(recent, 1, 20)).toEqual(await told(store, 1, 20));
  });
});

async function take(each: Step, store: ChangingStore, recent: RecentChunks): Promise<void> {
  const next = (store.cycles.at(-1)?.turn ?? 0) + 1;
  switch (each.kind) {
    case 'READ': {
      const { first, turns, pairs } = each;
      const last = Math.min(first + turns, store.latest);
      expect(await told(recent, first, last, pairs)).toEqual(await told(store, first, last, pairs));
      return;
    }
    case 'SEAL':
      store.isSealed = !store.isSealed;
      return;
    case 'REWIND':
      store.cycles = store.cycles.slice(0, Math.max(0, store.cycles.length - each.by));
      store.latest = store.cycles.at(-1)?.turn ?? 0;
      store.epoch++;
      return;
    case 'PURGE':
      store.cycles = store.cycles.slice(each.by);
      store.epoch++;
      return;
    default: {
      const from = each.kind === 'OTHER_UNIVERSE' ? OTHERS : CYCLES;
      const cycle = from[next - 1];
      if (!cycle) return;
      const stored = each.kind === 'UNREADABLE' ? new UnreadableCycle(next, 'damaged') : cycle;
      store.cycles = [...store.cycles, stored];
      store.latest = next;
      if (each.kind !== 'UNANNOUNCED') recent.add(stored);
    }
  }
}
