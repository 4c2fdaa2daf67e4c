import { expect, it } from 'vitest';
import type { Pair } from '../../src/domain/asset.js';
import type { Line } from '../../src/domain/series/line.js';
import { BackfillLayer } from '../../src/history/backfill/backfill-layer.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { START } from '../support/cycles.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const [FROM, TO] = [Math.floor(START / DAY) * DAY, (Math.floor(START / DAY) + 40) * DAY];
const PAIRS = Array.from({ length: 150 }, (_, n) => ({
  ...{ symbol: `A${n}USDT`, base: `A${n}`, quote: 'USDT' },
  ...{ from: FROM, to: TO },
}));

/** How many days of pairs were asked for each time, over some days of some pairs. */
async function askedFor(pairs: readonly Pair[], days: number): Promise<number[]> {
  const asked: number[] = [];
  const store = {
    pairs: () => Promise.resolve(PAIRS),
    days: (some: readonly Pair[], of: readonly number[]) => {
      asked.push(some.length * of.length);
      return Promise.resolve([]);
    },
  };
  const none = new CyclesInMemory([], 1);
  const reader = new SeriesReader({
    ...{ cycles: none, chunks: none, extent: none, clock: () => TO },
    backfill: new BackfillLayer({ store, epoch: () => '' }),
  });
  const lines = pairs.map(({ base, quote }): Line => ({
    kind: 'CELL',
    matrix: 'ID_BENCHMARK',
    base,
    quote,
  }));
  const range = {
    from: { at: FROM },
    to: { at: FROM + days * DAY },
    every: HOUR,
    maxPoints: 5_000,
  };
  await reader.read({ lines, ...range }, UNPACED);
  return asked.filter((count) => count > 0);
}

it('backfilled closes are read a few days of pairs at a time, and no day of a pair again that has none', async () => {
  const [one, ten, all] = [PAIRS.slice(0, 1), PAIRS.slice(0, 10), PAIRS];
  expect(await askedFor(one, 40)).toEqual([40]);
  expect(await askedFor(ten, 15)).toEqual([60, 60, 30]);
  expect(await askedFor(all, 2)).toEqual([64, 64, 22, 64, 64, 22]);
});
