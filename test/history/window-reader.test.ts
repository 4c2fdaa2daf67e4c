import { describe, expect, it } from 'vitest';
import { CycleFigures, type Cycle } from '../../src/domain/cycle.js';
import { cellOf } from '../../src/domain/pair-table.js';
import { WINDOW_KINDS } from '../../src/domain/window/window-matrix.js';
import { UnreadableCycle, type StoredCycle } from '../../src/history/stored-cycle.js';
import {
  WindowReader,
  type WindowMatrices,
  type WindowRequest,
} from '../../src/history/window-reader.js';
import { UNPACED, type Pace } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { historyOf, universeOf } from '../support/history.js';

const UNIVERSE = universeOf(9);
const COUNT = 130;
/** Turns are a second apart. */
const SPAN = 10_000;
const cycles = historyOf(UNIVERSE, COUNT);
const figures = new Map(cycles.map((cycle) => [cycle.turn, new CycleFigures(cycle)]));

function readerOf(stored: readonly StoredCycle[] = cycles) {
  const store = new CyclesInMemory(stored, 32);
  const state = { epoch: 'one' };
  const reader = new WindowReader({ cycles: store, chunks: store, epoch: () => state.epoch });
  const read = (
    turn: number,
    request: Partial<WindowRequest> = {},
    { prices = 1e9, pace = UNPACED }: { prices?: number; pace?: Pace } = {},
  ) => {
    const cycle = stored.find((each) => each.turn === turn) as Cycle;
    const whole = { cycle, numeraire: 'USDT', every: SPAN, length: 5, lag: 0, ...request };
    return reader.read(whole, { prices }, pace);
  };
  return { store, state, read };
}

/** By plain loops: the last price of each bucket, its returns, and what two of them have in common. */
function defined(
  stored: readonly StoredCycle[],
  turn: number,
  { numeraire, length, lag }: { numeraire: string; length: number; lag: number },
) {
  const readable = stored.filter((each): each is Cycle => !(each instanceof Error));
  const at = readable.find((each) => each.turn === turn) as Cycle;
  const open = Math.floor(at.frame.observedAt / SPAN);
  const priceIn = (asset: string, bucket: number): number | null => {
    let price: number | null = null;
    for (const cycle of readable) {
      if (cycle.turn > turn || Math.floor(cycle.frame.observedAt / SPAN) !== bucket) continue;
      const benchmark = (figures.get(cycle.turn) as CycleFigures).matrix('ID_BENCHMARK');
      price = cellOf(benchmark, asset, numeraire) ?? price;
    }
    return price;
  };
  const returnIn = (asset: string, bucket: number): number | null => {
    const [now, before] = [priceIn(asset, bucket), priceIn(asset, bucket - 1)];
    return now === null || before === null ? null : Math.log(now / before);
  };
  return (i: string, j: string) => {
    const pairs: [number, number][] = [];
    for (let bucket = open - length; bucket < open; bucket++) {
      const [a, b] = [returnIn(i, bucket), returnIn(j, bucket - lag)];
      if (a !== null && b !== null) pairs.push([a, b]);
    }
    const n = pairs.length;
    const sumOf = (of: (pair: [number, number]) => number) =>
      pairs.reduce((sum, pair) => sum + of(pair), 0);
    const [meanA, meanB] = [sumOf(([a]) => a) / n, sumOf(([, b]) => b) / n];
    const ab = sumOf(([a, b]) => (a - meanA) * (b - meanB));
    const aa = sumOf(([a]) => (a - meanA) ** 2);
    const bb = sumOf(([, b]) => (b - meanB) ** 2);
    const varies = (at: 0 | 1) => new Set(pairs.map((pair) => pair[at])).size > 1;
    return {
      n,
      CORRELATION: n < 3 || !varies(0) || !varies(1) ? null : ab / Math.sqrt(aa * bb),
      COVARIANCE: n < 3 ? null : ab / (n - 1),
      BETA: n < 3 || !varies(1) ? null : ab / bb,
    };
  };
}

