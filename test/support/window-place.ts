import { expect } from 'vitest';
import { CycleFigures, type Cycle } from '../../src/domain/cycle.js';
import { cellOf } from '../../src/domain/pair-table.js';
import { WINDOW_KINDS } from '../../src/domain/window/window-matrix.js';
import type { StoredCycle } from '../../src/history/stored-cycle.js';
import {
  WindowReader,
  type WindowMatrices,
  type WindowRequest,
} from '../../src/history/window-reader.js';
import { UNPACED, type Pace } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from './chunks-of.js';
import { historyOf, universeOf } from './history.js';

/** The assets of all turns. */
export const UNIVERSE = universeOf(9);
/** How many turns there are. */
export const COUNT = 130;
/** Of a bucket; turns are a second apart. */
export const SPAN = 10_000;
/** All turns. */
export const cycles = historyOf(UNIVERSE, COUNT);
const figures = new Map(cycles.map((cycle) => [cycle.turn, new CycleFigures(cycle)]));

/** A reader of windows over stored turns, and what it keeps of them is of an epoch. */
export function readerOf(stored: readonly StoredCycle[] = cycles) {
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
export function defined(
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

/** Holds a window against what is defined. @returns how many cells have a value */
export function expectTables(
  matrices: WindowMatrices,
  cellsOf: ReturnType<typeof defined>,
): number {
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
