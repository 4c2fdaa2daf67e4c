import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CycleFigures, type Cycle } from '../../src/domain/cycle.js';
import { AGGREGATES } from '../../src/domain/series/aggregate.js';
import {
  figureOfLine,
  lengthOfWindow,
  type Line,
  type WindowLine,
} from '../../src/domain/series/line.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import type { FigureOfWindow } from '../../src/domain/window/window-figures.js';
import { LineValues } from '../../src/history/line-values.js';
import type { SeriesLineData, SeriesRequest } from '../../src/history/series-data.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import { UnreadableCycle, type StoredCycle } from '../../src/history/stored-cycle.js';
import { WindowReader } from '../../src/history/window-reader.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { definedAggregates } from '../support/defined-series.js';
import { historyOf, universeOf } from '../support/history.js';

const UNIVERSE = universeOf(6);
const COUNT = 110;
/** Turns are a second apart. */
const STEP = 5_000;
const CYCLES = historyOf(UNIVERSE, COUNT);
/** When each turn was observed, also where it cannot be read. */
const TIMES = new Map(CYCLES.map(({ turn, frame }) => [turn, frame.observedAt]));
const moment = (text: string) => parseMoment(text) as Moment;

const window = (over: number, lag = 0, numeraire: string | null = 'BTC') =>
  ({ in: numeraire, over: over * STEP, step: STEP, lag }) as const;
const cells = (over: number, lag = 0, numeraire: string | null = 'BTC'): readonly WindowLine[] =>
  (['CORRELATION', 'COVARIANCE', 'BETA', 'CORRELATION'] as const).map((kind, at) => {
    const [base, quote] = [
      ['ETH', 'BNB'],
      ['DOGE', 'USDT'],
      ['ETH', 'ETH'],
      ['ETH', 'BTC'],
    ][at] as [string, string];
    return { kind: 'WINDOW', window: kind, base, quote, ...window(over, lag, numeraire) };
  });
const volatilities = (over: number, numeraire: string | null = 'BTC'): readonly WindowLine[] =>
  ['ETH', 'USDT', 'BTC'].map((asset) => {
    const { lag: _, ...own } = window(over, 0, numeraire);
    return { kind: 'ASSET', figure: 'VOLATILITY', asset, ...own };
  });

function place(stored: readonly StoredCycle[], chunkSize = 17) {
  const store = new CyclesInMemory(stored, chunkSize, TIMES);
  const read = (
    lines: readonly Line[],
    request: Partial<SeriesRequest> = {},
    limits: { mostReads?: number; mostReturns?: number } = {},
  ) => {
    const reader = new SeriesReader({
      ...{ cycles: store, chunks: store, extent: store, clock: () => 0 },
      ...limits,
    });
    const whole = {
      lines,
      from: moment('start'),
      to: moment('now'),
      every: 'turn',
      maxPoints: 500,
    };
    return reader.read({ ...whole, ...request } as SeriesRequest, UNPACED);
  };
  return { store, read };
}

const nulls = (column: Float64Array) => [...column].map((v) => (Number.isNaN(v) ? null : v));

/** What the cycle of each turn says; null where it cannot be asked. */
async function saidByCycles(stored: readonly StoredCycle[], line: WindowLine, numeraire = 'BTC') {
  const store = new CyclesInMemory(stored, 32);
  const windows = new WindowReader({ cycles: store, chunks: store, epoch: () => 'one' });
  const said: (FigureOfWindow | null)[] = [];
  for (const cycle of stored) {
    const own = line.kind === 'WINDOW' ? [line.base, line.quote] : [line.asset];
    const isIn =
      !(cycle instanceof Error) &&
      [...own, numeraire].every((each) => cycle.universe.includes(each));
    if (!isIn) {
      said.push(null);
      continue;
    }
    const request = { cycle, numeraire, ...lengthOfWindow(line) };
    const [figure] = await windows.figures(request, [figureOfLine(line)], { prices: 1e9 }, UNPACED);
    said.push(figure ?? null);
  }
  return said;
}

const valuesOf = (said: readonly (FigureOfWindow | null)[]) =>
  said.map((figure) => (figure === null || Number.isNaN(figure.value) ? null : figure.value));

/** Turns whose clock goes back, that cannot be read, are stale, or have another universe. */
const courses = fc
  .array(
    fc.record({
      turn: fc.nat(COUNT - 1),
      back: fc.constantFrom(0, 0, 2_000, 12_000, 40_000),
      isUnreadable: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
      isStale: fc.boolean(),
      lacks: fc.option(fc.constantFrom('ETH', 'BTC'), { freq: 2 }),
    }),
    { maxLength: 6 },
  )
  .map((odd) => {
    const stored: StoredCycle[] = [...CYCLES];
    for (const { turn, back, isUnreadable, isStale, lacks } of odd) {
      const cycle = CYCLES[turn] as Cycle;
      const { frame, universe } = cycle;
      stored[turn] = isUnreadable
        ? new UnreadableCycle(turn + 1, 'damaged')
        : {
            ...cycle,
            staleAfterMs: isStale ? -1 : 60_000,
            universe: lacks === null ? universe : universe.filter((each) => each !== lacks),
            frame: { ...frame, observedAt: frame.observedAt - back },
          };
    }
    return stored;
  });

async function whole(line: SeriesLineData): Promise<SeriesLineData> {
  await line.complete?.(UNPACED);
  return line;
}