async function expectDefined(
  stored: readonly StoredCycle[],
  turn: number,
  options: { numeraire: string; length: number; lag: number },
): Promise<number> {
  const matrices = await readerOf(stored).read(turn, options);
  return expectTables(matrices, defined(stored, turn, options));
}

/** @returns how many cells have a value */
function expectTables(matrices: WindowMatrices, cellsOf: ReturnType<typeof defined>): number {
  let count = 0;
  for (const i of UNIVERSE) {
    for (const j of UNIVERSE) {
      const expected = cellsOf(i, j);
      expect(cellOf(matrices.counts, i, j)).toBe(expected.n);
      for (const kind of WINDOW_KINDS) {
        const [value, wanted] = [cellOf(matrices.values[kind], i, j), expected[kind]];
        expect(value === null).toBe(wanted === null);
        expect(Math.abs((value ?? 0) - (wanted ?? 0))).toBeLessThanOrEqual(1e-12);
        if (value !== null) count++;
      }
    }
  }
  return count;
}

describe('a window', () => {
  it.each([
    [130, { numeraire: 'USDT', length: 5, lag: 0 }],
    [130, { numeraire: 'BNB', length: 10, lag: 1 }],
    [77, { numeraire: 'JPY', length: 4, lag: 2 }],
    // It begins before the first turn.
    [41, { numeraire: 'BTC', length: 30, lag: 0 }],
  ])('seen from turn %i, %j, is that of an independent program', async (turn, options) => {
    expect(await expectDefined(cycles, turn, options)).toBeGreaterThan(150);
  });

  it('has no figures of fewer than 3 returns, nor before the first closed bucket', async () => {
    expect(await expectDefined(cycles, 25, { numeraire: 'USDT', length: 5, lag: 0 })).toBe(0);
    expect(await expectDefined(cycles, 2, { numeraire: 'USDT', length: 5, lag: 0 })).toBe(0);
  });

  it('leaves out what cannot be read, and takes turns where the clock went back into their buckets', async () => {
    const odd = cycles.map((cycle): StoredCycle => {
      const { turn, frame } = cycle;
      if (turn >= 60 && turn < 72) return new UnreadableCycle(turn, 'damaged');
      if (turn !== 120) return cycle;
      return { ...cycle, frame: { ...frame, observedAt: frame.observedAt - 15_000 } };
    });
    expect(await expectDefined(odd, 130, { numeraire: 'USDT', length: 9, lag: 1 })).toBeGreaterThan(
      150,
    );
  });

  it('counts the buckets whose last rate of either asset was stale', async () => {
    const stale = cycles.map((cycle): Cycle => {
      // Those of turn 99 to 101 are: of a bucket's last turns, one.
      return cycle.turn >= 99 && cycle.turn <= 101 ? { ...cycle, staleAfterMs: -1 } : cycle;
    });
    const { staleCounts } = await readerOf(stale).read(130);
    const lasts = cycles.filter(
      ({ frame }, at) =>
        Math.floor(frame.observedAt / SPAN) !==
        Math.floor((cycles[at + 1]?.frame.observedAt ?? 0) / SPAN),
    );
    const expected = lasts.filter(({ turn }) => turn >= 99 && turn <= 101).length;
    expect(cellOf(staleCounts, 'BTC', 'ETH')).toBe(expected);
    expect(expected).toBe(1);
  });
});

