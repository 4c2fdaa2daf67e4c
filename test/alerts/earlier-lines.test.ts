import { expect, it } from 'vitest';
import { EarlierLines } from '../../src/alerts/earlier-lines.js';
import type { Cycle } from '../../src/domain/cycle.js';
import type { Line } from '../../src/domain/series/line.js';
import { MINUTE, SECOND } from '../../src/domain/series/span.js';
import type { CycleRange } from '../../src/history/cycle-store.js';
import { LineTurns } from '../../src/history/line-turns.js';
import type { StoredCycle } from '../../src/history/stored-cycle.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { Place } from '../support/dry-run-place.js';
import { historyOf, universeOf } from '../support/history.js';

const LINES: readonly Line[] = [
  {
    ...{ kind: 'WINDOW', window: 'CORRELATION', base: 'BTC', quote: 'ETH', in: 'USDT' },
    ...{ over: 5 * MINUTE, step: 30 * SECOND, lag: 1 },
  },
  { kind: 'CELL', matrix: 'ID_BENCHMARK', base: 'BTC', quote: 'USDT' },
  { kind: 'ASSET', figure: 'VOLATILITY', asset: 'BTC', in: 'USDT', over: 5 * MINUTE, step: MINUTE },
  { kind: 'STRATEGY', figure: 'SHIFT' },
];

/** What is read of each line: moments with values, in order. */
async function readBy(
  earlier: EarlierLines,
  lines: readonly Line[],
  since: number,
  before: number,
) {
  const found: [number, number | null][][] = lines.map(() => []);
  for await (const { observedAt, values } of earlier.read(lines, since, before, UNPACED)) {
    values.forEach((column, place) =>
      observedAt.forEach((at, index) => {
        const value = column?.[index] ?? NaN;
        if (column && !Number.isNaN(at))
          found[place]?.push([at, Number.isNaN(value) ? null : value]);
      }),
    );
  }
  return found;
}

function withTurns(store: CyclesInMemory, cycles: readonly StoredCycle[]) {
  return {
    range: (range: CycleRange) => store.range(range),
    byTurns: (turns: readonly number[]) =>
      Promise.resolve(cycles.filter(({ turn }) => turns.includes(turn))),
  };
}

it('are what each cycle answers, and lines over windows are read in columns too', async () => {
  const place = new Place(1);
  const { store } = place;
  const earlier = new EarlierLines({
    ...{ chunks: store, lines: new LineTurns({ cycles: store, chunks: store }) },
    cycles: withTurns(store, place.cycles),
    values: { valuesAt: () => Promise.reject(new Error('a cycle was asked by itself')) },
  });
  const course = await place.turnsOf(LINES[0] as Line);
  const [first, last] = [course[25]!, course[200]!];
  const found = await readBy(earlier, LINES, first.observedAt, last.turn);
  for (const [at, line] of LINES.entries()) {
    const turns = await place.turnsOf(line);
    const expected = turns
      .filter(({ turn, observedAt }) => turn >= first.turn && turn < last.turn && observedAt > 0)
      .map(({ observedAt, value }) => [observedAt, value]);
    expect(expected.length).toBeGreaterThan(100);
    expect(found[at]).toEqual(expected);
  }
});

it('are worked out cycle by cycle where the clock has leapt so far that windows would take too much memory', async () => {
  const cycles = historyOf(universeOf(2), 4).map((cycle): Cycle => {
    const observedAt = cycle.turn === 2 ? 8e15 : cycle.frame.observedAt;
    return { ...cycle, frame: { ...cycle.frame, observedAt } };
  });
  const store = new CyclesInMemory(cycles, 32);
  const earlier = new EarlierLines({
    ...{ chunks: store, lines: new LineTurns({ cycles: store, chunks: store }) },
    cycles: withTurns(store, cycles),
    values: { valuesAt: ({ turn }) => Promise.resolve([turn]) },
  });
  const line: Line = {
    ...{ kind: 'ASSET', figure: 'VOLATILITY', asset: 'BTC', in: 'USDT' },
    ...{ over: 3 * SECOND, step: SECOND },
  };
  const [found] = await readBy(earlier, [line], 0, 4);
  expect(found?.map(([, value]) => value)).toEqual([1, 2, 3]);
});