describe('a series over windows', () => {
  it('has at each turn what the cycle says, to the last bit, with why there is none', async () => {
    const reasons = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        courses,
        fc.constantFrom(3, 5, 8),
        fc.constantFrom(0, 1, 3),
        fc.integer({ min: 1, max: 40 }),
        async (stored, over, lag, chunkSize) => {
          const { read } = place(stored, chunkSize);
          for (const lines of [cells(over, lag), volatilities(over)]) {
            const data = await read(lines);
            const turns = [...data.firstTurns];
            for (const [at, line] of lines.entries()) {
              const said = await saidByCycles(stored, line);
              const own = turns.map((turn) => said[turn - 1] ?? null);
              const found = await whole(data.lines[at] as SeriesLineData);
              expect(nulls(found.values('LAST'))).toEqual(valuesOf(own));
              expect([...found.staleCounts]).toEqual(
                own.map((figure) =>
                  Number(figure !== null && !Number.isNaN(figure.value) && figure.staleCount > 0),
                ),
              );
              const reasonAt = (turn: number) =>
                found.nulls.find(({ fromTurn, toTurn }) => turn >= fromTurn && turn <= toTurn)
                  ?.reason;
              turns.forEach((turn, index) => {
                const figure = own[index] ?? null;
                const cycle = stored[turn - 1];
                const reason =
                  cycle instanceof Error
                    ? 'UNREADABLE'
                    : figure === null
                      ? 'NOT_IN_UNIVERSE'
                      : !Number.isNaN(figure.value)
                        ? undefined
                        : figure.count < 3
                          ? 'TOO_FEW_RETURNS'
                          : 'NO_VALUE';
                expect(reasonAt(turn)).toBe(reason);
                reasons.add(String(reason));
              });
              expect(found.pathCount).toBeNull();
            }
          }
        },
      ),
      { numRuns: 12 },
    );
    expect([...reasons].sort()).toEqual(
      ['NOT_IN_UNIVERSE', 'NO_VALUE', 'TOO_FEW_RETURNS', 'UNREADABLE', 'undefined'].sort(),
    );
  });

  it('has in buckets what their turns come to', async () => {
    await fc.assert(
      fc.asyncProperty(courses, fc.constantFrom(2_000, 15_000, 60_000), async (stored, every) => {
        const { read } = place(stored);
        const lines = cells(4, 1);
        const data = await read(lines, { every, from: moment('start+31s') });
        for (const [at, line] of lines.entries()) {
          const said = await saidByCycles(stored, line);
          const found = data.lines[at] as SeriesLineData;
          const own = [...data.starts].map((start) =>
            stored.flatMap((cycle, place) => {
              if (cycle instanceof Error) return [];
              const { observedAt } = cycle.frame;
              if (observedAt < start || observedAt >= start + every) return [];
              const [value] = valuesOf([said[place] ?? null]);
              return value === null || value === undefined ? [] : [value];
            }),
          );
          // The last values are there before anything else is worked out.
          expect(nulls(found.values('LAST'))).toEqual(own.map((each) => each.at(-1) ?? null));
          await whole(found);
          for (const of of AGGREGATES) {
            expect(nulls(found.values(of))).toEqual(
              own.map((each) => definedAggregates[of]?.(each)),
            );
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  it('is what is asked of a cycle live, in the quant base of the newest turn where nothing is said', async () => {
    const store = new CyclesInMemory(CYCLES, 32);
    const windows = new WindowReader({ cycles: store, chunks: store, epoch: () => 'one' });
    const values = new LineValues({ windows, load: () => Promise.resolve(null) });
    const lines = [...cells(6, 0, null)];
    const data = await place(CYCLES).read(lines);
    expect(data.in).toBe('USDT');
    for (const turn of [70, 71, 72, 110]) {
      const live = await values.valuesAt(new CycleFigures(CYCLES[turn - 1] as Cycle), lines);
      expect(live).toEqual(data.lines.map((line) => nulls(line.values('LAST'))[turn - 1]));
    }
    expect(nulls((data.lines[0] as SeriesLineData).values('LAST')).at(-1)).not.toBeNull();
  });

  it('reads its pairs once, from the bucket before the first return on', async () => {
    const { store, read } = place(CYCLES);
    const data = await read(cells(4, 1), { from: moment('start+80s'), every: 10_000 });
    expect(new Set(store.loads)).toEqual(new Set(['ETHBTC', 'BNBBTC', 'DOGEBTC', 'BTCUSDT']));
    // Its first turn is 81; six buckets, and what lies before it in its own.
    const { turns } = data.plan;
    expect(turns).toBeGreaterThan(30 + 6 * 5);
    expect(turns).toBeLessThanOrEqual(30 + 10 + 7 * 5);
  });

  it('of a range without turns has buckets without values', async () => {
    const apart = CYCLES.map((cycle): Cycle => {
      const { turn, frame } = cycle;
      const observedAt = frame.observedAt + (turn > 60 ? 600_000 : 0);
      return { ...cycle, frame: { ...frame, observedAt } };
    });
    const range = { from: moment('start+200s'), to: moment('start+300s'), every: 10_000 };
    const data = await place(apart).read(cells(4), range);
    const line = await whole(data.lines[0] as SeriesLineData);
    expect(nulls(line.values('LAST'))).toEqual([...data.starts].map(() => null));
    expect([...line.values('COUNT')]).toEqual([...data.starts].map(() => 0));
    expect(data.starts.length).toBeGreaterThanOrEqual(10);
  });

  it('has all lines over one window, and none of turns', async () => {
    const { read } = place(CYCLES);
    await expect(read([...cells(4), ...cells(5)])).rejects.toThrow('several windows');
    const price = { kind: 'ASSET', figure: 'PRICE', asset: 'ETH', in: 'BTC' } as const;
    await expect(read([...cells(4), price])).rejects.toThrow('another answer');
  });
});