describe('a window that is kept', () => {
  it('is read once for all turns until a bucket closes, whichever is asked first', async () => {
    const { store, read } = readerOf();
    const open = (turn: number) => Math.floor((cycles[turn - 1] as Cycle).frame.observedAt / SPAN);
    const first = await read(115);
    const loads = store.loads.length;
    expect(loads).toBeGreaterThan(0);
    const same = [112, 113, 116, 117].filter((turn) => open(turn) === open(115));
    expect(same.length).toBeGreaterThan(1);
    for (const turn of same) expect(await read(turn)).toBe(first);
    expect(store.loads).toHaveLength(loads);
    expect(await read(127)).not.toBe(first);
    expect(store.loads.length).toBeGreaterThan(loads);
  });

  it('is followed by the next one of which only later turns are read, as an independent program has it', async () => {
    const { read } = readerOf();
    const options = { numeraire: 'BNB', length: 6, lag: 1 };
    const first = (cycles[80] as Cycle).turn;
    await read(first, options);
    for (let turn = first + 1; turn <= COUNT; turn += 3) {
      // Enough for the turns of two buckets, and not for those of eight.
      const matrices = await read(turn, options, { prices: 20 * 27 });
      expectTables(matrices, defined(cycles, turn, options));
    }
  });

  it('is followed by a longer one as an independent program has it', async () => {
    const { read } = readerOf();
    await read(100, { length: 3 });
    const options = { numeraire: 'USDT', length: 8, lag: 0 };
    expectTables(await read(124, options), defined(cycles, 124, options));
  });

  it('goes on from what is kept beside a shorter one of the same buckets', async () => {
    const { read } = readerOf();
    await read(100, { length: 8 });
    for (const turn of [112, 124]) {
      for (const length of [3, 8]) {
        const options = { numeraire: 'USDT', length, lag: 0 };
        // Enough for the turns of two buckets, and not for those of a window.
        const matrices = await read(turn, options, { prices: 25 * 27 });
        expectTables(matrices, defined(cycles, turn, options));
      }
    }
  });

  it.each<[string, Partial<WindowRequest>]>([
    ['numeraire', { numeraire: 'BTC' }],
    ['length', { length: 6 }],
    ['lag', { lag: 1 }],
    ['span', { every: 5_000 }],
  ])('is another one of another %s', async (_what, request) => {
    const { read } = readerOf();
    const first = await read(115);
    expect(await read(115, request)).not.toBe(first);
    expect(await read(115)).toBe(first);
  });

  it('is read anew once what is stored has changed', async () => {
    const { state, read } = readerOf();
    const first = await read(115);
    state.epoch = 'other';
    expect(await read(115)).not.toBe(first);
  });

  it('is read anew once a turn has gone back into it', async () => {
    const open = (cycle: Cycle) => Math.floor(cycle.frame.observedAt / SPAN);
    const last = cycles[115] as Cycle;
    const back = cycles.map((cycle): Cycle => {
      const isBack = cycle.turn === 114;
      const observedAt = cycle.frame.observedAt - (isBack ? 20_000 : 0);
      return isBack ? { ...cycle, frame: { ...cycle.frame, observedAt } } : cycle;
    });
    expect(open(cycles[112] as Cycle)).toBe(open(last));
    const { read } = readerOf(back);
    const first = await read(113);
    const options = { numeraire: 'USDT', length: 5, lag: 0 };
    for (const turn of [116, 127]) {
      const matrices = await read(turn);
      expect(matrices).not.toBe(first);
      expectTables(matrices, defined(back, turn, options));
    }
  });

  it('is worked out for others where the first one gives up', async () => {
    const { read } = readerOf();
    const gone: Pace = { isSpent: true, next: () => Promise.reject(new Error('gone')) };
    const asked = [read(115, {}, { pace: gone }), read(115)];
    await expect(asked[0]).rejects.toThrow('gone');
    expect(cellOf((await asked[1])!.counts, 'BTC', 'ETH')).toBe(5);
    expect(await read(115)).toBe(await asked[1]);
  });

  it('is worked out once for all who ask where the first one gives up, and where it has changed', async () => {
    const { state, read } = readerOf();
    const gone: Pace = { isSpent: true, next: () => Promise.reject(new Error('gone')) };
    const givenUp = read(115, {}, { pace: gone });
    const others = Promise.all([read(115), read(115), read(115)]);
    await expect(givenUp).rejects.toThrow('gone');
    expect(new Set(await others).size).toBe(1);
    state.epoch = 'other';
    const changed = await Promise.all([read(115), read(115), read(115)]);
    expect(new Set([...changed, ...(await others)]).size).toBe(2);
  });

  it('lets others go first between the assets and between the rows', async () => {
    const { read } = readerOf();
    await read(115, { length: 6 });
    let pauses = 0;
    const pace: Pace = { isSpent: true, next: () => Promise.resolve(void pauses++) };
    // All prices are at hand.
    await read(115, { length: 5 }, { prices: 0, pace });
    expect(pauses).toBe(3 * UNIVERSE.length);
  });
});
